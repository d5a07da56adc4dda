// The sizes that a generated convolution is made for. Stride 1 and no padding so far: a padded image is a larger image.

import { KernelError } from "../kernel-error.ts";

export interface ConvolutionSizes {
  readonly channels: number;
  readonly filters: number;
  readonly height: number;
  readonly width: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
}

export interface Geometry extends ConvolutionSizes {
  readonly outHeight: number;
  readonly outWidth: number;
  /** Elements under the kernel. */
  readonly patch: number;
  /** Bytes of one channel of the input, and of the output. */
  readonly planeBytes: number;
  readonly outPlaneBytes: number;
  /** Where each element under the kernel lies in one channel, in bytes from the first. */
  readonly taps: readonly number[];
}

export function geometryOf(sizes: ConvolutionSizes): Geometry {
  const { channels, height, width, kernelHeight, kernelWidth } = sizes;
  const [outHeight, outWidth] = [height - kernelHeight + 1, width - kernelWidth + 1];
  if (outHeight < 1 || outWidth < 1) {
    const [kernel, image] = [`${kernelHeight} × ${kernelWidth}`, `${height} × ${width}`];
    throw new KernelError("conv2d", `a kernel of ${kernel} is larger than the image, ${image}`);
  }
  const taps = Array.from({ length: kernelHeight * kernelWidth }, (_, tap) => {
    return 4 * (Math.floor(tap / kernelWidth) * width + (tap % kernelWidth));
  });
  return {
    ...sizes,
    outHeight,
    outWidth,
    patch: channels * taps.length,
    planeBytes: 4 * height * width,
    outPlaneBytes: 4 * outHeight * outWidth,
    taps,
  };
}
