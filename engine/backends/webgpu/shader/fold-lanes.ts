// What lanes of a workgroup have together, as WGSL. A whole workgroup folds by subgroups where the device has them: each leaves its
// value at its number, and all of them fold these values again, so that one barrier does. Everything else goes by halves, with a
// barrier for each. Which lanes are a subgroup, and how many, does not matter, and neither whether it is full: lanes are counted.
// The same device always gives the same bits; sums of two devices may differ in their last ones.

import type { Gpu } from "../gpu.ts";
import { laneCount } from "./shader.ts";

export interface Folding {
  /** A value that changes no other. */
  readonly start: string;
  readonly both: (a: string, b: string) => string;
  /** The value of all `x` in a subgroup. Where there is none, subgroups are of no use. */
  readonly ofSubgroup?: ((x: string) => string) | undefined;
}

export const adding: Folding = {
  start: "0.0",
  both: (a, b) => `${a} + ${b}`,
  ofSubgroup: (x) => `subgroupAdd(${x})`,
};

export const largest: Folding = {
  start: "-infinity()",
  both: (a, b) => `largerOf(${a}, ${b})`,
  ofSubgroup: (x) => `largestOfSubgroup(${x})`,
};

/**
 * The variable `name` of each `lanes` lanes in a row, folded for all of them. `memory` is an array with an element for each lane of
 * the workgroup; whoever uses it again puts a barrier in between. All lanes of the workgroup come here.
 */
export function foldLanes(gpu: Gpu, name: string, memory: string, lanes: number, folding: Folding): string {
  const { start, both, ofSubgroup } = folding;
  if (lanes === laneCount && gpu.hasSubgroups && ofSubgroup !== undefined) {
    return `
  ${name} = ${ofSubgroup(name)};
  if (subgroupElect()) { ${memory}[subgroup] = ${name}; }
  workgroupBarrier();
  ${name} = ${start};
  {
    let step = subgroupAdd(1u);
    for (var i = subgroupExclusiveAdd(1u); i < subgroups; i += step) { ${name} = ${both(name, `${memory}[i]`)}; }
  }
  ${name} = ${ofSubgroup(name)};`;
  }
  return `
  ${memory}[lane] = ${name};
  workgroupBarrier();
  for (var half = ${lanes / 2}u; half > 0u; half = half >> 1u) {
    if (lane % ${lanes}u < half) { ${memory}[lane] = ${both(`${memory}[lane]`, `${memory}[lane + half]`)}; }
    workgroupBarrier();
  }
  ${name} = ${memory}[lane - lane % ${lanes}u];`;
}
