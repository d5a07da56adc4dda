// How the elements of groups are shared out: groups whose elements are many are cut, of small ones a workgroup takes several.

import type { NormalizeParams } from "../../../ops/table.ts";
import type { Gpu } from "../gpu.ts";
import { adding, foldLanes } from "../shader/fold-lanes.ts";
import { laneCount } from "../shader/shader.ts";

/** Elements of a group that are worth cutting it, and workgroups that keep a GPU busy. */
const [perPart, enoughGroups] = [8192, 1024];
/** Groups beside each other whose elements a workgroup reads in turn. */
const besides = 32;

export interface NormalizePlan {
  /** Elements of a group, and parts of it with at most `part` each. */
  readonly count: number;
  readonly part: number;
  readonly cuts: number;
  /** Lanes that share a group; the workgroup has others for other groups. */
  readonly lanes: number;
  /** Whether neighbouring lanes are of different groups, as the elements are. */
  readonly isColumns: boolean;
}

export function planNormalize({ batch, groups, length }: NormalizeParams): NormalizePlan {
  const count = batch * length;
  const wanted = Math.max(Math.min(Math.ceil(count / perPart), Math.floor(enoughGroups / groups)), 1);
  const part = Math.ceil(count / wanted);
  const cuts = Math.ceil(count / part);
  const isColumns = length < 8 && groups >= besides && cuts === 1;
  const lanes = isColumns ? laneCount / besides : cuts > 1 || count > 512 ? laneCount : count > 32 ? 32 : 4;
  return { count, part, cuts, lanes, isColumns };
}

/** Uniforms of all kernels here. */
export const groupUniforms = {
  batch: "u32",
  groups: "u32",
  length: "u32",
  count: "u32",
  part: "u32",
  cuts: "u32",
} as const;

export function groupValues({ batch, groups, length }: NormalizeParams, { count, part, cuts }: NormalizePlan) {
  return { batch, groups, length, count, part, cuts };
}

/**
 * WGSL: `g`, the lane's group, with `own` as its number among the lanes of the group, and `cut`, the part from element `first`
 * to `end`. Groups after the last one have no elements: their lanes only wait.
 */
export function placeOfLane({ lanes, isColumns }: NormalizePlan): string {
  const perGroup = laneCount / lanes;
  return `
  let number = group.y * groups.x + group.x;
  let cut = number % u.cuts;
  let slot = ${isColumns ? `lane % ${perGroup}u` : `lane / ${lanes}u`};
  let own = ${isColumns ? `lane / ${perGroup}u` : `lane % ${lanes}u`};
  let g = number / u.cuts * ${perGroup}u + slot;
  let isThere = g < u.groups;
  let first = cut * u.part + own;
  let end = select(0u, min((cut + 1u) * u.part, u.count), isThere);`;
}

/** WGSL: where element `e` of group `g` is, as `at`, and `i`, its number in the run of the group. */
export const placeOfElement = `
    let i = e % u.length;
    let at = (e / u.length * u.groups + g) * u.length + i;`;

/**
 * WGSL: sums over a group, each by the name of a variable that all its lanes have then: `terms` of an element, after `body` has
 * said what they are made of. Blocks keep sums of many elements exact to the last bits.
 */
export function sumsOver(gpu: Gpu, plan: NormalizePlan, body: string, terms: Readonly<Record<string, string>>): string {
  const names = Object.keys(terms);
  const each = (text: (name: string) => string) => names.map(text).join(" ");
  return `
  ${each((name) => `var ${name} = 0.0;`)}
  {
    ${each((name) => `var ${name}Block = 0.0;`)}
    var inBlock = 0;
    for (var e = first; e < end; e += ${plan.lanes}u) {
      ${placeOfElement}
      ${body}
      ${each((name) => `${name}Block += ${terms[name]};`)}
      inBlock++;
      if (inBlock == 32) { ${each((name) => `${name} += ${name}Block; ${name}Block = 0.0;`)} inBlock = 0; }
    }
    ${each((name) => `${name} += ${name}Block;`)}
  }
  ${each((name) => foldGroup(gpu, name, plan))}`;
}

/** Workgroup memory for {@link foldGroup}. */
export const groupMemory = `var<workgroup> shares: array<f32, ${laneCount}>;`;

/** WGSL: the variable of all lanes of a group, added up for each of them. */
export function foldGroup(gpu: Gpu, name: string, { lanes }: NormalizePlan): string {
  if (lanes === laneCount) return `${foldLanes(gpu, name, "shares", lanes, adding)}\n  workgroupBarrier();`;
  const perGroup = laneCount / lanes;
  return `
  shares[own * ${perGroup}u + slot] = ${name};
  workgroupBarrier();
  for (var half = ${lanes / 2}u; half > 0u; half = half >> 1u) {
    if (own < half) { shares[own * ${perGroup}u + slot] += shares[(own + half) * ${perGroup}u + slot]; }
    workgroupBarrier();
  }
  ${name} = shares[slot];
  workgroupBarrier();`;
}

/** Workgroups for all parts of all groups. */
export function groupsFor({ groups }: NormalizeParams, { lanes, cuts }: NormalizePlan): number {
  return Math.ceil(groups / (laneCount / lanes)) * cuts;
}
