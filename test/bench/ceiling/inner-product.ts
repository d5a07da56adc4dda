// What one core can do: a hand-made WebAssembly module that multiplies a column panel with a row panel, both small enough
// to stay in the first-level cache, with relaxed-SIMD fused multiply-adds into a tile of registers. No matmul of the engine
// can be faster than this, so its share of this speed is its efficiency.
//
// The module imports its memory and exports `run(repeats)`: C += repeats · A · B, with A stored k by k as DEPTH columns of
// `rows` numbers at byte 0, B as DEPTH rows of 4 · `vectors` numbers at B_OFFSET, and C, row by row, at C_OFFSET.

/** Registers of the tile: rows × vectors of four float32. */
export interface Tile {
  readonly rows: number;
  readonly vectors: number;
}

/** Six by two fills the sixteen registers of SSE and AVX; four by four is what pairs well into 256-bit operations. */
export const TILES: readonly Tile[] = [
  { rows: 6, vectors: 2 },
  { rows: 4, vectors: 4 },
];

export const DEPTH = 256;
export const B_OFFSET = 16_384;
export const C_OFFSET = 49_152;

/** Operations of `run(1)`, a multiply-add counted as two. */
export const flopsPerRepeat = ({ rows, vectors }: Tile): number => 2 * DEPTH * rows * vectors * 4;

/** What a step of the ceiling's measurement does, in billions of operations. */
export const GIGA_FLOPS = 1;

/** Instructions, as the specification numbers them. */
const op = {
  block: [0x03, 0x40], // loop without result
  end: 0x0b,
  branchIf: 0x0d,
  get: 0x20,
  set: 0x21,
  tee: 0x22,
  i32: 0x41,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  load: [0xfd, 0x00],
  loadSplat: [0xfd, 0x09],
  store: [0xfd, 0x0b],
  relaxedMadd: [0xfd, 0x85, 0x02],
} as const;
const I32 = 0x7f;
const V128 = 0x7b;

const unsigned = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)]);
const signed = (value: number): number[] =>
  value >= -64 && value < 64 ? [value & 127] : [(value & 127) | 128, ...signed(value >> 7)];
const vector = (items: readonly (readonly number[])[]): number[] => [...unsigned(items.length), ...items.flat()];
const section = (id: number, content: readonly number[]): number[] => [id, ...unsigned(content.length), ...content];
const text = (name: string): number[] => [...unsigned(name.length), ...new TextEncoder().encode(name)];
const constant = (value: number): number[] => [op.i32, ...signed(value)];
/** Alignment hint of 4 or 16 bytes (as a power of two), and the offset. */
const at = (alignment: 2 | 4, offset: number): number[] => [alignment, ...unsigned(offset)];

/** The bytes of the module. */
export function innerProductModule({ rows, vectors }: Tile): Uint8Array<ArrayBuffer> {
  const [repeats, a, b] = [0, 1, 2];
  const firstAccumulator = 3;
  const firstColumn = firstAccumulator + rows * vectors;
  const row = firstColumn + vectors;
  const each = (count: number, code: (index: number) => readonly number[]): number[] =>
    Array.from({ length: count }, (_, index) => code(index)).flat();
  const tile = (code: (accumulator: number, index: number) => readonly number[]): number[] =>
    each(rows * vectors, (index) => code(firstAccumulator + index, index));

  const depth = [
    ...op.block,
    ...each(vectors, (v) => [op.get, b, ...op.load, ...at(4, B_OFFSET + 16 * v), op.set, firstColumn + v]),
    ...each(rows, (r) => [
      ...[op.get, a, ...op.loadSplat, ...at(2, 4 * r), op.set, row],
      ...each(vectors, (v) => {
        const accumulator = firstAccumulator + r * vectors + v;
        return [op.get, row, op.get, firstColumn + v, op.get, accumulator, ...op.relaxedMadd, op.set, accumulator];
      }),
    ]),
    ...[op.get, a, ...constant(4 * rows), op.i32Add, op.set, a],
    ...[op.get, b, ...constant(16 * vectors), op.i32Add, op.tee, b],
    ...[...constant(16 * vectors * DEPTH), op.i32Sub, op.branchIf, 0, op.end],
  ];
  const body = [
    ...op.block,
    ...[...constant(0), op.set, a, ...constant(0), op.set, b],
    ...tile((accumulator, i) => [...constant(0), ...op.load, ...at(4, C_OFFSET + 16 * i), op.set, accumulator]),
    ...depth,
    ...tile((accumulator, i) => [...constant(0), op.get, accumulator, ...op.store, ...at(4, C_OFFSET + 16 * i)]),
    ...[op.get, repeats, ...constant(1), op.i32Sub, op.tee, repeats, op.branchIf, 0, op.end],
    op.end,
  ];
  const locals = vector([
    [2, I32],
    [...unsigned(rows * vectors + vectors + 1), V128],
  ]);
  const code = [...locals, ...body];
  const memoryImport = [...text("host"), ...text("memory"), 0x02, 0x00, 0x01];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, vector([[0x60, 0x01, I32, 0x00]])),
    ...section(2, vector([memoryImport])),
    ...section(3, vector([[0x00]])),
    ...section(7, vector([[...text("run"), 0x00, 0x00]])),
    ...section(10, vector([[...unsigned(code.length), ...code]])),
  ]);
}

export interface InnerProduct {
  readonly memory: WebAssembly.Memory;
  run(repeats: number): void;
}

/** Throws when the module computes wrongly: its speed would mean nothing under an experimental flag that breaks it. */
export function innerProduct(tile: Tile): InnerProduct {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(innerProductModule(tile)), { host: { memory } });
  const run = exports.run as (repeats: number) => void;
  new Float32Array(memory.buffer, 0, C_OFFSET / 4).fill(1);
  run(1);
  const c = new Float32Array(memory.buffer, C_OFFSET, 4 * tile.rows * tile.vectors);
  if (c.some((value) => value !== DEPTH)) throw new Error(`inner product: expected ${DEPTH}, got ${c}`);
  return { memory, run };
}
