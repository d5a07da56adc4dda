// CPU kernels of the 2-D convolution (a cross-correlation, as everywhere in deep learning) and its two adjoints: patches
// of one sample are unrolled into columns (im2col), the rest is a matrix product.
// K. Chellapilla, S. Puri, P. Simard, High Performance Convolutional Neural Networks for Document Processing, 2006.

import type { TypedArray } from "../../core/dtype.ts";
import type { Shape } from "../../core/shape.ts";
import type { ConvParams } from "../../ops/table.ts";
import type { KernelTable } from "../backend.ts";
import { gemm, type Matrix, Workspace } from "./gemm.ts";

export const convolutionKernels = {
  conv2d: ([x, weight], y, params) => {
    const g = geometryOf(x.shape, weight.shape, y.shape, params);
    const columns = new Float32Array(g.patch * g.positions);
    const workspace = new Workspace();
    eachGroup(g, (image, filter, output) => {
      unroll(g, x.buffer, image, columns);
      gemm(
        { m: g.filters, n: g.positions, k: g.patch },
        rowMajor(weight.buffer, filter, g.patch),
        rowMajor(columns, 0, g.positions),
        { values: y.buffer, offset: output, accumulate: false },
        workspace,
      );
    });
  },
  conv2dInput: ([grad, weight], y, params) => {
    const g = geometryOf(y.shape, weight.shape, grad.shape, params);
    const columns = new Float32Array(g.patch * g.positions);
    const workspace = new Workspace();
    y.buffer.fill(0);
    eachGroup(g, (image, filter, output) => {
      gemm(
        { m: g.patch, n: g.positions, k: g.filters },
        transposed(weight.buffer, filter, g.patch),
        rowMajor(grad.buffer, output, g.positions),
        { values: columns, offset: 0, accumulate: false },
        workspace,
      );
      roll(g, columns, y.buffer, image);
    });
  },
  conv2dWeight: ([x, grad], y, params) => {
    const g = geometryOf(x.shape, y.shape, grad.shape, params);
    const columns = new Float32Array(g.patch * g.positions);
    const workspace = new Workspace();
    y.buffer.fill(0);
    eachGroup(g, (image, filter, output) => {
      unroll(g, x.buffer, image, columns);
      gemm(
        { m: g.filters, n: g.patch, k: g.positions },
        rowMajor(grad.buffer, output, g.positions),
        transposed(columns, 0, g.positions),
        { values: y.buffer, offset: filter, accumulate: true },
        workspace,
      );
    });
  },
} satisfies Partial<KernelTable<TypedArray>>;

/** Sizes of one convolution; `channels` and `filters` are those of one group. */
interface Geometry extends ConvParams {
  readonly batch: number;
  readonly channels: number;
  readonly filters: number;
  readonly height: number;
  readonly width: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly outHeight: number;
  readonly outWidth: number;
  /** Elements under the kernel. */
  readonly patch: number;
  /** Places of the kernel. */
  readonly positions: number;
}

function geometryOf(x: Shape, weight: Shape, y: Shape, params: ConvParams): Geometry {
  const [filters, channels, kernelHeight, kernelWidth] = weight as [number, number, number, number];
  const [batch, , height, width] = x as [number, number, number, number];
  const [, , outHeight, outWidth] = y as [number, number, number, number];
  return {
    ...params,
    batch,
    channels,
    filters: filters / params.groups,
    height,
    width,
    kernelHeight,
    kernelWidth,
    outHeight,
    outWidth,
    patch: channels * kernelHeight * kernelWidth,
    positions: outHeight * outWidth,
  };
}

/** Calls `visit` for every sample and group with the offsets of its image, filters and output. */
function eachGroup(g: Geometry, visit: (image: number, filter: number, output: number) => void): void {
  for (let index = 0; index < g.batch * g.groups; index++) {
    visit(
      index * g.channels * g.height * g.width,
      (index % g.groups) * g.filters * g.patch,
      index * g.filters * g.positions,
    );
  }
}

/** Writes the patch under every position of the kernel into a column; outside the image is 0. */
function unroll(g: Geometry, image: TypedArray, offset: number, columns: Float32Array): void {
  let to = 0;
  eachTap(g, (plane, top, left) => {
    for (let oy = 0; oy < g.outHeight; oy++) {
      const y = top + oy * g.stride[0];
      const row = offset + plane + y * g.width;
      const inside = y >= 0 && y < g.height;
      for (let ox = 0; ox < g.outWidth; ox++) {
        const x = left + ox * g.stride[1];
        columns[to++] = inside && x >= 0 && x < g.width ? image[row + x]! : 0;
      }
    }
  });
}

/** The adjoint of unroll: adds every column back onto the patch it came from. */
function roll(g: Geometry, columns: Float32Array, image: TypedArray, offset: number): void {
  let from = 0;
  eachTap(g, (plane, top, left) => {
    for (let oy = 0; oy < g.outHeight; oy++) {
      const y = top + oy * g.stride[0];
      const row = offset + plane + y * g.width;
      const inside = y >= 0 && y < g.height;
      for (let ox = 0; ox < g.outWidth; ox++, from++) {
        const x = left + ox * g.stride[1];
        if (inside && x >= 0 && x < g.width) image[row + x]! += columns[from]!;
      }
    }
  });
}

/** Visits every element of the kernel with its channel's plane and where it lies when the kernel is at the first position. */
function eachTap(g: Geometry, visit: (plane: number, top: number, left: number) => void): void {
  for (let channel = 0; channel < g.channels; channel++) {
    for (let ky = 0; ky < g.kernelHeight; ky++) {
      for (let kx = 0; kx < g.kernelWidth; kx++) {
        visit(channel * g.height * g.width, ky * g.dilation[0] - g.padding[0], kx * g.dilation[1] - g.padding[1]);
      }
    }
  }
}

function rowMajor(values: TypedArray, offset: number, columns: number): Matrix {
  return { values, offset, rowStride: columns, columnStride: 1 };
}

/** The transpose of a row-major matrix of `columns` columns. */
function transposed(values: TypedArray, offset: number, columns: number): Matrix {
  return { values, offset, rowStride: 1, columnStride: columns };
}
