// The innermost kernel of a matrix product: a tile of C held in vector registers while k runs along one packed panel of A
// and one of B. Packing is pack.ts, the loops around it matmul.ts; convolutions use it too.
// K. Goto, R. van de Geijn, Anatomy of High-Performance Matrix Multiplication, 2008.

import {
  type FunctionBuilder,
  integers,
  type Label,
  type Local,
  load,
  loadSplat,
  type ModuleBuilder,
  madd,
  type Value,
} from "../assembler/index.ts";
import { KernelError } from "../kernel-error.ts";

/** Rows of C, and vectors of four columns. */
export interface TileShape {
  readonly rows: number;
  readonly vectors: number;
}

/** What happens to an element of C once its sum is complete. */
export interface Epilogue {
  /** A bias for each column, for each row, or none. */
  readonly bias: "column" | "row" | "none";
  /** Elementwise; its argument may be read several times. */
  readonly activation?: (x: Local<"f32x4">, f: FunctionBuilder) => Value<"f32x4">;
}

/**
 * How a tile finds its elements of A: in a panel, where each of the k columns follows the one before; or where A lies, with the
 * elements of a row side by side, or those of a column.
 */
export type Lhs = "packed" | "rows" | "columns";

/** Rounds of the k loop that one branch pays for. */
const unrolled = 4;

export type RegisterTile = ReturnType<typeof defineTile>;

/**
 * Adds the kernel to a module: c = a · b, or c += a · b if `add`; with the epilogue if `finish`. Panels hold k columns of
 * `rows` elements and k rows of 4 · `vectors`. Of an A that is not packed, `aBytes` lie between its rows, or columns, and
 * `height` rows are there. Loads go before the stores of a row, or V8 could not make 256-bit operations
 * of pairs. The bias may be read up to a tile beyond its end.
 */
export function defineTile(
  module: ModuleBuilder,
  { rows, vectors }: TileShape,
  epilogue: Epilogue,
  lhs: Lhs = "packed",
) {
  if (rows < 1 || vectors < 1) throw new KernelError("matmul", `a tile of ${rows} rows and ${vectors} vectors`);
  const parameters = integers("k", "a", "aBytes", "height", "b", "c", "rowBytes", "add", "finish", "bias");
  return module.function("tile", parameters, (f, { k, a, aBytes, height, b, c, rowBytes, add, finish, bias }) => {
    const tile = Array.from({ length: rows }, () => vectorsOf(f, vectors));
    const row = vectorsOf(f, vectors);
    const element = f.local("f32x4");
    const end = f.local("i32");
    const place = f.local("i32");

    /** The row that stands for those that lack is the last one. */
    const starts = tile.map((_, i) => {
      if (lhs !== "rows") return a;
      const start = f.local("i32", a);
      f.if(height.gt(i + 1), () => a.increase(aBytes));
      return start;
    });
    const offsetOf = {
      packed: (round: number, i: number) => (round * rows + i) * 4,
      rows: (round: number) => round * 4,
      columns: (_: number, i: number) => i * 4,
    }[lhs];

    const step = (round: number) => {
      for (const [j, x] of row.entries()) x.set(load("f32x4", b, (round * vectors + j) * 16));
      for (const [i, sums] of tile.entries()) {
        element.set(loadSplat("f32x4", starts[i]!, offsetOf(round, i)));
        for (const [j, sum] of sums.entries()) sum.set(madd(element, row[j]!, sum));
      }
      if (lhs === "columns") a.increase(aBytes);
    };
    const rounds = (count: number, again: Label) => {
      for (let round = 0; round < count; round++) step(round);
      if (lhs === "packed") a.increase(count * rows * 4);
      if (lhs === "rows") for (const start of starts) start.increase(count * 4);
      b.increase(count * vectors * 16);
      f.branchIf(b.ltUnsigned(end), again);
    };
    const whileBelow = (bound: Value<"i32">, count: number) => {
      end.set(bound);
      f.if(b.ltUnsigned(end), () => f.loop((again) => rounds(count, again)));
    };
    const last = f.local("i32", b.add(k.mul(vectors * 16)));
    whileBelow(b.add(k.and(-unrolled).mul(vectors * 16)), unrolled);
    whileBelow(last, 1);

    f.if(add, () => {
      place.set(c);
      for (const sums of tile) {
        for (const [j, sum] of sums.entries()) sum.set(sum.add(load("f32x4", place, j * 16)));
        place.increase(rowBytes);
      }
    });
    if (epilogue.bias !== "none" || epilogue.activation !== undefined) {
      f.if(finish, () => finishTile(f, tile, bias, epilogue));
    }
    place.set(c);
    for (const sums of tile) {
      for (const [j, sum] of sums.entries()) f.store(place, sum, j * 16);
      place.increase(rowBytes);
    }
  });
}

function vectorsOf(f: FunctionBuilder, count: number): Local<"f32x4">[] {
  return Array.from({ length: count }, () => f.local("f32x4"));
}

function finishTile(
  f: FunctionBuilder,
  tile: readonly (readonly Local<"f32x4">[])[],
  bias: Value<"i32">,
  epilogue: Epilogue,
): void {
  for (const [i, sums] of tile.entries()) {
    for (const [j, sum] of sums.entries()) {
      if (epilogue.bias === "column") sum.set(sum.add(load("f32x4", bias, j * 16)));
      if (epilogue.bias === "row") sum.set(sum.add(loadSplat("f32x4", bias, i * 4)));
    }
    if (epilogue.activation !== undefined) for (const sum of sums) sum.set(epilogue.activation(sum, f));
  }
}
