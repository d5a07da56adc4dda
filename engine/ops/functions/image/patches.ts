// Images as columns of patches and back (im2col, col2im), in function form: `nn.functional.unfold` and `fold`. N × C × H × W.

import { ShapeError } from "../../../core/errors.ts";
import { formatShape } from "../../../core/shape.ts";
import { zeros } from "../../../tensor/creation.ts";
import { scoped } from "../../../tensor/scope.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { indexAdd, indexSelect } from "../indexing/indexing.ts";
import { narrow, pad, permute, reshape } from "../movement/movement.ts";
import { type PairLike, pairOf } from "../operands.ts";
import { requireCounts } from "./windows.ts";

export interface PatchOptions {
  /** Default: 1. */
  readonly stride?: PairLike;
  /** Zeros around the image. Default: 0. */
  readonly padding?: PairLike;
  /** Distance between the elements of a patch. Default: 1. */
  readonly dilation?: PairLike;
}

/**
 * Every patch under a sliding window as a column: N × C × H × W to N × C·kH·kW × L for L places of the window, row by
 * row. A convolution is a matrix product with it. Gradient: fold. Throws a ShapeError where the window does not fit.
 *
 * @example
 * nn.functional.unfold(arange(6).to("float32").reshape(1, 1, 2, 3), 2).flatten(); // tensor([0., 1., 1., 2., 3., 4., 4., 5.])
 */
export function unfold2d(x: Tensor, kernelSize: PairLike, options: PatchOptions = {}): Tensor {
  if (x.ndim === 3) {
    const columns = unfold2d(reshape(x, [1, ...x.shape]), kernelSize, options);
    return reshape(columns, columns.shape.slice(1));
  }
  if (x.ndim !== 4) {
    throw ShapeError.of("unfold", "input must be N × C × H × W", { input: x.shape }, "unsqueeze(1) adds a channel.");
  }
  const { kernel, margin, rows, columns } = placesOf("unfold", x.shape.slice(2), kernelSize, options, x);
  const [batch, channels] = x.shape as [number, number];
  return scoped(() => {
    const padded = pad(x, [margin[1], margin[1], margin[0], margin[0]]);
    const lines = indexSelect(indexSelect(padded, 2, rows.flat()), 3, columns.flat());
    const sizes = [kernel[0], rows[0]!.length, kernel[1], columns[0]!.length] as const;
    const patches = permute(reshape(lines, [batch, channels, ...sizes]), [0, 1, 2, 4, 3, 5]);
    return reshape(patches, [batch, channels * kernel[0] * kernel[1], sizes[1] * sizes[3]]);
  });
}

/**
 * The adjoint of unfold: adds every column N × C·kH·kW × L back onto the patch it stands for, giving N × C × outputSize.
 * Gradient: unfold. Throws a ShapeError where the number of rows or columns does not fit.
 *
 * @example
 * const image = ones([1, 1, 2, 3]);
 * nn.functional.fold(nn.functional.unfold(image, 2), [2, 3], 2).flatten(); // tensor([1., 2., 1., 1., 2., 1.])
 */
export function fold(x: Tensor, outputSize: PairLike, kernelSize: PairLike, options: PatchOptions = {}): Tensor {
  if (x.ndim === 2) {
    const image = fold(reshape(x, [1, ...x.shape]), outputSize, kernelSize, options);
    return reshape(image, image.shape.slice(1));
  }
  requireCounts("fold", { outputSize }, 1);
  const size = pairOf(outputSize);
  const { kernel, margin, rows, columns } = placesOf("fold", size, kernelSize, options, x);
  const area = kernel[0] * kernel[1];
  const places = rows[0]!.length * columns[0]!.length;
  if (x.ndim !== 3 || x.shape[1]! % area !== 0 || x.shape[2] !== places) {
    const problem = `input must be N × C·${area} × ${places} for kernel ${formatShape(kernel)} on ${formatShape(size)}`;
    throw ShapeError.of("fold", problem, { input: x.shape }, "unfold with the same options makes such columns.");
  }
  const [batch, channels] = [x.shape[0]!, x.shape[1]! / area];
  return scoped(() => {
    const patches = reshape(x, [batch, channels, ...kernel, rows[0]!.length, columns[0]!.length]);
    const lines = reshape(permute(patches, [0, 1, 2, 4, 3, 5]), [
      batch,
      channels,
      rows.flat().length,
      columns.flat().length,
    ]);
    const [height, width] = [size[0] + 2 * margin[0], size[1] + 2 * margin[1]];
    const blank = (...sizes: number[]) => zeros([batch, channels, ...sizes], { device: x.device });
    const tall = indexAdd(blank(height, columns.flat().length), 2, rows.flat(), lines);
    const whole = indexAdd(blank(height, width), 3, columns.flat(), tall);
    return narrow(narrow(whole, 2, margin[0], size[0]), 3, margin[1], size[1]);
  });
}

/** For every element of the kernel along an axis, the padded rows (columns) that it meets. */
function placesOf(op: string, size: readonly number[], kernelSize: PairLike, options: PatchOptions, x: Tensor) {
  const { stride = 1, padding = 0, dilation = 1 } = options;
  requireCounts(op, { kernelSize, stride, dilation }, 1);
  requireCounts(op, { padding }, 0);
  const [kernel, margin] = [pairOf(kernelSize), pairOf(padding)];
  const along = (axis: 0 | 1): number[][] => {
    const [step, gap] = [pairOf(stride)[axis], pairOf(dilation)[axis]];
    const room = size[axis]! + 2 * margin[axis] - gap * (kernel[axis] - 1) - 1;
    if (room < 0) {
      const problem = `kernel ${formatShape(kernel)} does not fit into ${formatShape(size)} with padding ${formatShape(margin)}`;
      throw ShapeError.of(op, problem, { input: x.shape }, "Use a smaller kernel or dilation, or more padding.");
    }
    const count = Math.floor(room / step) + 1;
    return Array.from({ length: kernel[axis] }, (_, k) => Array.from({ length: count }, (_, i) => i * step + k * gap));
  };
  return { kernel, margin, rows: along(0), columns: along(1) };
}
