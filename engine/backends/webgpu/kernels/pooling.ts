// Max and average pooling over N × C × H × W and their gradients. One invocation computes one element: of the output from its
// window, of an input gradient from the windows that it lies in, in their order, so that sums are always the same.

import { type Shape, sizeOf } from "../../../core/shape.ts";
import type { AvgPoolParams, MaxPoolParams, PoolParams } from "../../../ops/table.ts";
import type { KernelTable } from "../../backend.ts";
import type { Gpu } from "../gpu.ts";
import type { GpuBuffer, GpuOperand } from "../memory/gpu-buffer.ts";

export const poolingKernels = (gpu: Gpu) =>
  ({
    maxPool2d: ([x], y, params) => {
      maxOfWindows(gpu, "maxPool2d", "select(u.none, x[plane + at], at >= 0)", x, y, params);
    },
    maxPool2dIndices: ([x], y, params) => maxOfWindows(gpu, "maxPool2dIndices", "max(at, 0)", x, y, params),
    maxPool2dInput: ([x, grad], y, params) => {
      if (!overlap(params)) {
        maxInput(gpu, x, grad, y, params);
        return;
      }
      // An element may be the maximum of several windows: each is searched once.
      gpu.scratch("int32", sizeOf(grad.shape), (buffer) => {
        const places = { ...grad, dtype: "int32", buffer, offset: 0 } as const;
        maxOfWindows(gpu, "maxPool2dPlaces", "at", x, places, params);
        maxInputFromPlaces(gpu, places, grad, y, params);
      });
    },
    avgPool2d: ([x], y, params) => avgOfWindows(gpu, x, y, params),
    avgPool2dInput: ([grad], y, params) => avgInput(gpu, grad, y, params),
  }) satisfies Partial<KernelTable<GpuBuffer>>;

/** Whether an element can lie in two windows. */
function overlap({ kernelSize, stride, dilation }: MaxPoolParams): boolean {
  return [0, 1].some((axis) => (kernelSize[axis]! - 1) * dilation[axis]! + 1 > stride[axis]!);
}

const uniforms = {
  count: "u32",
  xStart: "i32",
  gradStart: "i32",
  yStart: "u32",
  // In height and width.
  size: ["i32", 2],
  outSize: ["i32", 2],
  kernel: ["i32", 2],
  stride: ["i32", 2],
  padding: ["i32", 2],
} as const;

function uniformsOf(input: Shape, output: Shape, { kernelSize, stride, padding }: PoolParams) {
  return {
    xStart: 0,
    gradStart: 0,
    size: input.slice(2),
    outSize: output.slice(2),
    kernel: kernelSize,
    stride,
    padding,
  };
}

/** The image, row and column of `index` in images of this size, as `image`, `row` and `column` (i32). */
const placeIn = (size: string) => `
  if (index >= u.count) { return; }
  let column = i32(index) % u.${size}1;
  let row = i32(index) / u.${size}1 % u.${size}0;
  let image = i32(index) / u.${size}1 / u.${size}0;`;

/** Loops over the windows, `outRow` and `outColumn`, that cover `row` and `column`; the kernel reaches `reach` elements. */
const eachWindow = (reach: (axis: 0 | 1) => string, body: string) => `
  let top = row + u.padding0;
  let left = column + u.padding1;
  let lastRow = min(top / u.stride0, u.outSize0 - 1);
  let lastColumn = min(left / u.stride1, u.outSize1 - 1);
  let firstRow = max(top - ${reach(0)} + u.stride0, 0) / u.stride0;
  let firstColumn = max(left - ${reach(1)} + u.stride1, 0) / u.stride1;
  for (var outRow = firstRow; outRow <= lastRow; outRow++) {
    for (var outColumn = firstColumn; outColumn <= lastColumn; outColumn++) {
      ${body}
    }
  }`;

const dilatedReach = (axis: 0 | 1) => `((u.kernel${axis} - 1) * u.dilation${axis} + 1)`;

/** Where in its plane a window's maximum is: the first of equal ones, the last NaN; -1 where nothing is under it. */
const placeOfMax = `
fn placeOfMax(plane: i32, outRow: i32, outColumn: i32) -> i32 {
  let top = outRow * u.stride0 - u.padding0;
  let left = outColumn * u.stride1 - u.padding1;
  var best = -1;
  var largest = 0.0;
  for (var i = 0; i < u.kernel0; i++) {
    let row = top + i * u.dilation0;
    if (u32(row) >= u32(u.size0)) { continue; }
    for (var j = 0; j < u.kernel1; j++) {
      let column = left + j * u.dilation1;
      if (u32(column) >= u32(u.size1)) { continue; }
      let value = x[plane + row * u.size1 + column];
      if (best < 0 || isNan(value) || (value > largest && !isNan(largest))) {
        best = row * u.size1 + column;
        largest = value;
      }
    }
  }
  return best;
}`;

/** y = `result`, an expression in `at`, the place of the maximum or -1, and `plane`, where its image starts. */
function maxOfWindows(gpu: Gpu, op: string, result: string, x: GpuOperand, y: GpuOperand, params: MaxPoolParams): void {
  const shader = gpu.shader(op, () => ({
    reads: { x: "f32" },
    writes: { y: y.dtype === "float32" ? "f32" : "i32" },
    uniforms: { ...uniforms, dilation: ["i32", 2], none: "f32" },
    before: placeOfMax,
    main: `
  ${placeIn("outSize")}
  let plane = u.xStart + image * u.size0 * u.size1;
  let at = placeOfMax(plane, row, column);
  y[u.yStart + index] = ${result};`,
  }));
  const count = sizeOf(y.shape);
  const sizes = {
    ...uniformsOf(x.shape, y.shape, params),
    ...{ count, xStart: x.offset, yStart: y.offset, dilation: params.dilation, none: -Infinity },
  };
  gpu.dispatch(shader, { x: x.buffer, y: y.buffer }, sizes, gpu.linear(count));
}

/** For windows that do not overlap: the only one that an element lies in is searched. */
function maxInput(gpu: Gpu, x: GpuOperand, grad: GpuOperand, y: GpuOperand, params: MaxPoolParams): void {
  const shader = gpu.shader("maxPool2dInput", () => ({
    reads: { x: "f32", grad: "f32" },
    writes: { y: "f32" },
    uniforms: { ...uniforms, dilation: ["i32", 2] },
    before: placeOfMax,
    main: maxInputText("placeOfMax(u.xStart + image * u.size0 * u.size1, outRow, outColumn)"),
  }));
  const count = sizeOf(y.shape);
  const sizes = {
    ...uniformsOf(x.shape, grad.shape, params),
    ...{ count, xStart: x.offset, gradStart: grad.offset, yStart: y.offset, dilation: params.dilation },
  };
  gpu.dispatch(shader, { x: x.buffer, grad: grad.buffer, y: y.buffer }, sizes, gpu.linear(count));
}

function maxInputFromPlaces(
  gpu: Gpu,
  places: GpuOperand,
  grad: GpuOperand,
  y: GpuOperand,
  params: MaxPoolParams,
): void {
  const shader = gpu.shader("maxPool2dInputFromPlaces", () => ({
    reads: { places: "i32", grad: "f32" },
    writes: { y: "f32" },
    uniforms: { ...uniforms, dilation: ["i32", 2] },
    main: maxInputText("places[window]"),
  }));
  const count = sizeOf(y.shape);
  const sizes = {
    ...uniformsOf(y.shape, grad.shape, params),
    ...{ count, gradStart: grad.offset, yStart: y.offset, dilation: params.dilation },
  };
  gpu.dispatch(shader, { places: places.buffer, grad: grad.buffer, y: y.buffer }, sizes, gpu.linear(count));
}

/** The sum of the gradients of those windows whose maximum, at `place`, is this element. */
function maxInputText(place: string): string {
  return `
  ${placeIn("size")}
  let own = row * u.size1 + column;
  var sum = 0.0;
  ${eachWindow(
    dilatedReach,
    `let window = (image * u.outSize0 + outRow) * u.outSize1 + outColumn;
      if (${place} == own) { sum += grad[u.gradStart + window]; }`,
  )}
  y[u.yStart + index] = sum;`;
}

/** Of a window along one axis: the part inside the image, from x to y, and how many entries a mean counts. */
const partOf = `
fn partOf(place: i32, kernel: i32, stride: i32, padding: i32, size: i32) -> vec3i {
  let first = place * stride - padding;
  let inside = vec2i(max(first, 0), min(first + kernel, size));
  // What hangs over the padding as well (ceilMode) never counts.
  let padded = min(first + kernel, size + padding) - first;
  return vec3i(inside, select(inside.y - inside.x, padded, u.countIncludePad != 0u));
}
fn rowsOf(place: i32) -> vec3i { return partOf(place, u.kernel0, u.stride0, u.padding0, u.size0); }
fn columnsOf(place: i32) -> vec3i { return partOf(place, u.kernel1, u.stride1, u.padding1, u.size1); }
fn mean(sum: f32, count: i32) -> f32 {
  if (count == 0) { return nan(); }
  return sum / f32(count);
}`;

/** Row by row, so that the sums of large windows stay exact enough. */
function avgOfWindows(gpu: Gpu, x: GpuOperand, y: GpuOperand, params: AvgPoolParams): void {
  const shader = gpu.shader("avgPool2d", () => ({
    reads: { x: "f32" },
    writes: { y: "f32" },
    uniforms: { ...uniforms, countIncludePad: "u32" },
    before: partOf,
    main: `
  ${placeIn("outSize")}
  let plane = u.xStart + image * u.size0 * u.size1;
  let rows = rowsOf(row);
  let columns = columnsOf(column);
  var sum = 0.0;
  for (var i = rows.x; i < rows.y; i++) {
    var sumOfRow = 0.0;
    for (var j = columns.x; j < columns.y; j++) { sumOfRow += x[plane + i * u.size1 + j]; }
    sum += sumOfRow;
  }
  y[u.yStart + index] = mean(sum, rows.z * columns.z);`,
  }));
  const count = sizeOf(y.shape);
  const sizes = {
    ...uniformsOf(x.shape, y.shape, params),
    ...{ count, xStart: x.offset, yStart: y.offset, countIncludePad: Number(params.countIncludePad) },
  };
  gpu.dispatch(shader, { x: x.buffer, y: y.buffer }, sizes, gpu.linear(count));
}

function avgInput(gpu: Gpu, grad: GpuOperand, y: GpuOperand, params: AvgPoolParams): void {
  const shader = gpu.shader("avgPool2dInput", () => ({
    reads: { grad: "f32" },
    writes: { y: "f32" },
    uniforms: { ...uniforms, countIncludePad: "u32" },
    before: partOf,
    main: `
  ${placeIn("size")}
  var sum = 0.0;
  ${eachWindow(
    (axis) => `u.kernel${axis}`,
    `let window = (image * u.outSize0 + outRow) * u.outSize1 + outColumn;
      sum += mean(grad[u.gradStart + window], rowsOf(outRow).z * columnsOf(outColumn).z);`,
  )}
  y[u.yStart + index] = sum;`,
  }));
  const count = sizeOf(y.shape);
  const sizes = {
    ...uniformsOf(y.shape, grad.shape, params),
    ...{ count, gradStart: grad.offset, yStart: y.offset, countIncludePad: Number(params.countIncludePad) },
  };
  gpu.dispatch(shader, { grad: grad.buffer, y: y.buffer }, sizes, gpu.linear(count));
}
