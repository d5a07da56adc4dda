// Normalisation forwards. Moments in two passes, deviations from the mean of what a workgroup has read: nothing cancels where the
// mean is far from 0. Parts of a group are put together by T. Chan, G. Golub, R. LeVeque, Updating Formulae, 1979.

import type { NormalizeParams } from "../../../ops/table.ts";
import type { Gpu } from "../gpu.ts";
import type { GpuBuffer, GpuOperand } from "../memory/gpu-buffer.ts";
import { laneCount } from "../shader/shader.ts";
import {
  foldGroup,
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

type Affine = NormalizeParams["affine"];

interface Operands {
  readonly x: GpuOperand;
  readonly weight: GpuOperand;
  readonly bias: GpuOperand;
  readonly y: GpuBuffer;
  /** Means, variances and inverse deviations of the groups. */
  readonly moments: GpuBuffer;
}

export function normalize(gpu: Gpu, operands: Operands, params: NormalizeParams): void {
  const size = params.batch * params.groups * params.length;
  if (size === 0) return;
  const plan = planNormalize(params);
  if (plan.cuts === 1) {
    normalizeWhole(gpu, operands, params, plan);
    return;
  }
  const parts = params.groups * plan.cuts;
  gpu.scratch("float32", 2 * parts, (ofParts) => {
    momentsOfParts(gpu, operands, params, plan, ofParts);
    momentsOfGroups(gpu, ofParts, operands.moments, params, plan);
  });
  apply(gpu, operands, params, size);
}

/** WGSL: the mean of a lane's elements from `first` to `end`, and the sum of their squared distances from it. */
const momentsOfLanes = (gpu: Gpu, plan: NormalizePlan) => `
  ${sumsOver(gpu, plan, "", { mean: "x[u.xOffset + at]" })}
  mean /= f32(min((cut + 1u) * u.part, u.count) - cut * u.part);
  ${sumsOver(gpu, plan, "let distance = x[u.xOffset + at] - mean;", { squares: "distance * distance" })}`;

const normalOf = (affine: Affine) => `
    let parameter = ${affine === "group" ? "g" : "i"};
    y[at] = (x[u.xOffset + at] - mean) * inverse * weight[u.weightOffset + parameter] + bias[u.biasOffset + parameter];`;

const writeMoments = `
    moments[g] = mean;
    moments[u.groups + g] = variance;
    moments[2u * u.groups + g] = inverse;`;

const affineUniforms = { xOffset: "u32", weightOffset: "u32", biasOffset: "u32" } as const;

function affineValues({ x, weight, bias }: Operands) {
  return { xOffset: x.offset, weightOffset: weight.offset, biasOffset: bias.offset };
}

/** Everything in one kernel: lanes that have read a group write it, too. */
function normalizeWhole(gpu: Gpu, operands: Operands, params: NormalizeParams, plan: NormalizePlan): void {
  const { affine, eps } = params;
  const shader = gpu.shader(`normalize/whole/${affine}/${plan.lanes}/${plan.isColumns}`, () => ({
    reads: { x: "f32", weight: "f32", bias: "f32" },
    writes: { y: "f32", moments: "f32" },
    uniforms: { ...groupUniforms, ...affineUniforms, eps: "f32" },
    before: groupMemory,
    main: `
  ${placeOfLane(plan)}
  ${momentsOfLanes(gpu, plan)}
  let variance = squares / f32(u.count);
  let inverse = 1.0 / sqrt(variance + u.eps);
  if (isThere && own == 0u) { ${writeMoments} }
  for (var e = first; e < end; e += ${plan.lanes}u) {
    ${placeOfElement}
    ${normalOf(affine)}
  }`,
  }));
  const { x, weight, bias, y, moments } = operands;
  const uniforms = { ...groupValues(params, plan), ...affineValues(operands), eps };
  const buffers = { x: x.buffer, weight: weight.buffer, bias: bias.buffer, y, moments };
  gpu.dispatch(shader, buffers, uniforms, gpu.lines(groupsFor(params, plan)));
}

/** Means of all parts, then the sums of squares. */
function momentsOfParts(
  gpu: Gpu,
  { x }: Operands,
  params: NormalizeParams,
  plan: NormalizePlan,
  parts: GpuBuffer,
): void {
  const shader = gpu.shader("normalize/parts", () => ({
    reads: { x: "f32" },
    writes: { parts: "f32" },
    uniforms: { ...groupUniforms, xOffset: "u32" },
    before: groupMemory,
    main: `
  ${placeOfLane(plan)}
  ${momentsOfLanes(gpu, plan)}
  if (isThere && own == 0u) {
    parts[g * u.cuts + cut] = mean;
    parts[(u.groups + g) * u.cuts + cut] = squares;
  }`,
  }));
  const uniforms = { ...groupValues(params, plan), xOffset: x.offset };
  gpu.dispatch(shader, { x: x.buffer, parts }, uniforms, gpu.lines(groupsFor(params, plan)));
}

/** A workgroup for each group: its parts are as many as a workgroup has lanes, or a few times that. */
function momentsOfGroups(
  gpu: Gpu,
  parts: GpuBuffer,
  moments: GpuBuffer,
  params: NormalizeParams,
  plan: NormalizePlan,
): void {
  const shader = gpu.shader("normalize/groups", () => ({
    reads: { parts: "f32" },
    writes: { moments: "f32" },
    uniforms: { ...groupUniforms, eps: "f32" },
    before: groupMemory,
    main: `
  let g = group.y * groups.x + group.x;
  if (g >= u.groups) { return; }
  let own = lane;
  let slot = 0u;
  var mean = 0.0;
  for (var p = lane; p < u.cuts; p += ${laneCount}u) {
    let share = f32(min((p + 1u) * u.part, u.count) - p * u.part) / f32(u.count);
    mean += share * parts[g * u.cuts + p];
  }
  ${foldGroup(gpu, "mean", plan)}
  var squares = 0.0;
  for (var p = lane; p < u.cuts; p += ${laneCount}u) {
    let distance = parts[g * u.cuts + p] - mean;
    let size = f32(min((p + 1u) * u.part, u.count) - p * u.part);
    squares += parts[(u.groups + g) * u.cuts + p] + size * distance * distance;
  }
  ${foldGroup(gpu, "squares", plan)}
  let variance = squares / f32(u.count);
  let inverse = 1.0 / sqrt(variance + u.eps);
  if (lane == 0u) { ${writeMoments} }`,
  }));
  const uniforms = { ...groupValues(params, plan), eps: params.eps };
  gpu.dispatch(shader, { parts, moments }, uniforms, gpu.lines(params.groups));
}

function apply(gpu: Gpu, operands: Operands, params: NormalizeParams, size: number): void {
  const { affine, groups, length } = params;
  const shader = gpu.shader(`normalize/apply/${affine}`, () => ({
    reads: { x: "f32", weight: "f32", bias: "f32", moments: "f32" },
    writes: { y: "f32" },
    uniforms: { size: "u32", groups: "u32", length: "u32", ...affineUniforms },
    main: `
  if (index >= u.size) { return; }
  let at = index;
  let i = at % u.length;
  let g = at / u.length % u.groups;
  let mean = moments[g];
  let inverse = moments[2u * u.groups + g];
  ${normalOf(affine)}`,
  }));
  const { x, weight, bias, y, moments } = operands;
  const buffers = { x: x.buffer, weight: weight.buffer, bias: bias.buffer, y, moments };
  gpu.dispatch(shader, buffers, { size, groups, length, ...affineValues(operands) }, gpu.linear(size));
}
