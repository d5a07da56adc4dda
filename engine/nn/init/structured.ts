// Elements that depend on where they stand: orthogonal, identity, sparse; and normal ones without their tails.

import { context } from "../../core/context.ts";
import { ArgumentError, ShapeError } from "../../core/errors.ts";
import { sizeOf } from "../../core/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { filled, type RandomInitOptions } from "./fill.ts";

export interface OrthogonalOptions extends RandomInitOptions {
  /** Length of the rows or columns. Default: 1. */
  readonly gain?: number;
}

export interface TruncNormalOptions extends RandomInitOptions {
  /** Default: 0. */
  readonly mean?: number;
  /** Default: 1. */
  readonly std?: number;
  /** Smallest value. Default: -2. */
  readonly a?: number;
  /** Largest value. Default: 2. */
  readonly b?: number;
}

/**
 * A random matrix with orthogonal rows or columns of length `gain`, whichever are fewer; later dimensions count as
 * columns. Changed in place and returned. Throws a ShapeError below two dimensions. A. Saxe et al., Exact Solutions to
 * the Nonlinear Dynamics of Learning, 2013, https://arxiv.org/abs/1312.6120
 *
 * @example
 * const w = nn.init.orthogonal_(zeros([2, 3]));
 * w.matmul(w.t()).sub(eye(2)).abs().max().itemSync() < 1e-6; // true
 */
export function orthogonal_<T extends Tensor>(tensor: T, { gain = 1, generator }: OrthogonalOptions = {}): T {
  const [rows, ...rest] = tensor.shape;
  if (rows === undefined || rest.length === 0) {
    throw ShapeError.of("orthogonal_", "needs at least two dimensions", { tensor: tensor.shape });
  }
  const columns = sizeOf(rest);
  return filled(tensor, (values) => {
    (generator ?? context.generator).fillNormal(values);
    // The fewer of rows and columns are the vectors to be made orthogonal.
    const at = rows < columns ? (v: number, i: number) => v * columns + i : (v: number, i: number) => i * columns + v;
    const vectors = Array.from({ length: Math.min(rows, columns) }, (_, v) =>
      Float64Array.from({ length: Math.max(rows, columns) }, (_, i) => values[at(v, i)]!),
    );
    orthonormalise(vectors);
    for (const [v, vector] of vectors.entries()) {
      for (const [i, element] of vector.entries()) values[at(v, i)] = gain * element;
    }
  });
}

/**
 * Normal, drawn again in effect until between `a` and `b`: through the inverse of the distribution function. Changed in
 * place and returned. Throws an ArgumentError unless a < b.
 *
 * @example
 * nn.init.truncNormal_(zeros([1000]), { std: 0.02, a: -0.04, b: 0.04 }).abs().max().itemSync() <= 0.04; // true
 */
export function truncNormal_<T extends Tensor>(tensor: T, options: TruncNormalOptions = {}): T {
  const { mean = 0, std = 1, a = -2, b = 2, generator } = options;
  if (!(a < b)) throw new ArgumentError("truncNormal_", `a must be below b, got ${a} and ${b}`);
  return filled(tensor, (values) => {
    const [low, high] = [2 * normalBelow((a - mean) / std) - 1, 2 * normalBelow((b - mean) / std) - 1];
    (generator ?? context.generator).fillUniform(values, low, high);
    for (let i = 0; i < values.length; i++) {
      const value = inverseErf(values[i]!) * std * Math.SQRT2 + mean;
      values[i] = Math.min(Math.max(value, a), b);
    }
  });
}

/**
 * The identity matrix: ones on the diagonal. Changed in place and returned. Throws a ShapeError unless two-dimensional.
 *
 * @example
 * nn.init.eye_(zeros([2, 2])).flatten(); // tensor([1., 0., 0., 1.])
 */
export function eye_<T extends Tensor>(tensor: T): T {
  const [rows, columns] = matrixSize("eye_", tensor);
  return filled(tensor, (values) => {
    for (let i = 0; i < Math.min(rows, columns); i++) values[i * columns + i] = 1;
  });
}

/**
 * The identity as a convolution: filter i passes channel i on, in each of `groups` groups of filters. Weight [out, in,
 * …], changed in place and returned. Throws a ShapeError unless it has 3 to 5 dimensions and the groups divide its
 * filters.
 *
 * @example
 * nn.init.dirac_(zeros([1, 1, 3])).flatten(); // tensor([0., 1., 0.])
 */
export function dirac_<T extends Tensor>(tensor: T, groups = 1): T {
  const [filters, channels, ...kernel] = tensor.shape;
  if (filters === undefined || channels === undefined || kernel.length < 1 || kernel.length > 3) {
    throw ShapeError.of("dirac_", "expected 3 to 5 dimensions", { tensor: tensor.shape });
  }
  if (filters % groups !== 0) {
    throw ShapeError.of("dirac_", `expected filters that ${groups} divides`, { tensor: tensor.shape });
  }
  return filled(tensor, (values) => {
    const field = sizeOf(kernel);
    const centre = kernel.reduce((at, size) => at * size + Math.floor(size / 2), 0);
    const perGroup = filters / groups;
    for (let filter = 0; filter < filters; filter++) {
      const channel = filter % perGroup;
      if (channel < channels) values[(filter * channels + channel) * field + centre] = 1;
    }
  });
}

/**
 * Normal with standard deviation `std`, but in every column the share `sparsity` of rows 0. Matrix [out, in], changed
 * in place and returned. Throws a ShapeError unless two-dimensional. J. Martens, Deep Learning via Hessian-Free
 * Optimization, 2010
 *
 * @example
 * nn.init.sparse_(zeros([10, 3]), 0.8).ne(0).to("int32").sum(); // tensor(6)
 */
export function sparse_<T extends Tensor>(
  tensor: T,
  sparsity: number,
  std = 0.01,
  { generator = context.generator }: RandomInitOptions = {},
): T {
  const [rows, columns] = matrixSize("sparse_", tensor);
  const zeros = Math.ceil(sparsity * rows);
  return filled(tensor, (values) => {
    generator.fillNormal(values, 0, std);
    for (let column = 0; column < columns; column++) {
      for (const row of generator.permutation(rows).subarray(0, zeros)) values[row * columns + column] = 0;
    }
  });
}

function matrixSize(op: string, { shape }: Tensor): readonly [rows: number, columns: number] {
  if (shape.length === 2) return shape as readonly number[] as readonly [number, number];
  throw ShapeError.of(op, "expected two dimensions", { tensor: shape });
}

/** Gram-Schmidt, each vector twice: the first time leaves rounding errors where vectors are nearly parallel. */
function orthonormalise(vectors: readonly Float64Array[]): void {
  for (const [v, vector] of vectors.entries()) {
    for (let pass = 0; pass < 2; pass++) {
      for (const other of vectors.slice(0, v)) {
        const along = vector.reduce((total, element, i) => total + element * other[i]!, 0);
        for (let i = 0; i < vector.length; i++) vector[i]! -= along * other[i]!;
      }
    }
    const length = Math.sqrt(vector.reduce((total, element) => total + element * element, 0));
    for (let i = 0; i < vector.length; i++) vector[i]! /= length;
  }
}

/** The share of a standard normal distribution below x. */
function normalBelow(x: number): number {
  return (1 + erf(x / Math.SQRT2)) / 2;
}

/** By its series near 0 and its continued fraction beyond; to 1e-15. */
function erf(x: number): number {
  const z = Math.abs(x);
  if (z > 6) return Math.sign(x);
  if (z < 2.5) {
    let term = x;
    let total = x;
    for (let n = 1; Math.abs(term) > 1e-17; n++) {
      term *= (-x * x) / n;
      total += term / (2 * n + 1);
    }
    return (2 / Math.sqrt(Math.PI)) * total;
  }
  let fraction = z;
  for (let n = 60; n > 0; n--) fraction = z + n / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-z * z) / (Math.sqrt(Math.PI) * fraction));
}

/** Newton's method on erf, from S. Winitzki's approximation (2008). */
function inverseErf(y: number): number {
  const logarithm = Math.log(1 - y * y);
  const half = 2 / (Math.PI * 0.147) + logarithm / 2;
  let x = Math.sign(y) * Math.sqrt(Math.sqrt(half * half - logarithm / 0.147) - half);
  for (let i = 0; i < 3 && Number.isFinite(x); i++) {
    x -= (erf(x) - y) / ((2 / Math.sqrt(Math.PI)) * Math.exp(-x * x));
  }
  return x;
}
