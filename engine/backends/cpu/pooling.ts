// CPU kernels of max and average pooling over N × C × H × W. Padding counts as -∞ for the maximum and as 0 for the mean,
// whose divisor is always the whole window (torch: count_include_pad).

import type { TypedArray } from "../../core/dtype.ts";
import type { Shape } from "../../core/shape.ts";
import type { PoolParams } from "../../ops/table.ts";
import type { KernelTable } from "../backend.ts";

export const poolingKernels = {
  maxPool2d: ([x], y, params) => {
    eachWindow(x.shape, y.shape, params, (output, plane, window, width) => {
      y.buffer[output] = x.buffer[plane + largest(x.buffer, plane, window, width)]!;
    });
  },
  maxPool2dIndices: ([x], y, params) => {
    eachWindow(x.shape, y.shape, params, (output, plane, window, width) => {
      y.buffer[output] = largest(x.buffer, plane, window, width);
    });
  },
  avgPool2d: ([x], y, params) => {
    const area = params.kernelSize[0] * params.kernelSize[1];
    eachWindow(x.shape, y.shape, params, (output, plane, { top, bottom, left, right }, width) => {
      let sum = 0;
      for (let row = top; row < bottom; row++) {
        for (let column = left; column < right; column++) sum += x.buffer[plane + row * width + column]!;
      }
      y.buffer[output] = sum / area;
    });
  },
  avgPool2dInput: ([grad], y, params) => {
    const area = params.kernelSize[0] * params.kernelSize[1];
    y.buffer.fill(0);
    eachWindow(y.shape, grad.shape, params, (output, plane, { top, bottom, left, right }, width) => {
      const share = grad.buffer[output]! / area;
      for (let row = top; row < bottom; row++) {
        for (let column = left; column < right; column++) y.buffer[plane + row * width + column]! += share;
      }
    });
  },
} satisfies Partial<KernelTable<TypedArray>>;

/** The part of a pooling window that lies inside the image. One object serves all windows. */
interface Window {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

type Visit = (output: number, plane: number, window: Readonly<Window>, width: number) => void;

function eachWindow(input: Shape, output: Shape, { kernelSize, stride, padding }: PoolParams, visit: Visit): void {
  const [batch, channels, height, width] = input as [number, number, number, number];
  const [, , outHeight, outWidth] = output as [number, number, number, number];
  const window: Window = { top: 0, bottom: 0, left: 0, right: 0 };
  let index = 0;
  for (let image = 0; image < batch * channels; image++) {
    for (let oy = 0; oy < outHeight; oy++) {
      const top = oy * stride[0] - padding[0];
      window.top = Math.max(top, 0);
      window.bottom = Math.min(top + kernelSize[0], height);
      for (let ox = 0; ox < outWidth; ox++) {
        const left = ox * stride[1] - padding[1];
        window.left = Math.max(left, 0);
        window.right = Math.min(left + kernelSize[1], width);
        visit(index++, image * height * width, window, width);
      }
    }
  }
}

/** Where in its plane the window's maximum is: the first of equal ones, the last NaN. */
function largest(
  values: TypedArray,
  plane: number,
  { top, bottom, left, right }: Readonly<Window>,
  width: number,
): number {
  let best = top * width + left;
  for (let row = top; row < bottom; row++) {
    for (let column = left; column < right; column++) {
      const value = values[plane + row * width + column]!;
      if (value > values[plane + best]! || Number.isNaN(value)) best = row * width + column;
    }
  }
  return best;
}
