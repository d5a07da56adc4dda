// Plans normalisation and its gradient: how groups lie, which kernel, and which groups a call does. Float32 tensors without
// gaps; addresses in bytes.

import { cutsOf, type Work } from "../work.ts";
import { defineAffineGradient } from "./affine-gradient.ts";
import { type Affine, defineNormalize, defineNormalizeGradient } from "./normalize.ts";
import { defineNormalizeColumns, defineNormalizeColumnsGradient } from "./normalize-columns.ts";

/**
 * Elements as `batch` × `groups` × `length`, where those of one group in the whole batch have statistics in common: batch
 * normalisation of N × C × H × W is N, C, H · W; layer normalisation of rows 1, rows, columns; instance normalisation
 * 1, N · C, H · W.
 */
export interface Groups {
  readonly batch: number;
  readonly groups: number;
  readonly length: number;
}

/** Of x and y, elements; of the rest, one number for each group, or for `element` weight and bias one for each of a run. */
export interface NormalizeAddresses {
  readonly x: number;
  readonly y: number;
  readonly mean: number;
  readonly variance: number;
  readonly inverse: number;
  readonly weight: number;
  readonly bias: number;
}

export interface NormalizeGradientAddresses {
  readonly x: number;
  readonly grad: number;
  readonly mean: number;
  readonly inverse: number;
  readonly weight: number;
  readonly gradX: number;
  readonly gradWeight: number;
  readonly gradBias: number;
}

/** Writes y, and mean, variance and inverse deviation of each group. Addresses that `affine` does not need are not read. */
export function planNormalize(g: Groups, affine: Affine, eps: number, at: NormalizeAddresses, grain: number): Work {
  const isColumns = areColumns(g, affine);
  const calls = partsOf(g, grain).map(({ start, count }) => {
    const [elements, numbers] = [start * g.length * 4, start * 4];
    const parameters = affine === "group" ? numbers : 0;
    return [
      ...(isColumns ? [count, g.batch, g.groups * 4] : runsOf(g, count)),
      ...[eps, at.x + elements, at.y + elements, at.mean + numbers, at.variance + numbers, at.inverse + numbers],
      ...[at.weight + parameters, at.bias + parameters],
    ];
  });
  if (isColumns) {
    const define: Work["define"] = (module, name) => defineNormalizeColumns(module, name, affine === "group");
    return { key: `normalizeColumns|${affine}`, define, calls };
  }
  return { key: `normalize|${affine}`, define: (module, name) => defineNormalize(module, name, affine), calls };
}

/** Writes x's gradient, and for `group` those of weight and bias; for `element` see {@link planAffineGradient}. */
export function planNormalizeGradient(g: Groups, affine: Affine, at: NormalizeGradientAddresses, grain: number): Work {
  const isColumns = areColumns(g, affine);
  const calls = partsOf(g, grain).map(({ start, count }) => {
    const [elements, numbers] = [start * g.length * 4, start * 4];
    const parameters = affine === "group" ? numbers : 0;
    return [
      ...(isColumns ? [count, g.batch, g.groups * 4] : runsOf(g, count)),
      ...[at.x + elements, at.grad + elements, at.mean + numbers, at.inverse + numbers, at.weight + parameters],
      ...[at.gradX + elements, at.gradWeight + parameters, at.gradBias + parameters],
    ];
  });
  if (isColumns) {
    const define: Work["define"] = (module, name) => defineNormalizeColumnsGradient(module, name, affine === "group");
    return { key: `normalizeColumnsGradient|${affine}`, define, calls };
  }
  const define: Work["define"] = (module, name) => defineNormalizeGradient(module, name, affine);
  return { key: `normalizeGradient|${affine}`, define, calls };
}

/** The gradients of weight and bias where each element of a run has its own. */
export function planAffineGradient(
  { batch, groups, length }: Groups,
  at: Omit<NormalizeGradientAddresses, "weight" | "gradX">,
  grain: number,
): Work {
  const cuts = cutsOf(length, Math.ceil((batch * groups * length) / grain), 16);
  const calls = cuts.slice(1).map((end, i) => {
    const start = cuts[i]! * 4;
    const statistics = [at.mean, at.inverse];
    const sizes = [batch, groups, end - cuts[i]!, length * 4];
    return [...sizes, at.x + start, at.grad + start, ...statistics, at.gradWeight + start, at.gradBias + start];
  });
  return { key: "affineGradient", define: defineAffineGradient, calls };
}

/** Whether neighbours are of different groups, which have a weight and bias each, if any. */
function areColumns({ batch, length }: Groups, affine: Affine): boolean {
  return length === 1 && batch > 1 && affine !== "element";
}

/** `runs`, `length`, and how far apart runs and groups are, behind the number of groups. */
function runsOf({ batch, groups, length }: Groups, count: number): number[] {
  return [count, batch, length, groups * length * 4, length * 4];
}

/** Groups are cut so that channels in lanes come in fours. */
function partsOf({ batch, groups, length }: Groups, grain: number): { start: number; count: number }[] {
  const cuts = cutsOf(groups, Math.ceil((batch * groups * length) / grain), length === 1 ? 16 : 1);
  return cuts.slice(1).map((end, i) => ({ start: cuts[i]!, count: end - cuts[i]! }));
}
