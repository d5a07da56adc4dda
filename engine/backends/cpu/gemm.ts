// General matrix product C (+)= A · B on one thread: both operands are packed into panels of four, and a 4 × 4 tile of C
// is accumulated in registers. Strides make transposed operands free. Used by matmul and convolution kernels.

import type { TypedArray } from "../../core/dtype.ts";

/** A matrix inside an array: element (i, j) is at offset + i · rowStride + j · columnStride. */
export interface Matrix {
  readonly values: TypedArray;
  readonly offset: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

const tile = 4;

/** Packing space that consecutive products share. */
export class Workspace {
  #lhs = new Float32Array(0);
  #rhs = new Float32Array(0);

  lhs(length: number): Float32Array {
    if (this.#lhs.length < length) this.#lhs = new Float32Array(length);
    return this.#lhs;
  }

  rhs(length: number): Float32Array {
    if (this.#rhs.length < length) this.#rhs = new Float32Array(length);
    return this.#rhs;
  }
}

/** C = A · B, or C += A · B, where A is m × k and B is k × n; C is row-major from `offset` with n columns. */
export function gemm(
  sizes: { readonly m: number; readonly n: number; readonly k: number },
  a: Matrix,
  b: Matrix,
  c: { readonly values: TypedArray; readonly offset: number; readonly accumulate: boolean },
  workspace: Workspace,
): void {
  const { m, n, k } = sizes;
  const rowPanels = Math.ceil(m / tile);
  const columnPanels = Math.ceil(n / tile);
  const lhs = workspace.lhs(rowPanels * tile * k);
  const rhs = workspace.rhs(columnPanels * tile * k);
  pack(lhs, a, m, k, a.rowStride, a.columnStride);
  pack(rhs, b, n, k, b.columnStride, b.rowStride);
  const result = new Float64Array(tile * tile);
  for (let column = 0; column < columnPanels; column++) {
    for (let row = 0; row < rowPanels; row++) {
      multiplyTile(k, lhs, row * tile * k, rhs, column * tile * k, result);
      storeTile(result, m - row * tile, n - column * tile, c, c.offset + (row * n + column) * tile, n);
    }
  }
}

/** Lays `lines` lines of `k` elements out in panels of four, element by element; the last panel is filled up with zeros. */
function pack(
  panels: Float32Array,
  matrix: Matrix,
  lines: number,
  k: number,
  lineStride: number,
  stride: number,
): void {
  const { values, offset } = matrix;
  for (let line = 0; line < Math.ceil(lines / tile) * tile; line++) {
    let to = (line - (line % tile)) * k + (line % tile);
    if (line >= lines) {
      for (let i = 0; i < k; i++, to += tile) panels[to] = 0;
      continue;
    }
    let from = offset + line * lineStride;
    for (let i = 0; i < k; i++, to += tile, from += stride) panels[to] = values[from]!;
  }
}

function multiplyTile(
  k: number,
  lhs: Float32Array,
  i: number,
  rhs: Float32Array,
  j: number,
  result: Float64Array,
): void {
  let c00 = 0;
  let c01 = 0;
  let c02 = 0;
  let c03 = 0;
  let c10 = 0;
  let c11 = 0;
  let c12 = 0;
  let c13 = 0;
  let c20 = 0;
  let c21 = 0;
  let c22 = 0;
  let c23 = 0;
  let c30 = 0;
  let c31 = 0;
  let c32 = 0;
  let c33 = 0;
  for (const end = i + tile * k; i < end; i += tile, j += tile) {
    const b0 = rhs[j]!;
    const b1 = rhs[j + 1]!;
    const b2 = rhs[j + 2]!;
    const b3 = rhs[j + 3]!;
    const a0 = lhs[i]!;
    c00 += a0 * b0;
    c01 += a0 * b1;
    c02 += a0 * b2;
    c03 += a0 * b3;
    const a1 = lhs[i + 1]!;
    c10 += a1 * b0;
    c11 += a1 * b1;
    c12 += a1 * b2;
    c13 += a1 * b3;
    const a2 = lhs[i + 2]!;
    c20 += a2 * b0;
    c21 += a2 * b1;
    c22 += a2 * b2;
    c23 += a2 * b3;
    const a3 = lhs[i + 3]!;
    c30 += a3 * b0;
    c31 += a3 * b1;
    c32 += a3 * b2;
    c33 += a3 * b3;
  }
  result[0] = c00;
  result[1] = c01;
  result[2] = c02;
  result[3] = c03;
  result[4] = c10;
  result[5] = c11;
  result[6] = c12;
  result[7] = c13;
  result[8] = c20;
  result[9] = c21;
  result[10] = c22;
  result[11] = c23;
  result[12] = c30;
  result[13] = c31;
  result[14] = c32;
  result[15] = c33;
}

function storeTile(
  result: Float64Array,
  rows: number,
  columns: number,
  c: { readonly values: TypedArray; readonly accumulate: boolean },
  at: number,
  stride: number,
): void {
  const { values, accumulate } = c;
  const height = Math.min(rows, tile);
  const width = Math.min(columns, tile);
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      const to = at + i * stride + j;
      const value = result[i * tile + j]!;
      values[to] = accumulate ? values[to]! + value : value;
    }
  }
}
