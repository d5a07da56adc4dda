// Pooling in function form, in one and two dimensions: windows that slide, and windows that divide the input evenly
// (adaptive). Images are N × C × H × W, sequences N × C × L; without a batch dimension they work too. float32.

import { ShapeError } from "../../../core/errors.ts";
import { tensor } from "../../../tensor/creation.ts";
import { scoped } from "../../../tensor/scope.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { dispatch } from "../../dispatch.ts";
import type { MaxPoolParams, PoolParams } from "../../table.ts";
import { gather, indexSelect } from "../indexing/indexing.ts";
import { expand, permute, reshape } from "../movement/movement.ts";
import { type PairLike, pairOf } from "../operands.ts";
import { matmul } from "../products/matmul.ts";
import { argmax, type MaxResult } from "../reduction/reduction.ts";
import { across, asImages, batched, requireCounts, requireFit } from "./windows.ts";

export interface PoolOptions {
  /** Default: the kernel size. */
  readonly stride?: PairLike;
  /** On every side, at most half of the kernel. Default: 0. */
  readonly padding?: PairLike;
  /** Whether a last window may hang over the end. Default: false. */
  readonly ceilMode?: boolean;
}

export interface MaxPoolOptions extends PoolOptions {
  /** Distance between the elements of a window. Default: 1. */
  readonly dilation?: PairLike;
  /** Also give where each maximum was found, as y · width + x of its image. Default: false. */
  readonly returnIndices?: boolean;
}

export interface AvgPoolOptions extends PoolOptions {
  /** Whether padding counts as elements of value 0. Default: true. */
  readonly countIncludePad?: boolean;
}

export interface AdaptiveMaxPoolOptions {
  /** Also give where each maximum was found, as y · width + x of its image. Default: false. */
  readonly returnIndices?: boolean;
}

/** The options of the 1-D form. */
type Along<T extends PoolOptions> = Omit<T, "stride" | "padding" | "dilation"> & {
  readonly stride?: number;
  readonly padding?: number;
};

type WithIndices = { readonly returnIndices: true };

/** The maxima, and where each was found (int32), as y · width + x of its image. */
export function maxPool2d(x: Tensor, kernelSize: PairLike, options: MaxPoolOptions & WithIndices): MaxResult;
/**
 * The largest value under each window; padding counts as -∞. H′ = ⌊(H + 2·padding - dilation·(k - 1) - 1)/stride⌋ + 1,
 * rounded up with ceilMode. Gradient: to the first of the largest. Throws a ShapeError where the window does not fit.
 *
 * @example
 * maxPool2d(arange(16).to("float32").reshape(1, 1, 4, 4), 2).flatten(); // tensor([ 5.,  7., 13., 15.])
 */
export function maxPool2d(x: Tensor, kernelSize: PairLike, options?: MaxPoolOptions): Tensor;
export function maxPool2d(x: Tensor, kernelSize: PairLike, options: MaxPoolOptions = {}): Tensor | MaxResult {
  const { dilation = 1, returnIndices = false } = options;
  requireCounts("maxPool2d", { dilation }, 1);
  const params = { ...poolParams("maxPool2d", kernelSize, options), dilation: pairOf(dilation) };
  const pooled = (op: "maxPool2d" | "maxPool2dIndices") => batched(x, (images) => dispatch(op, [images], params));
  const values = pooled("maxPool2d");
  return returnIndices ? { values, indices: pooled("maxPool2dIndices") } : values;
}

/** The maxima, and where each was found (int32), as y · width + x of its image. */
export function maxPool1d(
  x: Tensor,
  kernelSize: number,
  options: Along<MaxPoolOptions> & { dilation?: number } & WithIndices,
): MaxResult;
/**
 * The largest value under each window of a sequence. Lengths, gradient and errors: as for maxPool2d.
 *
 * @example
 * maxPool1d(tensor([[1, 3, 2, 5]]), 2); // tensor([[3., 5.]])
 */
export function maxPool1d(
  x: Tensor,
  kernelSize: number,
  options?: Along<MaxPoolOptions> & { dilation?: number },
): Tensor;
export function maxPool1d(
  x: Tensor,
  kernelSize: number,
  options: Along<MaxPoolOptions> & { dilation?: number } = {},
): Tensor | MaxResult {
  const { dilation = 1, returnIndices = false } = options;
  requireCounts("maxPool1d", { dilation }, 1);
  const params = { ...lineParams("maxPool1d", x, kernelSize, dilation, options), dilation: across(dilation) };
  const pooled = (op: "maxPool2d" | "maxPool2dIndices") =>
    asImages("maxPool1d", x, (images) => dispatch(op, [images], params satisfies MaxPoolParams));
  const values = pooled("maxPool2d");
  return returnIndices ? { values, indices: pooled("maxPool2dIndices") } : values;
}

/**
 * The mean under each window. H′ = ⌊(H + 2·padding - k)/stride⌋ + 1, rounded up with ceilMode. Gradient: 1/(kH·kW), or
 * 1 by the elements counted. Throws a ShapeError where the window does not fit.
 *
 * @example
 * avgPool2d(arange(16).to("float32").reshape(1, 1, 4, 4), 2).flatten(); // tensor([ 2.5000,  4.5000, 10.5000, 12.5000])
 */
export function avgPool2d(x: Tensor, kernelSize: PairLike, options: AvgPoolOptions = {}): Tensor {
  const { countIncludePad = true } = options;
  const params = { ...poolParams("avgPool2d", kernelSize, options), countIncludePad };
  return batched(x, (images) => dispatch("avgPool2d", [images], params));
}

/**
 * The mean under each window of a sequence. Lengths, gradient and errors: as for avgPool2d.
 *
 * @example
 * avgPool1d(tensor([[1, 3, 2, 6]]), 2); // tensor([[2., 4.]])
 */
export function avgPool1d(x: Tensor, kernelSize: number, options: Along<AvgPoolOptions> = {}): Tensor {
  const { countIncludePad = true } = options;
  const params = { ...lineParams("avgPool1d", x, kernelSize, 1, options), countIncludePad };
  return asImages("avgPool1d", x, (images) => dispatch("avgPool2d", [images], params));
}

/**
 * Means of a grid of windows that covers the image: window i of n goes from ⌊i·H/n⌋ to ⌈(i + 1)·H/n⌉. Result
 * N × C × outputSize. Gradient: 1 by the size of the window. Throws an ArgumentError for sizes below 1.
 *
 * @example
 * adaptiveAvgPool2d(arange(6).to("float32").reshape(1, 2, 3), 1).flatten(); // tensor([2.5000])
 */
export function adaptiveAvgPool2d(x: Tensor, outputSize: PairLike): Tensor {
  requireCounts("adaptiveAvgPool2d", { outputSize }, 1);
  return batched(x, (images) => adaptiveMean("adaptiveAvgPool2d", images, pairOf(outputSize)));
}

/**
 * Means of evenly spread windows of a sequence, see adaptiveAvgPool2d.
 *
 * @example
 * adaptiveAvgPool1d(tensor([[1, 2, 3, 4, 5]]), 2); // tensor([[2., 4.]])
 */
export function adaptiveAvgPool1d(x: Tensor, outputSize: number): Tensor {
  requireCounts("adaptiveAvgPool1d", { outputSize }, 1);
  return asImages("adaptiveAvgPool1d", x, (images) => adaptiveMean("adaptiveAvgPool1d", images, across(outputSize)));
}

/** The maxima, and where each was found (int32), as y · width + x of its image. */
export function adaptiveMaxPool2d(x: Tensor, size: PairLike, options: AdaptiveMaxPoolOptions & WithIndices): MaxResult;
/**
 * Maxima of a grid of windows that covers the image, see adaptiveAvgPool2d. Gradient: to the first of the largest.
 *
 * @example
 * adaptiveMaxPool2d(arange(6).to("float32").reshape(1, 2, 3), [1, 2]).flatten(); // tensor([4., 5.])
 */
export function adaptiveMaxPool2d(x: Tensor, size: PairLike, options?: AdaptiveMaxPoolOptions): Tensor;
export function adaptiveMaxPool2d(
  x: Tensor,
  outputSize: PairLike,
  { returnIndices = false }: AdaptiveMaxPoolOptions = {},
): Tensor | MaxResult {
  requireCounts("adaptiveMaxPool2d", { outputSize }, 1);
  const indices = batched(x, (images) => adaptivePositions("adaptiveMaxPool2d", images, pairOf(outputSize)));
  const values = batched(x, (images) =>
    elementsAt(images, x.ndim === 3 ? reshape(indices, [1, ...indices.shape]) : indices),
  );
  return returnIndices ? { values, indices } : values;
}

/** The maxima, and where each was found (int32), as y · width + x of its image. */
export function adaptiveMaxPool1d(x: Tensor, size: number, options: AdaptiveMaxPoolOptions & WithIndices): MaxResult;
/**
 * Maxima of evenly spread windows of a sequence, see adaptiveMaxPool2d.
 *
 * @example
 * adaptiveMaxPool1d(tensor([[1, 5, 3, 4, 2]]), 2); // tensor([[5., 4.]])
 */
export function adaptiveMaxPool1d(x: Tensor, size: number, options?: AdaptiveMaxPoolOptions): Tensor;
export function adaptiveMaxPool1d(
  x: Tensor,
  outputSize: number,
  { returnIndices = false }: AdaptiveMaxPoolOptions = {},
): Tensor | MaxResult {
  requireCounts("adaptiveMaxPool1d", { outputSize }, 1);
  const positions = (images: Tensor) => adaptivePositions("adaptiveMaxPool1d", images, across(outputSize));
  const values = asImages("adaptiveMaxPool1d", x, (images) => elementsAt(images, positions(images)));
  return returnIndices ? { values, indices: asImages("adaptiveMaxPool1d", x, positions) } : values;
}

function poolParams(
  op: string,
  kernelSize: PairLike,
  { stride = kernelSize, padding = 0, ceilMode = false }: PoolOptions,
): PoolParams {
  requireCounts(op, { kernelSize, stride }, 1);
  requireCounts(op, { padding }, 0);
  return { kernelSize: pairOf(kernelSize), stride: pairOf(stride), padding: pairOf(padding), ceilMode };
}

function lineParams(
  op: string,
  x: Tensor,
  kernelSize: number,
  dilation: number,
  { stride = kernelSize, padding = 0, ceilMode = false }: Along<PoolOptions>,
): PoolParams {
  requireCounts(op, { kernelSize, stride }, 1);
  requireCounts(op, { padding }, 0);
  if (padding * 2 > kernelSize) {
    const hint = "Otherwise a window could lie in the padding alone.";
    throw ShapeError.of(
      op,
      `padding ${padding} is more than half of the kernel ${kernelSize}`,
      { input: x.shape },
      hint,
    );
  }
  if (x.ndim > 0) requireFit(op, x, dilation * (kernelSize - 1) + 1, padding);
  return { kernelSize: across(kernelSize), stride: across(stride), padding: [0, padding], ceilMode };
}

/** The windows' means along each axis are a matrix product with constant shares. */
function adaptiveMean(op: string, x: Tensor, [height, width]: readonly [number, number]): Tensor {
  requireImage(op, x);
  return scoped(() => {
    const rows = matmul(sharesOf(x, 2, height), x);
    return matmul(rows, sharesOf(x, 3, width), { transposeRhs: true });
  });
}

/** Row i holds 1/n at the n entries of window i. */
function sharesOf(x: Tensor, dim: number, windows: number): Tensor {
  const length = x.shape[dim]!;
  const shares = new Float32Array(windows * length);
  for (let i = 0; i < windows; i++) {
    const { start, end } = adaptiveWindow(i, length, windows);
    shares.fill(1 / (end - start), i * length + start, i * length + end);
  }
  return tensor(shares, { shape: [windows, length], device: x.device });
}

/** Where the maximum of every window is, as y · width + x: windows are filled up to one size with their last entry. */
function adaptivePositions(op: string, x: Tensor, [height, width]: readonly [number, number]): Tensor {
  requireImage(op, x);
  const rows = entriesOf(x.shape[2]!, height);
  const columns = entriesOf(x.shape[3]!, width);
  return scoped(() => {
    const leading = x.shape.slice(0, 2);
    const unrolled = indexSelect(indexSelect(x, 2, rows.flat()), 3, columns.flat());
    const sizes = [height, rows[0]!.length, width, columns[0]!.length] as const;
    const windows = permute(reshape(unrolled, [...leading, ...sizes]), [0, 1, 2, 4, 3, 5]);
    const best = argmax(reshape(windows, [...leading, height, width, sizes[1] * sizes[3]]), -1, { keepdim: true });
    const places = rows.flatMap((row) =>
      columns.flatMap((column) => row.flatMap((y) => column.map((at) => y * x.shape[3]! + at))),
    );
    const shape = [1, 1, height, width, sizes[1] * sizes[3]];
    const positions = tensor(Int32Array.from(places), { shape, device: x.device });
    return reshape(
      gather(expand(positions, [...best.shape.slice(0, 4), sizes[1] * sizes[3]]), -1, best),
      best.shape.slice(0, 4),
    );
  });
}

/** The elements of N × C × H × W that positions N × C × H′ × W′ name within their image. */
function elementsAt(x: Tensor, positions: Tensor): Tensor {
  const leading = positions.shape.slice(0, 2);
  const area = x.shape[2]! * x.shape[3]!;
  const places = positions.shape[2]! * positions.shape[3]!;
  return scoped(() =>
    reshape(gather(reshape(x, [...leading, area]), 2, reshape(positions, [...leading, places])), positions.shape),
  );
}

function entriesOf(length: number, windows: number): number[][] {
  const all = Array.from({ length: windows }, (_, i) => adaptiveWindow(i, length, windows));
  const longest = Math.max(...all.map(({ start, end }) => end - start));
  return all.map(({ start, end }) => Array.from({ length: longest }, (_, k) => Math.min(start + k, end - 1)));
}

function adaptiveWindow(i: number, length: number, windows: number): { readonly start: number; readonly end: number } {
  return { start: Math.floor((i * length) / windows), end: Math.ceil(((i + 1) * length) / windows) };
}

function requireImage(op: string, x: Tensor): void {
  if (x.ndim === 4 && x.shape[2]! > 0 && x.shape[3]! > 0) return;
  const hint = "A single image may leave out N; unsqueeze(1) adds a channel.";
  throw ShapeError.of(op, "input must be N × C × H × W and not empty", { input: x.shape }, hint);
}
