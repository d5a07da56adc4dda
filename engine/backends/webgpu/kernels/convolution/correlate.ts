// One correlation (see correlation.ts) on the GPU, without ever unrolling images into columns: as a product of matrices whose
// right one, what lies under the kernel at every position, is gathered tile by tile; or, for few output channels, by invocations
// that read the source where it lies and keep a sum for each channel.

import { sizeOf } from "../../../../core/shape.ts";
import type { Gpu } from "../../gpu.ts";
import type { GpuOperand } from "../../memory/gpu-buffer.ts";
import type { Correlation } from "./correlation.ts";
import { type Finish, finishBuffers, finished, finishText, inParts } from "./parts.ts";
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

/** Up to so many output channels, the smallest tile would stay half empty; longer sums are better shared by workgroups. */
const [fewRows, mostDirectDepth] = [8, 1024];
/** Invocations of a workgroup of the direct kernel, and positions of each. */
const [directLanes, directPositions] = [64, 4];

/** y = finish(Σ weight · source), in as many correlations as y has remainders. */
export function correlate(
  gpu: Gpu,
  correlations: readonly Correlation[],
  source: GpuOperand,
  weight: GpuOperand,
  y: GpuOperand,
  finish: Finish,
): void {
  const first = correlations[0];
  if (first === undefined || sizeOf(y.shape) === 0) return;
  if (first.rows <= fewRows && correlations.every((c) => depthOf(c) <= mostDirectDepth)) {
    for (const c of correlations) correlateDirectly(gpu, c, source, weight, y, finish);
    return;
  }
  const cuts = correlations.map((c) => cutProduct(c.rows, positionsOf(c), depthOf(c), c.groups));
  const parts = Math.max(...cuts.map(({ parts }) => parts));
  inParts(gpu, parts, y, finish, (target, start, finish) => {
    for (const [i, c] of correlations.entries()) {
      correlateInTiles(gpu, c, { ...cuts[i]!, parts }, source, weight, { ...y, buffer: target, offset: start }, finish);
    }
  });
}

function positionsOf({ batch, axes }: Correlation): number {
  return batch * axes[0].positions * axes[1].positions;
}

function depthOf({ channels, axes }: Correlation): number {
  return channels * axes[0].taps * axes[1].taps;
}

const uniforms = {
  workgroups: "u32",
  columnTiles: "u32",
  rows: "u32",
  columns: "u32",
  channels: "u32",
  // Of the axes, see correlation.ts; `tapStep` in elements of the weight.
  positions: ["u32", 2],
  source: ["u32", 2],
  step: ["i32", 2],
  offset: ["i32", 2],
  offsetStep: ["i32", 2],
  first: ["u32", 2],
  distance: ["u32", 2],
  tapStep: ["i32", 2],
  sourceStart: "i32",
  sourceImage: "i32",
  sourceGroup: "i32",
  weightStart: "i32",
  weightGroup: "i32",
  weightRow: "i32",
  weightChannel: "i32",
  outStart: "u32",
  outChannels: "u32",
  outHeight: "u32",
  outWidth: "u32",
  biasStart: "u32",
} as const;

function uniformsOf(c: Correlation, source: GpuOperand, weight: GpuOperand, y: GpuOperand, { bias }: Finish) {
  const both = (value: (axis: Correlation["axes"][0]) => number) => c.axes.map(value);
  const [height, width] = c.axes;
  const plane = height.source * width.source;
  return {
    rows: c.rows,
    columns: positionsOf(c),
    channels: c.channels,
    positions: both(({ positions }) => positions),
    source: both(({ source }) => source),
    step: both(({ step }) => step),
    offset: both(({ offset }) => offset),
    offsetStep: both(({ offsetStep }) => offsetStep),
    first: both(({ first }) => first),
    distance: both(({ distance }) => distance),
    tapStep: [height.tapStep * c.kernelWidth, width.tapStep],
    sourceStart: source.offset,
    sourceImage: c.groups * c.channels * plane,
    sourceGroup: c.channels * plane,
    weightStart: weight.offset + height.firstTap * c.kernelWidth + width.firstTap,
    weightGroup: sizeOf(weight.shape) / c.groups,
    weightRow: c.weightRow,
    weightChannel: c.weightChannel,
    outStart: y.offset,
    outChannels: c.groups * c.rows,
    outHeight: c.outSize[0],
    outWidth: c.outSize[1],
    biasStart: bias?.offset ?? 0,
  };
}

/**
 * A column of the product is a position of a sample: where it begins in the source (sample, row, column), what a tap (row, column
 * of the kernel) meets there and has as its weight, and where the results go.
 */
const places = `
fn coordinatesOf(column: u32) -> vec3u {
  let line = column / u.positions1;
  return vec3u(line / u.positions0, line % u.positions0, column % u.positions1);
}
fn sourcePlace(column: u32) -> vec3i {
  let at = vec3i(coordinatesOf(column));
  return vec3i(at.x * u.sourceImage, at.y * u.step0 + u.offset0, at.z * u.step1 + u.offset1);
}
fn sourceAt(base: i32, place: vec3i, channel: i32, tap: vec2i) -> f32 {
  let row = place.y + tap.x * u.offsetStep0;
  let column = place.z + tap.y * u.offsetStep1;
  if (u32(row) >= u.source0 || u32(column) >= u.source1) { return 0.0; }
  return source[base + place.x + (channel * i32(u.source0) + row) * i32(u.source1) + column];
}
fn weightPlace(channel: i32, tap: vec2i) -> i32 {
  return channel * u.weightChannel + tap.x * u.tapStep0 + tap.y * u.tapStep1;
}
fn outPlace(column: u32, channel: u32) -> u32 {
  let at = coordinatesOf(column);
  let row = (at.x * u.outChannels + channel) * u.outHeight + u.first0 + at.y * u.distance0;
  return u.outStart + row * u.outWidth + u.first1 + at.z * u.distance1;
}`;

function correlateInTiles(
  gpu: Gpu,
  c: Correlation,
  { tile, rowTiles, columnTiles, parts, partDepth }: Cut,
  source: GpuOperand,
  weight: GpuOperand,
  y: GpuOperand,
  finish: Finish,
): void {
  const [height, width] = c.axes;
  const { key, reads } = finishText(finish);
  const shader = gpu.shader(`correlate/${height.taps}x${width.taps}/${keyOf(tile)}/${key}`, () => ({
    reads: { source: "f32", weight: "f32", ...reads },
    writes: { y: "f32" },
    uniforms: { ...uniforms, rowTiles: "u32", groups: "u32", depth: "u32", partDepth: "u32", partSize: "u32" },
    workgroup: [invocationsOf(tile), 1, 1],
    before: [tileMemory(tile), places, taps(height.taps, width.taps)].join("\n"),
    main: tiledText(tile, finish),
  }));
  const workgroups = rowTiles * columnTiles * c.groups * parts;
  const sizes = {
    ...uniformsOf(c, source, weight, y, finish),
    ...{ workgroups, rowTiles, columnTiles, groups: c.groups, depth: depthOf(c), partDepth },
    partSize: sizeOf(y.shape),
  };
  const buffers = { source: source.buffer, weight: weight.buffer, y: y.buffer, ...finishBuffers(finish) };
  gpu.dispatch(shader, buffers, sizes, gpu.lines(workgroups));
}

/** The axis that is summed is channels, then rows and columns of taps, whose numbers are constants: cheap divisions. */
function taps(rows: number, columns: number): string {
  const [across, all] = [Math.max(columns, 1), Math.max(rows * columns, 1)];
  return `
fn tapOf(depth: u32) -> vec3i {
  let tap = depth % ${all}u;
  return vec3i(vec3u(depth / ${all}u, tap / ${across}u, tap % ${across}u));
}
fn weightsAt(first: i32, depth: u32, end: u32) -> vec4f {
  if (depth >= end) { return vec4f(); }
  let tap = tapOf(depth);
  let at = first + weightPlace(tap.x, tap.yz);
  return vec4f(weight[at], weight[at + u.weightRow], weight[at + 2 * u.weightRow], weight[at + 3 * u.weightRow]);
}
fn underKernel(base: i32, a: vec3i, b: vec3i, c: vec3i, d: vec3i, depth: u32, end: u32) -> vec4f {
  if (depth >= end) { return vec4f(); }
  let tap = tapOf(depth);
  return vec4f(
    sourceAt(base, a, tap.x, tap.yz), sourceAt(base, b, tap.x, tap.yz),
    sourceAt(base, c, tap.x, tap.yz), sourceAt(base, d, tap.x, tap.yz));
}`;
}

function tiledText(tile: Tile, finish: Finish): string {
  return `
  ${placeOfWorkgroup(tile)}
  let sourceBase = u.sourceStart + i32(convGroup) * u.sourceGroup;
  let weightBase = u.weightStart + i32(convGroup) * u.weightGroup + i32(firstRow) * u.weightRow;
  let ownColumn = firstColumn + lane % ${tile.columns / 4}u * 4u;
  let a = sourcePlace(ownColumn);
  let b = sourcePlace(ownColumn + 1u);
  let c = sourcePlace(ownColumn + 2u);
  let d = sourcePlace(ownColumn + 3u);
  ${startSums(tile)}
  let end = min((part + 1u) * u.partDepth, u.depth);
  for (var begin = part * u.partDepth; begin < end; begin += ${tile.depth}u) {
    ${fillSide(tile, "left", "depth", (step, row) => `weightsAt(weightBase + i32(${row}) * u.weightRow, begin + ${step}, end)`)}
    ${fillSide(tile, "right", "tile", (step) => `underKernel(sourceBase, a, b, c, d, begin + ${step}, end)`)}
    ${addProducts(tile)}
  }
  ${eachResult(
    tile,
    (column, body) => `
    let column = firstColumn + ${column};
    if (column < u.columns) {
      let at = part * u.partSize + outPlace(column, convGroup * u.rows);
      ${body}
    }`,
    (row, sum) => `{
        let row = firstRow + ${row};
        if (row < u.rows) { y[at + row * u.outHeight * u.outWidth] = ${finished(finish, sum, "convGroup * u.rows + row")}; }
      }`,
  )}`;
}

function correlateDirectly(
  gpu: Gpu,
  c: Correlation,
  source: GpuOperand,
  weight: GpuOperand,
  y: GpuOperand,
  finish: Finish,
): void {
  const [height, width] = c.axes;
  const { key, reads } = finishText(finish);
  const shader = gpu.shader(`correlateDirectly/${height.taps}x${width.taps}/${c.rows}/${key}`, () => ({
    reads: { source: "f32", weight: "f32", ...reads },
    writes: { y: "f32" },
    uniforms,
    workgroup: [directLanes, 1, 1],
    before: places,
    main: directText(c, finish),
  }));
  const columnTiles = Math.ceil(positionsOf(c) / (directLanes * directPositions));
  const workgroups = columnTiles * c.groups;
  const sizes = { ...uniformsOf(c, source, weight, y, finish), workgroups, columnTiles };
  const buffers = { source: source.buffer, weight: weight.buffer, y: y.buffer, ...finishBuffers(finish) };
  gpu.dispatch(shader, buffers, sizes, gpu.lines(workgroups));
}

/** Every invocation has four positions, far apart so that neighbours read neighbours, in the components of a vector. */
function directText({ rows, axes }: Correlation, finish: Finish): string {
  const eachRow = (write: (row: number) => string) =>
    Array.from({ length: rows }, (_, row) => write(row)).join("\n      ");
  const eachPosition = (write: (i: number) => string) =>
    Array.from({ length: directPositions }, (_, i) => write(i)).join("\n  ");
  return `
  let id = group.y * groups.x + group.x;
  if (id >= u.workgroups) { return; }
  let ownColumn = id % u.columnTiles * ${directLanes * directPositions}u + lane;
  let convGroup = id / u.columnTiles;
  let sourceBase = u.sourceStart + i32(convGroup) * u.sourceGroup;
  let weightBase = u.weightStart + i32(convGroup) * u.weightGroup;
  ${eachPosition((i) => `let place${i} = sourcePlace(ownColumn + ${i * directLanes}u);`)}
  ${eachRow((row) => `var sum${row} = vec4f();`)}
  for (var channel = 0; channel < i32(u.channels); channel++) {
    for (var tapRow = 0; tapRow < ${axes[0].taps}; tapRow++) {
    for (var tapColumn = 0; tapColumn < ${axes[1].taps}; tapColumn++) {
      let tap = vec2i(tapRow, tapColumn);
      let values = vec4f(${[0, 1, 2, 3].map((i) => `sourceAt(sourceBase, place${i}, channel, tap)`).join(", ")});
      let at = weightBase + weightPlace(channel, tap);
      ${eachRow((row) => `sum${row} += weight[at + ${row} * u.weightRow] * values;`)}
    }
    }
  }
  ${eachPosition(
    (i) => `
  if (ownColumn + ${i * directLanes}u < u.columns) {
    let at = outPlace(ownColumn + ${i * directLanes}u, convGroup * u.rows);
      ${eachRow((row) => {
        const result = finished(finish, `sum${row}[${i}]`, `convGroup * u.rows + ${row}u`);
        return `y[at + ${row}u * u.outHeight * u.outWidth] = ${result};`;
      })}
  }`,
  )}`;
}
