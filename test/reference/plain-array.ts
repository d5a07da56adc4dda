// The plainest array there could be, as an oracle for property tests: a shape and a function from index to value. Knows
// nothing of strides or storage. Views say where each of their elements comes from, ops evaluate.

export interface PlainArray {
  readonly shape: readonly number[];
  at(index: readonly number[]): number;
}

/** All indices of a shape, row by row. */
export function indicesOf(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (prefixes, size) => prefixes.flatMap((prefix) => Array.from({ length: size }, (_, i) => [...prefix, i])),
    [[]],
  );
}

export const valuesOf = ({ shape, at }: PlainArray): number[] => indicesOf(shape).map(at);

export function fromValues(shape: readonly number[], values: readonly number[]): PlainArray {
  return { shape, at: (index) => values[index.reduce((flat, i, dim) => flat * shape[dim]! + i, 0)]! };
}

const view = (
  shape: readonly number[],
  x: PlainArray,
  source: (index: readonly number[]) => readonly number[],
): PlainArray => ({ shape, at: (index) => x.at(source(index)) });

export function permuted(x: PlainArray, dims: readonly number[]): PlainArray {
  return view(
    dims.map((dim) => x.shape[dim]!),
    x,
    (index) => x.shape.map((_, dim) => index[dims.indexOf(dim)]!),
  );
}

export function flipped(x: PlainArray, dim: number): PlainArray {
  return view(x.shape, x, (index) => index.with(dim, x.shape[dim]! - 1 - index[dim]!));
}

export function sliced(x: PlainArray, dim: number, start: number, length: number, step: number): PlainArray {
  return view(x.shape.with(dim, length), x, (index) => index.with(dim, start + step * index[dim]!));
}

export function selected(x: PlainArray, dim: number, position: number): PlainArray {
  return view(x.shape.toSpliced(dim, 1), x, (index) => index.toSpliced(dim, 0, position));
}

/** Aligned at the last dimension; sizes of 1 repeat. */
export function broadcasted(x: PlainArray, shape: readonly number[]): PlainArray {
  const missing = shape.length - x.shape.length;
  return view(shape, x, (index) => x.shape.map((size, dim) => (size === 1 ? 0 : index[dim + missing]!)));
}

export function reshaped(x: PlainArray, shape: readonly number[]): PlainArray {
  return fromValues(shape, valuesOf(x));
}

export function mapped(
  shape: readonly number[],
  xs: readonly PlainArray[],
  f: (...values: number[]) => number,
): PlainArray {
  const all = xs.map((x) => broadcasted(x, shape));
  return { shape, at: (index) => f(...all.map((x) => x.at(index))) };
}

/** Folds one dimension away. */
export function folded(x: PlainArray, dim: number, fold: (values: readonly number[]) => number): PlainArray {
  const length = x.shape[dim]!;
  return {
    shape: x.shape.toSpliced(dim, 1),
    at: (index) => fold(Array.from({ length }, (_, i) => x.at(index.toSpliced(dim, 0, i)))),
  };
}
