// Shapes as plain arrays of sizes: sizes, strides, broadcasting, dimensions. No data and no errors of its own making:
// callers name the op.

export type Shape = readonly number[];

export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const length of shape) size *= length;
  return size;
}

/** Strides of elements that lie row by row without gaps; other layouts are in layout.ts. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let dim = shape.length - 1; dim >= 0; dim--) {
    strides[dim] = stride;
    stride *= shape[dim]!;
  }
  return strides;
}

export function sameShape(lhs: Shape, rhs: Shape): boolean {
  return lhs.length === rhs.length && lhs.every((length, dim) => length === rhs[dim]);
}

/** `[2, 3]`: how shapes are written in errors and summaries. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/** The shape to which both broadcast, aligned at the last dimension, or undefined where sizes differ and none is 1. */
export function broadcastShapes(lhs: Shape, rhs: Shape): Shape | undefined {
  if (sameShape(lhs, rhs)) return lhs;
  const rank = Math.max(lhs.length, rhs.length);
  const shape = new Array<number>(rank);
  for (let dim = 1; dim <= rank; dim++) {
    const left = lhs[lhs.length - dim] ?? 1;
    const right = rhs[rhs.length - dim] ?? 1;
    if (left !== right && left !== 1 && right !== 1) return undefined;
    shape[rank - dim] = left === 1 ? right : left;
  }
  return shape;
}

/** -1 is the last dimension; undefined when out of range. A scalar counts as having one dimension, as in PyTorch. */
export function resolveDim(dim: number, rank: number): number | undefined {
  const range = Math.max(rank, 1);
  if (!Number.isInteger(dim) || dim < -range || dim >= range) return undefined;
  return dim < 0 ? dim + range : dim;
}

/** Shape after reducing `dims`, which are dropped or kept with size 1. */
export function reducedShape(shape: Shape, dims: readonly number[], keepdim: boolean): Shape {
  if (keepdim) return shape.map((length, dim) => (dims.includes(dim) ? 1 : length));
  return shape.filter((_, dim) => !dims.includes(dim));
}

/** A shape seen around one dimension: `outer` blocks of `length` rows of `inner` neighbours. */
export interface Around {
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
}

export function around(shape: Shape, dim: number): Around {
  return { outer: sizeOf(shape.slice(0, dim)), length: shape[dim] ?? 1, inner: sizeOf(shape.slice(dim + 1)) };
}
