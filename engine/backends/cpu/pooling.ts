// CPU kernels of max and average pooling over N × C × H × W. Padding counts as -∞ for the maximum, and as 0 or not at all
// for the mean.

import type { TypedArray } from "../../core/dtype.ts";
import type { Shape } from "../../core/shape.ts";
import type { AvgPoolParams, MaxPoolParams, PoolParams } from "../../ops/table.ts";
import type { KernelTable } from "../backend.ts";

export const poolingKernels = {
  maxPool2d: ([x], y, params) => {
    eachWindow(x.shape, y.shape, params, (output, plane, top, left) => {
      const best = largest(x.buffer, plane, top, left, x.shape, params);
      y.buffer[output] = best < 0 ? -Infinity : x.buffer[plane + best]!;
    });
  },
  maxPool2dIndices: ([x], y, params) => {
    eachWindow(x.shape, y.shape, params, (output, plane, top, left) => {
      y.buffer[output] = Math.max(largest(x.buffer, plane, top, left, x.shape, params), 0);
    });
  },
  maxPool2dInput: ([x, grad], y, params) => {
    y.buffer.fill(0);
    eachWindow(x.shape, grad.shape, params, (output, plane, top, left) => {
      const at = largest(x.buffer, plane, top, left, x.shape, params);
      if (at >= 0) y.buffer[plane + at]! += grad.buffer[output]!;
    });
  },
  avgPool2d: ([x], y, params) => {
    const width = x.shape[3]!;
    const parts = partsOf(x.shape, y.shape, params);
    eachWindow(x.shape, y.shape, params, (output, plane, _top, _left, oy, ox) => {
      const [rows, columns] = [parts.rows[oy]!, parts.columns[ox]!];
      let sum = 0;
      for (let row = rows.start; row < rows.end; row++) {
        for (let column = columns.start; column < columns.end; column++) sum += x.buffer[plane + row * width + column]!;
      }
      y.buffer[output] = sum / (rows.count * columns.count);
    });
  },
  avgPool2dInput: ([grad], y, params) => {
    const width = y.shape[3]!;
    const parts = partsOf(y.shape, grad.shape, params);
    y.buffer.fill(0);
    eachWindow(y.shape, grad.shape, params, (output, plane, _top, _left, oy, ox) => {
      const [rows, columns] = [parts.rows[oy]!, parts.columns[ox]!];
      const share = grad.buffer[output]! / (rows.count * columns.count);
      for (let row = rows.start; row < rows.end; row++) {
        for (let column = columns.start; column < columns.end; column++)
          y.buffer[plane + row * width + column]! += share;
      }
    });
  },
} satisfies Partial<KernelTable<TypedArray>>;

/** An output element, where its image starts, and where the window begins: perhaps outside, above or left of the image. */
type Visit = (output: number, plane: number, top: number, left: number, oy: number, ox: number) => void;

function eachWindow(input: Shape, output: Shape, { stride, padding }: PoolParams, visit: Visit): void {
  const [batch, channels, height, width] = input as [number, number, number, number];
  const [, , outHeight, outWidth] = output as [number, number, number, number];
  let index = 0;
  for (let image = 0; image < batch * channels; image++) {
    for (let oy = 0; oy < outHeight; oy++) {
      const top = oy * stride[0] - padding[0];
      for (let ox = 0; ox < outWidth; ox++) {
        visit(index++, image * height * width, top, ox * stride[1] - padding[1], oy, ox);
      }
    }
  }
}

/** Along one axis: the part of a window inside the image, and how many entries its mean counts. */
interface Part {
  readonly start: number;
  readonly end: number;
  readonly count: number;
}

function partsOf(input: Shape, output: Shape, { kernelSize, stride, padding, countIncludePad }: AvgPoolParams) {
  const along = (axis: 0 | 1): Part[] => {
    const length = input[2 + axis]!;
    return Array.from({ length: output[2 + axis]! }, (_, i) => {
      const first = i * stride[axis] - padding[axis];
      const start = Math.max(first, 0);
      const end = Math.min(first + kernelSize[axis], length);
      // What hangs over the padding as well (ceilMode) never counts.
      const padded = Math.min(first + kernelSize[axis], length + padding[axis]) - first;
      return { start, end, count: countIncludePad ? padded : end - start };
    });
  };
  return { rows: along(0), columns: along(1) };
}

/** Where in its plane the window's maximum is: the first of equal ones, the last NaN; -1 where nothing is under it. */
function largest(
  values: TypedArray,
  plane: number,
  top: number,
  left: number,
  input: Shape,
  { kernelSize, dilation }: MaxPoolParams,
): number {
  const [height, width] = [input[2]!, input[3]!];
  const bottom = Math.min(top + kernelSize[0] * dilation[0], height);
  const right = Math.min(left + kernelSize[1] * dilation[1], width);
  let best = -1;
  let found = -Infinity;
  for (let row = top; row < bottom; row += dilation[0]) {
    if (row < 0) continue;
    for (let column = left; column < right; column += dilation[1]) {
      if (column < 0) continue;
      const value = values[plane + row * width + column]!;
      if (best >= 0 && !(value > found || Number.isNaN(value))) continue;
      best = row * width + column;
      found = value;
    }
  }
  return best;
}
