// Generates C = A · B or C += A · B for matrices of any strides, with an optional bias and activation at the end: blocks of
// A and B are packed so that they stay in the caches, and multiplied tile by tile; an A that meets few columns is not worth
// packing. One thread; whoever splits the work over threads gives each a part of C and scratch space of its own.

import {
  type FunctionBuilder,
  integers,
  type Local,
  load,
  type MemoryType,
  ModuleBuilder,
  type Value,
} from "../assembler/index.ts";
import { roundUp } from "../starts.ts";
import { definePack } from "./pack.ts";
import { defineTile, type Epilogue, type Lhs, type RegisterTile, type TileShape } from "./register-tile.ts";

/** What stays in which cache: `kc` × one panel of B in the first, `mc` × `kc` of A in the second, `kc` × `nc` of B in the third. */
export interface Blocking {
  readonly mc: number;
  readonly nc: number;
  readonly kc: number;
}

export interface MatmulPlan {
  readonly tile: TileShape;
  readonly blocking: Blocking;
  readonly epilogue: Epilogue;
  readonly lhs: Lhs;
}

/** 15 of 16 registers, 128 bits wide each; pairs of vectors where V8 makes 256-bit operations of them. Measured: ARCHITECTURE.md. */
export const tiles = { plain: { rows: 6, vectors: 2 }, revectorized: { rows: 6, vectors: 4 } } as const;

/** The tile that modules of this library multiply fastest with. */
export function tilesFor({ isRevectorized }: { readonly isRevectorized: boolean }): TileShape {
  return isRevectorized ? tiles.revectorized : tiles.plain;
}

export const noEpilogue: Epilogue = { bias: "none" };

export function planFor(tile: TileShape, epilogue: Epilogue = noEpilogue, lhs: Lhs = "packed"): MatmulPlan {
  const columns = tile.vectors * 4;
  return { tile, epilogue, lhs, blocking: { mc: tile.rows * 24, nc: columns * 64, kc: 256 } };
}

/** Panels of B for which A is read where it lies: packed it would be read as often, but laid down first. Measured. */
const fewPanels = 8;

/** How to read an A of these strides, in elements, for a product with `n` columns. */
export function lhsFor(
  { vectors }: TileShape,
  n: number,
  { rowStride, columnStride }: { readonly rowStride: number; readonly columnStride: number },
): Lhs {
  if (n > fewPanels * vectors * 4) return "packed";
  return columnStride === 1 ? "rows" : rowStride === 1 ? "columns" : "packed";
}

/**
 * The exported function, for `rows` rows of `count` products. Addresses, steps from product to product and from row to row, and
 * `scratch` are in bytes, strides in elements; `accumulate` is 0 or 1.
 */
export type Matmul = (
  rows: number,
  aRowStep: number,
  bRowStep: number,
  cRowStep: number,
  count: number,
  aStep: number,
  bStep: number,
  cStep: number,
  m: number,
  n: number,
  k: number,
  a: number,
  aRowStride: number,
  aColumnStride: number,
  b: number,
  bRowStride: number,
  bColumnStride: number,
  c: number,
  cRowStride: number,
  accumulate: number,
  bias: number,
  scratch: number,
) => void;

/** Bytes of scratch space that a call needs. */
export function scratchBytesOf({ tile, blocking: { mc, nc, kc } }: MatmulPlan): number {
  const columns = tile.vectors * 4;
  return 4 * (roundUp(mc, tile.rows) * kc + roundUp(nc, columns) * kc + tile.rows * columns);
}

/** A module that exports `matmul`, of an A that lies as the plan says. With k = 0 C becomes 0, or stays if `accumulate`, and meets the epilogue as ever. */
export function matmulModule(memory: MemoryType, plan: MatmulPlan): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder(memory);
  defineMatmul(module, "matmul", plan);
  return module.encode();
}

export function defineMatmul(module: ModuleBuilder, name: string, plan: MatmulPlan): void {
  const { tile, blocking, epilogue, lhs } = plan;
  const { mc, nc, kc } = blocking;
  const columns = tile.vectors * 4;
  const kernel = defineTile(module, tile, epilogue, lhs);
  const packA = definePack(module, "pack rows", tile.rows);
  const packB = definePack(module, "pack columns", columns);
  const multiplyBlock = defineBlock(module, plan, kernel);
  const parameters = integers(
    "m",
    "n",
    "k",
    "a",
    "aRow",
    "aColumn",
    "b",
    "bRow",
    "bColumn",
    "c",
    "cRow",
    "accumulate",
    "bias",
    "scratch",
  );
  const product = module.function(
    "product",
    parameters,
    (f, { m, n, k, a, aRow, aColumn, b, bRow, bColumn, c, cRow, accumulate, bias, scratch }) => {
      for (const stride of [aRow, aColumn, bRow, bColumn, cRow]) stride.set(stride.shl(2));
      const blockOfA = scratch;
      const blockOfB = f.local("i32", scratch.add(4 * roundUp(mc, tile.rows) * kc));
      const spare = f.local("i32", blockOfB.add(4 * roundUp(nc, columns) * kc));
      const [i, j, p] = [f.local("i32"), f.local("i32"), f.local("i32")];
      const [height, width, depth] = [f.local("i32"), f.local("i32"), f.local("i32")];
      f.for(j, 0, n, nc, () => {
        width.set(smaller(f, n.sub(j), nc));
        p.set(0);
        f.loop((nextDepth) => {
          depth.set(smaller(f, k.sub(p), kc));
          f.call(packB, {
            to: blockOfB,
            from: b.add(p.mul(bRow)).add(j.mul(bColumn)),
            lines: width,
            k: depth,
            lineBytes: bColumn,
            elementBytes: bRow,
          });
          f.for(i, 0, m, mc, () => {
            height.set(smaller(f, m.sub(i), mc));
            const from = f.local("i32", a.add(i.mul(aRow)).add(p.mul(aColumn)));
            if (lhs === "packed") {
              const lines = { from, lines: height, k: depth, lineBytes: aRow, elementBytes: aColumn };
              f.call(packA, { to: blockOfA, ...lines });
            }
            f.call(multiplyBlock, {
              height,
              width,
              k: depth,
              a: lhs === "packed" ? blockOfA : from,
              aBytes: lhs === "columns" ? aColumn : aRow,
              b: blockOfB,
              c: c.add(i.mul(cRow)).add(j.shl(2)),
              rowBytes: cRow,
              add: accumulate.or(p.gt(0)),
              finish: p.add(depth).ge(k),
              bias: bias.add((epilogue.bias === "row" ? i : j).shl(2)),
              spare,
            });
          });
          p.increase(kc);
          f.branchIf(p.lt(k), nextDepth);
        });
      });
    },
  );
  const outer = integers("rows", "aRowStep", "bRowStep", "cRowStep");
  const inner = integers("count", "aStep", "bStep", "cStep");
  module.export(name, { ...outer, ...inner, ...parameters }, (f, p) => {
    const [left, a, b, c] = [f.local("i32"), f.local("i32"), f.local("i32"), f.local("i32")];
    f.whileTrue(
      () => p.rows.gt(0),
      () => {
        a.set(p.a);
        b.set(p.b);
        c.set(p.c);
        f.for(left, 0, p.count, 1, () => {
          f.call(product, { ...p, a, b, c });
          a.increase(p.aStep);
          b.increase(p.bStep);
          c.increase(p.cStep);
        });
        p.a.increase(p.aRowStep);
        p.b.increase(p.bRowStep);
        p.c.increase(p.cRowStep);
        p.rows.increase(-1);
      },
    );
  });
}

/** Multiplies a block of A by a packed block of B, tile by tile. */
function defineBlock(module: ModuleBuilder, { tile, epilogue, lhs }: MatmulPlan, kernel: RegisterTile) {
  const { rows, vectors } = tile;
  const columns = vectors * 4;
  const parameters = integers(
    "height",
    "width",
    "k",
    "a",
    "aBytes",
    "b",
    "c",
    "rowBytes",
    "add",
    "finish",
    "bias",
    "spare",
  );
  return module.function(
    "block",
    parameters,
    (f, { height, width, k, a, aBytes, b, c, rowBytes, add, finish, bias, spare }) => {
      const [i, j] = [f.local("i32"), f.local("i32")];
      const [panel, place, term] = [f.local("i32"), f.local("i32"), f.local("i32")];
      const [below, beside] = [f.local("i32"), f.local("i32")];
      f.for(j, 0, width, columns, () => {
        panel.set(a);
        place.set(c.add(j.shl(2)));
        beside.set(smaller(f, width.sub(j), columns));
        f.for(i, 0, height, rows, () => {
          below.set(smaller(f, height.sub(i), rows));
          term.set(bias.add((epilogue.bias === "row" ? i : j).shl(2)));
          const multiply = (to: Value<"i32">, toRowBytes: Value<"i32"> | number) =>
            f.call(kernel, {
              ...{ k, a: panel, aBytes, height: below, b },
              ...{ c: to, rowBytes: toRowBytes, add, finish, bias: term },
            });
          f.if(
            below.eq(rows).and(beside.eq(columns)),
            () => multiply(place, rowBytes),
            () => {
              f.if(add, () => copyTile(f, spare, columns * 4, place, rowBytes, below, beside));
              multiply(spare, columns * 4);
              copyTile(f, place, rowBytes, spare, columns * 4, below, beside);
            },
          );
          panel.increase({ packed: k.mul(rows * 4), rows: aBytes.mul(rows), columns: rows * 4 }[lhs]);
          place.increase(rowBytes.mul(rows));
        });
        b.increase(k.mul(columns * 4));
      });
    },
  );
}

/** Copies the part of a tile that is there. */
function copyTile(
  f: FunctionBuilder,
  to: Value<"i32">,
  toRowBytes: Value<"i32"> | number,
  from: Value<"i32">,
  fromRowBytes: Value<"i32"> | number,
  rows: Value<"i32">,
  columns: Value<"i32">,
): void {
  const [i, j] = [f.local("i32"), f.local("i32")];
  const [source, target] = [f.local("i32", from), f.local("i32", to)];
  const whole = f.local("i32", columns.and(-4));
  f.for(i, 0, rows, 1, () => {
    f.for(j, 0, whole, 4, () => f.store(target.add(j.shl(2)), load("f32x4", source.add(j.shl(2)))));
    f.for(j, whole, columns, 1, () => f.store(target.add(j.shl(2)), load("f32", source.add(j.shl(2)))));
    source.increase(fromRowBytes);
    target.increase(toRowBytes);
  });
}

function smaller(f: FunctionBuilder, value: Value<"i32">, bound: number): Local<"i32"> {
  const result = f.local("i32", value);
  f.if(result.gt(bound), () => result.set(bound));
  return result;
}
