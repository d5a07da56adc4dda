// The weight gradient of a convolution on the GPU: for each filter and each element under it, the sum over all positions of all
// samples of the output's gradient times the input there. A product of two matrices that are both gathered tile by tile; or,
// for few filters to a group, sums over positions for one filter's channel in each workgroup. Long sums are cut into parts.

import { sizeOf } from "../../../../core/shape.ts";
import type { ConvParams } from "../../../../ops/table.ts";
import type { Gpu } from "../../gpu.ts";
import type { GpuOperand } from "../../memory/gpu-buffer.ts";
import { asItIs, inParts } from "./parts.ts";
import {
  addProducts,
  type Cut,
  cutProduct,
  eachResult,
  fillSide,
  invocationsOf,
  keyOf,
  placeOfWorkgroup,
  startSums,
  type Tile,
  tileMemory,
} from "./tile.ts";

/** Filters of a group, and taps, with which the direct kernel is used: its sums are one register a tap. */
const [fewFilters, mostTaps] = [3, 49];
const directLanes = 64;
/** They are small ones. */
const enoughWorkgroups = 2048;
/** Positions for one workgroup of the direct kernel as long as there are few of them, and at most. */
const [directDepth, mostDirectDepth] = [1024, 4096 * directLanes];

export function weightGradient(gpu: Gpu, x: GpuOperand, grad: GpuOperand, y: GpuOperand, params: ConvParams): void {
  if (sizeOf(y.shape) === 0) return;
  const [filters, channels, kernelHeight, kernelWidth] = y.shape as [number, number, number, number];
  const depth = grad.shape[0]! * grad.shape[2]! * grad.shape[3]!;
  const rows = filters / params.groups;
  if (rows <= fewFilters && kernelHeight * kernelWidth <= mostTaps) {
    const wanted = Math.min(Math.ceil(depth / directDepth), Math.ceil(enoughWorkgroups / (filters * channels)));
    const parts = Math.max(1, wanted, Math.ceil(depth / mostDirectDepth));
    const partDepth = Math.ceil(depth / parts);
    inParts(gpu, parts, y, asItIs, (target, start) => {
      sumDirectly(gpu, x, grad, { ...y, buffer: target, offset: start }, params, { parts, partDepth });
    });
    return;
  }
  const cut = cutProduct(rows, channels * kernelHeight * kernelWidth, depth, params.groups);
  inParts(gpu, cut.parts, y, asItIs, (target, start) => {
    sumInTiles(gpu, x, grad, { ...y, buffer: target, offset: start }, params, cut);
  });
}

const uniforms = {
  workgroups: "u32",
  partDepth: "u32",
  partSize: "u32",
  /** Positions of all samples. */
  depth: "u32",
  /** Filters of a group, and channels. */
  rows: "u32",
  channels: "u32",
  // In height and width.
  source: ["u32", 2],
  positions: ["u32", 2],
  kernel: ["u32", 2],
  stride: ["i32", 2],
  padding: ["i32", 2],
  dilation: ["i32", 2],
  /** How many samples, rows and columns further the position is that an invocation comes to next. */
  advance: ["u32", 3],
  sourceStart: "i32",
  sourceImage: "i32",
  gradStart: "u32",
  gradImage: "u32",
  outStart: "u32",
} as const;

function uniformsOf(x: GpuOperand, grad: GpuOperand, y: GpuOperand, params: ConvParams, advance: number) {
  const [batch, allChannels, height, width] = x.shape as [number, number, number, number];
  const [, filters, outHeight, outWidth] = grad.shape as [number, number, number, number];
  const plane = outHeight * outWidth;
  return {
    depth: batch * plane,
    partSize: sizeOf(y.shape),
    rows: filters / params.groups,
    channels: y.shape[1]!,
    source: [height, width],
    positions: [outHeight, outWidth],
    kernel: [y.shape[2]!, y.shape[3]!],
    stride: params.stride,
    padding: params.padding,
    dilation: params.dilation,
    advance: [Math.floor(advance / plane), Math.floor((advance % plane) / outWidth), (advance % plane) % outWidth],
    sourceStart: x.offset,
    sourceImage: allChannels * height * width,
    gradStart: grad.offset,
    gradImage: filters * plane,
    outStart: y.offset,
  };
}

/** A position is sample, row and column of the output; an element under the kernel is row, column and place in the first image. */
const places = `
fn positionOf(depth: u32) -> vec3u {
  let line = depth / u.positions1;
  return vec3u(line / u.positions0, line % u.positions0, depth % u.positions1);
}
fn advanced(at: vec3u) -> vec3u {
  var to = at + vec3u(u.advance0, u.advance1, u.advance2);
  if (to.z >= u.positions1) { to.z -= u.positions1; to.y += 1u; }
  if (to.y >= u.positions0) { to.y -= u.positions0; to.x += 1u; }
  return to;
}
fn elementOf(channel: i32, tapRow: i32, tapColumn: i32) -> vec3i {
  let row = tapRow * u.dilation0 - u.padding0;
  let column = tapColumn * u.dilation1 - u.padding1;
  return vec3i(row, column, (channel * i32(u.source0) + row) * i32(u.source1) + column);
}
fn sourceAt(base: i32, at: vec3i, element: vec3i) -> f32 {
  let row = at.y * u.stride0;
  let column = at.z * u.stride1;
  if (u32(row + element.x) >= u.source0 || u32(column + element.y) >= u.source1) { return 0.0; }
  return source[base + at.x * u.sourceImage + row * i32(u.source1) + column + element.z];
}
fn gradPlace(filterIndex: u32, at: vec3u) -> u32 {
  return u.gradStart + at.x * u.gradImage + (filterIndex * u.positions0 + at.y) * u.positions1 + at.z;
}`;

function sumInTiles(gpu: Gpu, x: GpuOperand, grad: GpuOperand, y: GpuOperand, params: ConvParams, cut: Cut): void {
  const { tile, rowTiles, columnTiles, parts, partDepth } = cut;
  const shader = gpu.shader(`weightGradient/${keyOf(tile)}`, () => ({
    reads: { source: "f32", grad: "f32" },
    writes: { y: "f32" },
    uniforms: { ...uniforms, rowTiles: "u32", columnTiles: "u32", groups: "u32", columns: "u32" },
    workgroup: [invocationsOf(tile), 1, 1],
    before: `${tileMemory(tile)}\n${places}\n${tiledFunctions}`,
    main: tiledText(tile),
  }));
  const workgroups = rowTiles * columnTiles * params.groups * parts;
  const sizes = {
    ...uniformsOf(x, grad, y, params, tile.depth),
    ...{ workgroups, partDepth, rowTiles, columnTiles, groups: params.groups },
    columns: y.shape[1]! * y.shape[2]! * y.shape[3]!,
  };
  gpu.dispatch(shader, { source: x.buffer, grad: grad.buffer, y: y.buffer }, sizes, gpu.lines(workgroups));
}

const tiledFunctions = `
fn elementOfColumn(column: u32) -> vec3i {
  let line = column / u.kernel1;
  return elementOf(i32(line / u.kernel0), i32(line % u.kernel0), i32(column % u.kernel1));
}
fn gradsAt(filterIndex: u32, at: vec3u, isInside: bool) -> vec4f {
  if (!isInside) { return vec4f(); }
  let plane = u.positions0 * u.positions1;
  let place = gradPlace(filterIndex, at);
  return vec4f(grad[place], grad[place + plane], grad[place + 2u * plane], grad[place + 3u * plane]);
}
fn underKernel(base: i32, at: vec3i, elements: array<vec3i, 4>, isInside: bool) -> vec4f {
  if (!isInside) { return vec4f(); }
  return vec4f(
    sourceAt(base, at, elements[0]), sourceAt(base, at, elements[1]),
    sourceAt(base, at, elements[2]), sourceAt(base, at, elements[3]));
}
fn fourElements(column: u32) -> array<vec3i, 4> {
  return array(
    elementOfColumn(column), elementOfColumn(column + 1u), elementOfColumn(column + 2u), elementOfColumn(column + 3u));
}`;

/** Both operands lie along positions in memory, so that an invocation always fills one and the same step in depth. */
function tiledText(tile: Tile): string {
  const elements: string[] = [];
  const right = fillSide(tile, "right", "depth", (_, column) => {
    const name = `elements${elements.length}`;
    elements.push(`let ${name} = fourElements(firstColumn + ${column});`);
    return `underKernel(sourceBase, vec3i(at), ${name}, isInside)`;
  });
  return `
  ${placeOfWorkgroup(tile)}
  let sourceBase = u.sourceStart + i32(convGroup * u.channels * u.source0 * u.source1);
  let firstFilter = convGroup * u.rows + firstRow;
  ${elements.join("\n  ")}
  ${startSums(tile)}
  let start = part * u.partDepth;
  let end = min(start + u.partDepth, u.depth);
  var at = positionOf(start + lane % ${tile.depth}u);
  for (var begin = start; begin < end; begin += ${tile.depth}u) {
    let isInside = begin + lane % ${tile.depth}u < end;
    ${fillSide(tile, "left", "depth", (_, row) => `gradsAt(firstFilter + ${row}, at, isInside)`)}
    ${right}
    ${addProducts(tile)}
    at = advanced(at);
  }
  ${eachResult(
    tile,
    (column, body) => `
    let column = firstColumn + ${column};
    if (column < u.columns) {
      let at = u.outStart + part * u.partSize + column;
      ${body}
    }`,
    (row, sum) =>
      `if (firstRow + ${row} < u.rows) { y[at + (convGroup * u.rows + firstRow + ${row}) * u.columns] = ${sum}; }`,
  )}`;
}

function sumDirectly(
  gpu: Gpu,
  x: GpuOperand,
  grad: GpuOperand,
  y: GpuOperand,
  params: ConvParams,
  { parts, partDepth }: Pick<Cut, "parts" | "partDepth">,
): void {
  const [filters, channels, kernelHeight, kernelWidth] = y.shape as [number, number, number, number];
  const shader = gpu.shader(`weightGradientDirectly/${kernelHeight}x${kernelWidth}`, () => ({
    reads: { source: "f32", grad: "f32" },
    writes: { y: "f32" },
    uniforms: { ...uniforms, kernels: "u32" },
    workgroup: [directLanes, 1, 1],
    before: `var<workgroup> sums: array<f32, ${kernelHeight * kernelWidth * directLanes}>;\n${places}`,
    main: directText(kernelHeight, kernelWidth),
  }));
  const workgroups = filters * channels * parts;
  const sizes = {
    ...uniformsOf(x, grad, y, params, directLanes),
    ...{ workgroups, partDepth, kernels: filters * channels },
  };
  gpu.dispatch(shader, { source: x.buffer, grad: grad.buffer, y: y.buffer }, sizes, gpu.lines(workgroups));
}

/** A workgroup has one kernel, a filter's of one channel; its invocations share the positions. */
function directText(kernelHeight: number, kernelWidth: number): string {
  const taps = kernelHeight * kernelWidth;
  const eachTap = (write: (tap: number) => string) =>
    Array.from({ length: taps }, (_, tap) => write(tap)).join("\n    ");
  return `
  let id = group.y * groups.x + group.x;
  if (id >= u.workgroups) { return; }
  let kernel = id % u.kernels;
  let part = id / u.kernels;
  let filterIndex = kernel / u.channels;
  let channel = filterIndex / u.rows * u.channels + kernel % u.channels;
  ${eachTap((tap) => `var sum${tap} = 0.0;`)}
  let start = part * u.partDepth;
  let end = min(start + u.partDepth, u.depth);
  var at = positionOf(start + lane);
  for (var depth = start + lane; depth < end; depth += ${directLanes}u) {
    let g = grad[gradPlace(filterIndex, at)];
    let place = vec3i(at);
    ${eachTap((tap) => {
      const [row, column] = [Math.floor(tap / kernelWidth), tap % kernelWidth];
      return `sum${tap} += g * sourceAt(u.sourceStart, place, elementOf(i32(channel), ${row}, ${column}));`;
    })}
    at = advanced(at);
  }
  ${eachTap((tap) => `sums[${tap * directLanes}u + lane] = sum${tap};`)}
  workgroupBarrier();
  if (lane < ${taps}u) {
    var sum = 0.0;
    for (var i = 0u; i < ${directLanes}u; i++) { sum += sums[lane * ${directLanes}u + (i + lane) % ${directLanes}u]; }
    y[u.outStart + part * u.partSize + kernel * ${taps}u + lane] = sum;
  }`;
}
