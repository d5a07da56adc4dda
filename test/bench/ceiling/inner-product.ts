// What one core can do: a module that multiplies a column panel with a row panel, both small enough to stay in the
// first-level cache, with relaxed-SIMD fused multiply-adds into a tile of registers; compiled with the flags of the engine.
// No matmul of the engine can be faster than this, so its share of this speed is its efficiency.
//
// The module imports its memory and exports `run(repeats)`: C += repeats · A · B, with A stored k by k as DEPTH columns of
// `rows` numbers at byte 0, B as DEPTH rows of 4 · `vectors` numbers at B_OFFSET, and C, row by row, at C_OFFSET.

import { load, loadSplat, ModuleBuilder, madd } from "../../../engine/backends/wasm/assembler/index.ts";
import { compilation } from "../../../kernel/compute/compilation.ts";

/** Registers of the tile: rows × vectors of four float32; and whether V8 may pair the vectors. */
export interface Tile {
  readonly rows: number;
  readonly vectors: number;
  readonly pairs: boolean;
}

export const TILES: readonly Tile[] = [
  { rows: 6, vectors: 2, pairs: false },
  { rows: 6, vectors: 2, pairs: true },
  { rows: 4, vectors: 4, pairs: true },
  { rows: 6, vectors: 4, pairs: true },
];

export const DEPTH = 256;
export const B_OFFSET = 16_384;
export const C_OFFSET = 49_152;

/** Rounds that one branch pays for, as in the engine's own kernel. */
const unrolled = 4;

/** Operations of `run(1)`, a multiply-add counted as two. */
export const flopsPerRepeat = ({ rows, vectors }: Tile): number => 2 * DEPTH * rows * vectors * 4;

/** What a step of the ceiling's measurement does, in billions of operations. */
export const GIGA_FLOPS = 1;

/** The bytes of the module. */
export function innerProductModule({ rows, vectors }: Tile): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder({ initialPages: 1, maximumPages: 1, shared: true });
  module.export("run", { repeats: "i32" }, (f, { repeats }) => {
    const vectorsOf = () => Array.from({ length: vectors }, () => f.local("f32x4"));
    const tile = Array.from({ length: rows }, vectorsOf);
    const row = vectorsOf();
    const [element, a, b, c] = [f.local("f32x4"), f.local("i32"), f.local("i32"), f.local("i32")];
    const step = (round: number) => {
      for (const [v, x] of row.entries()) x.set(load("f32x4", b, B_OFFSET + 16 * (round * vectors + v)));
      for (const [r, sums] of tile.entries()) {
        element.set(loadSplat("f32x4", a, 4 * (round * rows + r)));
        for (const [v, sum] of sums.entries()) sum.set(madd(element, row[v]!, sum));
      }
    };
    const each = (visit: (sum: (typeof row)[number], offset: number) => void) => {
      for (const [r, sums] of tile.entries()) {
        for (const [v, sum] of sums.entries()) visit(sum, C_OFFSET + 16 * (r * vectors + v));
      }
    };
    f.whileTrue(
      () => repeats.gt(0),
      () => {
        a.set(0);
        b.set(0);
        each((sum, offset) => sum.set(load("f32x4", c, offset)));
        f.loop((again) => {
          for (let round = 0; round < unrolled; round++) step(round);
          a.increase(unrolled * rows * 4);
          b.increase(unrolled * vectors * 16);
          f.branchIf(a.lt(DEPTH * rows * 4), again);
        });
        each((sum, offset) => f.store(c, sum, offset));
        repeats.increase(-1);
      },
    );
  });
  return module.encode();
}

export interface InnerProduct {
  readonly memory: WebAssembly.Memory;
  run(repeats: number): void;
}

/** Throws when the module computes wrongly: its speed would mean nothing under an experimental flag that breaks it. */
export function innerProduct(tile: Tile): InnerProduct {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const module = compilation(true).withFlags(tile.pairs, () => new WebAssembly.Module(innerProductModule(tile)));
  const run = new WebAssembly.Instance(module, { env: { memory } }).exports.run as (repeats: number) => void;
  new Float32Array(memory.buffer, 0, C_OFFSET / 4).fill(1);
  run(1);
  const c = new Float32Array(memory.buffer, C_OFFSET, 4 * tile.rows * tile.vectors);
  if (c.some((value) => value !== DEPTH)) throw new Error(`inner product: expected ${DEPTH}, got ${c}`);
  return { memory, run };
}
