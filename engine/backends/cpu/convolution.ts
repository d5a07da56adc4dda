// CPU kernels of the 2-D convolution (a cross-correlation, as everywhere in deep learning) and its two adjoints: patches
// are unrolled into columns (im2col), the rest is a matrix product.
// K. Chellapilla, S. Puri, P. Simard, High Performance Convolutional Neural Networks for Document Processing, 2006.

import type { TypedArray } from "../../core/dtype.ts";
import type { Shape } from "../../core/shape.ts";
import type { ConvParams } from "../../ops/table.ts";
import type { KernelTable } from "../backend.ts";
import { activate } from "./activate.ts";
import { gemm, type Matrix, Workspace } from "./gemm.ts";

/** Samples are taken together until there are about this many columns: they fill the tiles, and still fit into the cache. */
const columnsTogether = 1024;

export const convolutionKernels = {
  conv2d: ([x, weight, bias], y, params) => {
    const g = geometryOf(x.shape, weight.shape, y.shape, params);
    const { columns, rows, workspace } = scratchFor(g);
    eachChunk(g, (chunk, n) => {
      unroll(g, x.buffer, chunk, columns);
      gemm(
        { m: g.filters, n, k: g.patch },
        rowMajor(weight.buffer, chunk.group * g.filters * g.patch, g.patch),
        rowMajor(columns, 0, n),
        { values: rows, offset: 0, accumulate: false },
        workspace,
      );
      eachRow(g, chunk, (place, row) => {
        const term = bias?.buffer[Math.floor(place / g.positions) % y.shape[1]!] ?? 0;
        for (let i = 0; i < g.positions; i++) y.buffer[place + i] = rows[row + i]! + term;
      });
    });
    activate(y, params.activation);
  },
  conv2dInput: ([grad, weight], y, params) => {
    const g = geometryOf(y.shape, weight.shape, grad.shape, params);
    const { columns, rows, workspace } = scratchFor(g);
    y.buffer.fill(0);
    eachChunk(g, (chunk, n) => {
      collect(g, grad.buffer, chunk, rows);
      gemm(
        { m: g.patch, n, k: g.filters },
        transposed(weight.buffer, chunk.group * g.filters * g.patch, g.patch),
        rowMajor(rows, 0, n),
        { values: columns, offset: 0, accumulate: false },
        workspace,
      );
      roll(g, columns, y.buffer, chunk);
    });
  },
  conv2dWeight: ([x, grad], y, params) => {
    const g = geometryOf(x.shape, y.shape, grad.shape, params);
    const { columns, rows, workspace } = scratchFor(g);
    y.buffer.fill(0);
    eachChunk(g, (chunk, n) => {
      unroll(g, x.buffer, chunk, columns);
      collect(g, grad.buffer, chunk, rows);
      gemm(
        { m: g.filters, n: g.patch, k: n },
        rowMajor(rows, 0, n),
        transposed(columns, 0, n),
        { values: y.buffer, offset: chunk.group * g.filters * g.patch, accumulate: true },
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

/** Consecutive samples of one group that are computed together. */
interface Chunk {
  readonly group: number;
  readonly first: number;
  readonly count: number;
}

function samplesTogether({ positions, batch }: Geometry): number {
  return Math.max(1, Math.min(batch, Math.ceil(columnsTogether / positions)));
}

function scratchFor(g: Geometry) {
  const n = samplesTogether(g) * g.positions;
  return {
    /** patch × n: what lies under the kernel, one column a position. */
    columns: new Float32Array(g.patch * n),
    /** filters × n: outputs, one row a filter. */
    rows: new Float32Array(g.filters * n),
    workspace: new Workspace(),
  };
}

/** Calls `visit` for every chunk, with its number of columns. */
function eachChunk(g: Geometry, visit: (chunk: Chunk, n: number) => void): void {
  const together = samplesTogether(g);
  for (let group = 0; group < g.groups; group++) {
    for (let first = 0; first < g.batch; first += together) {
      const count = Math.min(together, g.batch - first);
      visit({ group, first, count }, count * g.positions);
    }
  }
}

/** Where each filter's output of each sample lies in the output, and where in the chunk's rows. */
function eachRow(g: Geometry, { group, first, count }: Chunk, visit: (place: number, row: number) => void): void {
  for (let filter = 0; filter < g.filters; filter++) {
    for (let i = 0; i < count; i++) {
      const plane = ((first + i) * g.groups + group) * g.filters + filter;
      visit(plane * g.positions, (filter * count + i) * g.positions);
    }
  }
}

function collect(g: Geometry, output: TypedArray, chunk: Chunk, rows: Float32Array): void {
  eachRow(g, chunk, (place, row) => {
    for (let i = 0; i < g.positions; i++) rows[row + i] = output[place + i]!;
  });
}

/** Writes the patch under every position of the kernel into a column; outside the image is 0. */
function unroll(g: Geometry, images: TypedArray, chunk: Chunk, columns: Float32Array): void {
  eachLine(g, chunk, (line, from, start, end) => {
    const { stride, outWidth } = g;
    const step = stride[1];
    for (let i = 0; i < start; i++) columns[line + i] = 0;
    for (let i = start; i < end; i++) columns[line + i] = images[from + i * step]!;
    for (let i = end; i < outWidth; i++) columns[line + i] = 0;
  });
}

/** The adjoint of unroll: adds every column back onto the patch it came from. */
function roll(g: Geometry, columns: Float32Array, images: TypedArray, chunk: Chunk): void {
  eachLine(g, chunk, (line, from, start, end) => {
    const step = g.stride[1];
    for (let i = start; i < end; i++) images[from + i * step]! += columns[line + i]!;
  });
}

/**
 * One line of columns: what one element of the kernel meets along one row of positions. Column `line + i` is the image's
 * element `from + i · stride` for start ≤ i < end, and outside the image for the others.
 */
type VisitLine = (line: number, from: number, start: number, end: number) => void;

function eachLine(g: Geometry, { group, first, count }: Chunk, visit: VisitLine): void {
  const { height, width, outHeight, outWidth, stride, padding, dilation } = g;
  let line = 0;
  for (let tap = 0; tap < g.patch; tap++) {
    const left = (tap % g.kernelWidth) * dilation[1] - padding[1];
    const row = Math.floor(tap / g.kernelWidth);
    const top = (row % g.kernelHeight) * dilation[0] - padding[0];
    const channel = Math.floor(row / g.kernelHeight);
    const start = Math.min(Math.max(Math.ceil(-left / stride[1]), 0), outWidth);
    const end = Math.max(Math.min(Math.floor((width - 1 - left) / stride[1]) + 1, outWidth), start);
    for (let i = 0; i < count; i++) {
      const plane = (((first + i) * g.groups + group) * g.channels + channel) * height;
      for (let oy = 0; oy < outHeight; oy++, line += outWidth) {
        const y = top + oy * stride[0];
        const inside = y >= 0 && y < height;
        visit(line, (plane + y) * width + left, inside ? start : outWidth, inside ? end : outWidth);
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
