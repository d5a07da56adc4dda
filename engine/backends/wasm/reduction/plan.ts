// Plans reductions: joins dimensions into kept and reduced ones, and cuts the outputs into parts; where there are too few
// outputs, the elements are cut, and a second stage folds what the parts give. Knows shapes, strides and addresses only.

import { type Shape, sizeOf } from "../../../core/shape.ts";
import type { Placed } from "../pointwise/plan.ts";
import { cutsOf, type Work } from "../work.ts";
import type { FoldingName } from "./folding.ts";
import { defineReduction, type ReduceForm } from "./reduce.ts";

/** Neighbouring dimensions as one; strides in bytes, the output's 0 where the dimension is reduced. */
interface Group {
  readonly reduced: boolean;
  readonly size: number;
  readonly stride: number;
  readonly toStride: number;
}

export interface ReductionRequest {
  readonly op: FoldingName | "mean";
  readonly shape: Shape;
  /** Dimensions that become one element, ascending. */
  readonly dims: readonly number[];
  /** float32; along the last dimension that is longer than 1, the elements are neighbours. */
  readonly from: Placed;
  /** Where the results go, row by row. */
  readonly to: number;
  /** Elements a part works on. */
  readonly grain: number;
  /** Gives an address for so many bytes, which are free again when the work is done. */
  readonly scratch: (bytes: number) => number;
}

/** More reduced or kept dimensions around the innermost than the loops have. */
const most = 2;

/** Elements that a run of neighbours is cut at. */
const runStep = 1024;

/**
 * The stages of a reduction, to be run one after the other. Undefined where kept and reduced dimensions alternate too often
 * or nothing lies side by side: then a copy with the reduced dimensions last can be reduced.
 */
export function planReduction(request: ReductionRequest): Work[] | undefined {
  const { op, shape, dims, to, grain, scratch } = request;
  const groups = groupsOf(request);
  const [innermost] = groups;
  if (innermost !== undefined && innermost.stride !== 4) return undefined;
  const outer = groups.slice(1);
  if (outer.filter(({ reduced }) => reduced).length > most) return undefined;
  if (outer.filter(({ reduced }) => !reduced).length > most) return undefined;
  const folding: FoldingName = op === "mean" ? "sum" : op;
  const outputs = productOf(groups.filter(({ reduced }) => !reduced));
  const folded = dims.reduce((product, dim) => product * shape[dim]!, 1);
  if (outputs === 0) return [];
  const divisor = op === "mean" ? folded : 1;
  const parts = Math.ceil(sizeOf(shape) / grain);
  const longest = (reduced: boolean) =>
    groups.filter((group) => group.reduced === reduced).sort((a, b) => b.size - a.size)[0];
  const kept = longest(false);
  if (parts <= 1 || (kept !== undefined && kept.size >= parts)) {
    return [stageOf(folding, groups, kept, parts, () => ({ ...request.from, to }), divisor)];
  }
  const cut = longest(true);
  if (cut === undefined) return [stageOf(folding, groups, kept, parts, () => ({ ...request.from, to }), divisor)];
  const count = cutsOf(cut.size, parts, stepOf(cut, groups)).length - 1;
  const partial = scratch(count * outputs * 4);
  const first = stageOf(folding, groups, cut, parts, (i) => ({ ...request.from, to: partial + i * outputs * 4 }), 1);
  const from = { address: partial, strides: [outputs, 1] };
  const rest = { ...request, op: folding, shape: [count, outputs], dims: [0], from, grain: Infinity };
  const [second] = planReduction(rest)!;
  return [first, { ...second!, calls: second!.calls.map((call) => call.with(-1, divisor)) }];
}

/** One kernel over parts of one group; the divisor is the last argument. */
function stageOf(
  op: FoldingName,
  groups: readonly Group[],
  cut: Group | undefined,
  parts: number,
  place: (part: number) => { readonly address: number; readonly to: number },
  divisor: number,
): Work {
  const [innermost] = groups;
  const form: ReduceForm = innermost === undefined || innermost.reduced ? "rows" : "columns";
  const cuts = cut === undefined ? [0, 1] : cutsOf(cut.size, parts, stepOf(cut, groups));
  const calls = cuts.slice(1).map((end, i) => {
    const start = cuts[i]!;
    const own = groups.map((group) => (group === cut ? { ...group, size: end - start } : group));
    const kept = padded(own.slice(1).filter(({ reduced }) => !reduced));
    const reduced = padded(own.slice(1).filter((group) => group.reduced));
    const { address, to } = place(i);
    return [
      ...kept.flatMap(({ size, stride, toStride }) => [size, stride, toStride]),
      ...reduced.flatMap(({ size, stride }) => [size, stride]),
      own[0]?.size ?? 1,
      address + start * (cut?.stride ?? 0),
      to + start * (cut?.toStride ?? 0),
      divisor,
    ];
  });
  return { key: `${op}|${form}`, define: (module, name) => defineReduction(module, name, op, form), calls };
}

/** Outermost first, with dimensions of one entry in front where there are fewer than `most`. */
function padded(groups: readonly Group[]): Group[] {
  const none = { reduced: false, size: 1, stride: 0, toStride: 0 };
  return [...new Array<Group>(most - groups.length).fill(none), ...groups.toReversed()];
}

function stepOf(cut: Group, groups: readonly Group[]): number {
  return cut !== groups[0] ? 1 : cut.reduced ? runStep : 16;
}

/** Innermost first; dimensions of size 1 are left out. */
function groupsOf({ shape, dims, from: { strides } }: ReductionRequest): Group[] {
  const groups: Group[] = [];
  let toStride = 4;
  for (let dim = shape.length - 1; dim >= 0; dim--) {
    const size = shape[dim]!;
    if (size === 1) continue;
    const reduced = dims.includes(dim);
    const stride = strides[dim]! * 4;
    const last = groups.at(-1);
    if (last !== undefined && last.reduced === reduced && last.stride * last.size === stride) {
      groups[groups.length - 1] = { ...last, size: last.size * size };
    } else groups.push({ reduced, size, stride, toStride: reduced ? 0 : toStride });
    if (!reduced) toStride *= size;
  }
  return groups;
}

function productOf(groups: readonly Group[]): number {
  return groups.reduce((product, { size }) => product * size, 1);
}
