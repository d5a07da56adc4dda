// CPU kernels of bilinear resizing and its adjoint. Source positions are torch's: pixel centres, or corners on corners.

import type { TypedArray } from "../../core/dtype.ts";
import type { Shape } from "../../core/shape.ts";
import type { ResizeParams } from "../../ops/table.ts";
import type { KernelTable } from "../backend.ts";

export const resizeKernels = {
  bilinear: ([x], y, params) => {
    eachBlend(x.shape, y.shape, params, (output, i00, i01, i10, i11, fy, fx) => {
      const top = x.buffer[i00]! * (1 - fx) + x.buffer[i01]! * fx;
      const bottom = x.buffer[i10]! * (1 - fx) + x.buffer[i11]! * fx;
      y.buffer[output] = top * (1 - fy) + bottom * fy;
    });
  },
  bilinearInput: ([grad], y, params) => {
    y.buffer.fill(0);
    eachBlend(y.shape, grad.shape, params, (output, i00, i01, i10, i11, fy, fx) => {
      const g = grad.buffer[output]!;
      y.buffer[i00]! += g * (1 - fy) * (1 - fx);
      y.buffer[i01]! += g * (1 - fy) * fx;
      y.buffer[i10]! += g * fy * (1 - fx);
      y.buffer[i11]! += g * fy * fx;
    });
  },
} satisfies Partial<KernelTable<TypedArray>>;

/** An output pixel, the four input pixels that it blends, and how far it lies from the first towards the others. */
type Blend = (output: number, i00: number, i01: number, i10: number, i11: number, fy: number, fx: number) => void;

function eachBlend(input: Shape, output: Shape, { scale, alignCorners }: ResizeParams, visit: Blend): void {
  const [batch, channels, height, width] = input as [number, number, number, number];
  const [, , outHeight, outWidth] = output as [number, number, number, number];
  const rows = sources(height, outHeight, scale[0], alignCorners);
  const columns = sources(width, outWidth, scale[1], alignCorners);
  let index = 0;
  for (let image = 0; image < batch * channels; image++) {
    const plane = image * height * width;
    for (const row of rows) {
      const [first, second] = [plane + row.near * width, plane + row.far * width];
      for (const { near, far, share } of columns) {
        visit(index++, first + near, first + far, second + near, second + far, row.share, share);
      }
    }
  }
}

/** For every output position along one axis: the two input positions between which it lies, and the share of the second. */
function sources(length: number, outLength: number, scale: number, alignCorners: boolean) {
  return Array.from({ length: outLength }, (_, i) => {
    const position = alignCorners ? i * scale : Math.max((i + 0.5) * scale - 0.5, 0);
    const near = Math.min(Math.floor(position), length - 1);
    return { near, far: Math.min(near + 1, length - 1), share: position - near };
  });
}
