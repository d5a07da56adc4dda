// The gradients of normalisation, flat: of x, of the weight, of the bias. With the sums over a group of the slopes g · weight and
// of their products with the normalised elements n, that of x is (slope - (Σ slope + n · Σ slope · n) / count) / deviation.

import { sizeOf } from "../../../core/shape.ts";
import type { NormalizeParams } from "../../../ops/table.ts";
import type { Gpu } from "../gpu.ts";
import { foldAlong } from "../kernels/fold.ts";
import { copyElements, fillElements } from "../kernels/movement.ts";
import { sumOf } from "../kernels/reduction.ts";
import type { GpuBuffer, GpuOperand } from "../memory/gpu-buffer.ts";
import { laneCount } from "../shader/shader.ts";
import {
  groupMemory,
  groupsFor,
  groupUniforms,
  groupValues,
  type NormalizePlan,
  placeOfElement,
  placeOfLane,
  planNormalize,
  sumsOver,
} from "./plan.ts";

interface Operands {
  readonly grad: GpuOperand;
  readonly x: GpuOperand;
  readonly weight: GpuOperand;
  /** Means, variances and inverse deviations of the groups. */
  readonly moments: GpuOperand;
}

export function normalizeBackward(gpu: Gpu, operands: Operands, y: GpuOperand, params: NormalizeParams): void {
  const { batch, groups, length, affine } = params;
  const size = batch * groups * length;
  if (size === 0) {
    fillElements(gpu, y, 0);
    return;
  }
  const plan = planNormalize(params);
  gpu.scratch("float32", 2 * groups, (buffer) => {
    const sums = flat(buffer, 2 * groups);
    if (plan.cuts === 1) sumGroups(gpu, operands, y.buffer, buffer, params, plan);
    else {
      gpu.scratch("float32", 2 * groups * plan.cuts, (ofParts) => {
        sumGroups(gpu, operands, undefined, ofParts, params, plan);
        const parts = {
          ...flat(ofParts, 2 * groups * plan.cuts),
          shape: [2 * groups, plan.cuts],
          strides: [plan.cuts, 1],
        };
        foldAlong(gpu, sumOf("float32"), parts, [1], sums);
      });
      apply(gpu, operands, sums.buffer, y.buffer, params, size);
    }
    // The products first, then the slopes: those are the gradients of weight and bias, as they are not scaled yet.
    if (affine === "group") copyElements(gpu, sums, { ...sums, buffer: y.buffer, offset: size });
  });
  if (affine === "element") sumElements(gpu, operands, y, params);
}

const uniformsOfOperands = {
  ...groupUniforms,
  gradOffset: "u32",
  xOffset: "u32",
  weightOffset: "u32",
  momentsOffset: "u32",
} as const;

function valuesOf({ grad, x, weight, moments }: Operands, params: NormalizeParams, plan: NormalizePlan) {
  return {
    ...groupValues(params, plan),
    gradOffset: grad.offset,
    xOffset: x.offset,
    weightOffset: weight.offset,
    momentsOffset: moments.offset,
  };
}

function buffersOf({ grad, x, weight, moments }: Operands) {
  return { grad: grad.buffer, x: x.buffer, weight: weight.buffer, moments: moments.buffer };
}

const reads = { grad: "f32", x: "f32", weight: "f32", moments: "f32" } as const;

/** WGSL: the group's mean and inverse deviation. */
const momentsOfGroup = `
  let mean = moments[u.momentsOffset + g];
  let inverse = moments[u.momentsOffset + 2u * u.groups + g];`;

/** WGSL: what x's element is when normalised, and the slope there; a weight of the group is left to {@link gradientOf}. */
const slopeOf = (affine: NormalizeParams["affine"]) => `
    let normal = (x[u.xOffset + at] - mean) * inverse;
    let slope = grad[u.gradOffset + at]${affine === "element" ? " * weight[u.weightOffset + i]" : ""};`;

const gradientOf = (affine: NormalizeParams["affine"]) => `
    y[at] = ${affine === "group" ? "weight[u.weightOffset + g] * " : ""}inverse * (slope - (slopes + normal * products) / f32(u.count));`;

/** The products and the slopes of all groups, or of their parts, summed; with `y`, the gradient of x, too. */
function sumGroups(
  gpu: Gpu,
  operands: Operands,
  y: GpuBuffer | undefined,
  sums: GpuBuffer,
  params: NormalizeParams,
  plan: NormalizePlan,
): void {
  const { affine } = params;
  const kind = y === undefined ? "parts" : "whole";
  const shader = gpu.shader(`normalizeBackward/${kind}/${affine}/${plan.lanes}/${plan.isColumns}`, () => ({
    reads,
    writes: { sums: "f32", ...(y && { y: "f32" }) },
    uniforms: uniformsOfOperands,
    before: groupMemory,
    main: `
  ${placeOfLane(plan)}
  ${momentsOfGroup}
  ${sumsOver(gpu, plan, slopeOf(affine), { products: "slope * normal", slopes: "slope" })}
  if (isThere && own == 0u) {
    sums[g * u.cuts + cut] = products;
    sums[(u.groups + g) * u.cuts + cut] = slopes;
  }
  ${y === undefined ? "" : `for (var e = first; e < end; e += ${plan.lanes}u) { ${placeOfElement}${slopeOf(affine)}${gradientOf(affine)} }`}`,
  }));
  const buffers = { ...buffersOf(operands), sums, ...(y && { y }) } as Record<string, GpuBuffer>;
  gpu.dispatch(shader, buffers as never, valuesOf(operands, params, plan), gpu.lines(groupsFor(params, plan)));
}

/** The gradient of x from the groups' sums. */
function apply(
  gpu: Gpu,
  operands: Operands,
  sums: GpuBuffer,
  y: GpuBuffer,
  params: NormalizeParams,
  size: number,
): void {
  const { affine } = params;
  const shader = gpu.shader(`normalizeBackward/apply/${affine}`, () => ({
    reads: { ...reads, sums: "f32" },
    writes: { y: "f32" },
    uniforms: { ...uniformsOfOperands, size: "u32" },
    main: `
  if (index >= u.size) { return; }
  let at = index;
  let i = at % u.length;
  let g = at / u.length % u.groups;
  ${momentsOfGroup}
  let products = sums[g];
  let slopes = sums[u.groups + g];
  ${slopeOf(affine)}
  ${gradientOf(affine)}`,
  }));
  const uniforms = { ...valuesOf(operands, params, planNormalize(params)), size };
  gpu.dispatch(shader, { ...buffersOf(operands), sums, y }, uniforms, gpu.linear(size));
}

/** Columns that a workgroup sums, and lanes for each. */
const [columns, lanesPerColumn] = [32, laneCount / 32];
/** Rows that a workgroup takes at least. */
const rowsPerPart = 256;

/** Gradients of a weight and a bias that have an element for each place in a group: sums over all rows. */
function sumElements(gpu: Gpu, operands: Operands, y: GpuOperand, params: NormalizeParams): void {
  const { batch, groups, length } = params;
  const rows = batch * groups;
  const blocks = Math.ceil(length / columns);
  const wanted = Math.min(Math.ceil(rows / rowsPerPart), Math.max(Math.floor(1024 / blocks), 1));
  const part = Math.ceil(rows / wanted);
  const cuts = Math.ceil(rows / part);
  const shader = gpu.shader("normalizeBackward/elements", () => ({
    reads: { grad: "f32", x: "f32", moments: "f32" },
    writes: { sums: "f32" },
    uniforms: {
      rows: "u32",
      groups: "u32",
      length: "u32",
      part: "u32",
      cuts: "u32",
      blocks: "u32",
      sumsOffset: "u32",
      ...{ gradOffset: "u32", xOffset: "u32", momentsOffset: "u32" },
    },
    before: `var<workgroup> shares: array<vec2f, ${laneCount}>;`,
    main: `
  let number = group.y * groups.x + group.x;
  let cut = number / u.blocks;
  if (cut >= u.cuts) { return; }
  let i = number % u.blocks * ${columns}u + lane % ${columns}u;
  let end = select(0u, min((cut + 1u) * u.part, u.rows), i < u.length);
  var sum = vec2f();
  // Blocks keep sums of many elements exact to the last bits.
  var block = vec2f();
  var inBlock = 0;
  for (var row = cut * u.part + lane / ${columns}u; row < end; row += ${lanesPerColumn}u) {
    let g = row % u.groups;
    ${momentsOfGroup}
    let at = row * u.length + i;
    let slope = grad[u.gradOffset + at];
    block += vec2f(slope * (x[u.xOffset + at] - mean) * inverse, slope);
    inBlock++;
    if (inBlock == 32) { sum += block; block = vec2f(); inBlock = 0; }
  }
  shares[lane] = sum + block;
  workgroupBarrier();
  for (var half = ${laneCount / 2}u; half >= ${columns}u; half = half >> 1u) {
    if (lane < half) { shares[lane] += shares[lane + half]; }
    workgroupBarrier();
  }
  if (lane < ${columns}u && i < u.length) {
    let at = u.sumsOffset + 2u * cut * u.length + i;
    sums[at] = shares[lane].x;
    sums[at + u.length] = shares[lane].y;
  }`,
  }));
  const { grad, x, moments } = operands;
  const size = sizeOf(x.shape);
  const run = (sums: GpuBuffer, sumsOffset: number) => {
    const offsets = { gradOffset: grad.offset, xOffset: x.offset, momentsOffset: moments.offset, sumsOffset };
    const uniforms = { rows, groups, length, part, cuts, blocks, ...offsets };
    const buffers = { grad: grad.buffer, x: x.buffer, moments: moments.buffer, sums };
    gpu.dispatch(shader, buffers, uniforms, gpu.lines(blocks * cuts));
  };
  if (cuts === 1) {
    run(y.buffer, size);
    return;
  }
  gpu.scratch("float32", 2 * length * cuts, (ofParts) => {
    run(ofParts, 0);
    const parts = { ...flat(ofParts, 2 * length * cuts), shape: [cuts, 2 * length], strides: [2 * length, 1] };
    foldAlong(gpu, sumOf("float32"), parts, [0], { ...flat(y.buffer, 2 * length), offset: size });
  });
}

function flat(buffer: GpuBuffer, size: number): GpuOperand {
  return { buffer, dtype: "float32", shape: [size], strides: [1], offset: 0 };
}
