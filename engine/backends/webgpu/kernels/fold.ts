// Folding elements along dimensions into one: what sums, extrema and their positions are made of. Where the elements of a line are
// neighbours, some lanes of a workgroup fold it together, as many as its length is worth; where the lines are, a thread does. Long
// lines are cut, and what the parts gave is folded again.

import type { DType } from "../../../core/dtype.ts";
import type { Operand } from "../../backend.ts";
import type { Gpu } from "../gpu.ts";
import type { GpuBuffer } from "../memory/gpu-buffer.ts";
import { elementType } from "../shader/element-type.ts";
import { foldLanes } from "../shader/fold-lanes.ts";
import { type ElementType, laneCount } from "../shader/shader.ts";
import { coordinates, distance, joined, type Walk } from "../shader/walk.ts";

/** How elements fold. The state has the fields v0, v1, … of `parts`; texts are WGSL. */
export interface Fold {
  /** Op and dtype. */
  readonly key: string;
  /** Of the state's fields. */
  readonly parts: readonly DType[];
  /** A state that changes no other. */
  readonly start: string;
  /** The state of one element `x` at place `k` (u32) of its line. */
  readonly load: string;
  /** The state of `a` and `b`, in any order. */
  readonly combine: string;
  /** The state of all `s` of a subgroup; a fold without it goes through workgroup memory. */
  readonly ofSubgroup?: string;
  /** What is written for state `s` of a line of `u.total` (f32) elements. */
  readonly result: string;
}

/** Where lines are, and the elements in each. */
interface Lines {
  /** Of the elements, or of the fields of states. */
  readonly buffers: readonly GpuBuffer[];
  readonly types: readonly ElementType[];
  readonly areStates: boolean;
  readonly kept: Walk;
  readonly folded: Walk;
}

/** Lines from here on are worth several lanes, if their elements are neighbours, and from there on a whole workgroup. */
const [longLine, veryLongLine] = [64, 1024];
/** Lanes of a workgroup that share a line that is not very long. */
const fewLanes = 32;
/** What keeps a GPU busy: workgroups, and threads. */
const [enoughGroups, enoughThreads] = [1024, 65_536];
/** Elements of a line that are worth cutting it, for a workgroup and for a thread. */
const [groupCut, threadCut] = [4096, 32];

/** y = the elements of `x` folded along `dims`; no dimension of these is empty. */
export function foldAlong(
  gpu: Gpu,
  fold: Fold,
  x: Operand<GpuBuffer>,
  dims: readonly number[],
  y: Operand<GpuBuffer>,
): void {
  const pick = (isFolded: boolean): Walk => {
    const own = x.shape.map((_, dim) => dim).filter((dim) => dims.includes(dim) === isFolded);
    const strides = own.map((dim) => x.strides[dim]!);
    return joined(
      own.map((dim) => x.shape[dim]!),
      [strides],
      [isFolded ? 0 : x.offset],
    );
  };
  const folded = pick(true);
  const lines = { buffers: [x.buffer], types: [elementType(x.dtype)], areStates: false, kept: pick(false), folded };
  run(gpu, fold, lines, y, folded.count);
}

function run(gpu: Gpu, fold: Fold, lines: Lines, y: Operand<GpuBuffer>, total: number): void {
  const { kept, folded } = lines;
  if (kept.count === 0) return;
  const byGroup = folded.count >= longLine && unitOf(folded) <= unitOf(kept);
  const wanted = byGroup
    ? Math.min(Math.ceil(folded.count / groupCut), Math.floor(enoughGroups / kept.count))
    : Math.min(Math.ceil(folded.count / threadCut), Math.floor(enoughThreads / kept.count));
  const length = Math.ceil(folded.count / Math.max(wanted, 1));
  const cuts = Math.ceil(folded.count / length);
  const lanes = !byGroup ? 1 : length >= veryLongLine ? laneCount : fewLanes;
  if (cuts === 1) {
    dispatch(gpu, fold, lines, { lanes, cuts, length, total }, y, [y.buffer]);
    return;
  }
  withScratch(gpu, fold.parts, cuts * kept.count, (states) => {
    dispatch(gpu, fold, lines, { lanes, cuts, length, total }, undefined, states);
    const next: Lines = {
      buffers: states,
      types: fold.parts.map(elementType),
      areStates: true,
      kept: joined([kept.count], [[1]], [0]),
      folded: joined([cuts], [[kept.count]], [0]),
    };
    run(gpu, fold, next, y, total);
  });
}

interface Cut {
  /** Lanes that share a part of a line; one works by itself. */
  readonly lanes: number;
  readonly cuts: number;
  /** Elements of a part. */
  readonly length: number;
  /** Elements of the line, before any cut. */
  readonly total: number;
}

/** Without `y`, the states of all parts are written, part after part. */
function dispatch(
  gpu: Gpu,
  fold: Fold,
  { buffers, types, areStates, kept, folded }: Lines,
  { lanes, cuts, length, total }: Cut,
  y: Operand<GpuBuffer> | undefined,
  outputs: readonly GpuBuffer[],
): void {
  const [k, f] = [kept.rank, folded.rank];
  const outputTypes = y === undefined ? fold.parts.map(elementType) : [elementType(y.dtype)];
  const key = `${fold.key}/${lanes}/${areStates ? "states" : "elements"}/${y === undefined ? "part" : "whole"}/${k}/${f}`;
  const shader = gpu.shader(key, () => ({
    reads: named("x", types),
    writes: named("y", outputTypes),
    uniforms: {
      lines: "u32",
      cuts: "u32",
      length: "u32",
      end: "u32",
      total: "f32",
      offset: "i32",
      yOffset: "u32",
      keptSizes: ["u32", k],
      keptStrides: ["i32", k],
      foldedSizes: ["u32", f],
      foldedStrides: ["i32", f],
    },
    before: `
struct State { ${fold.parts.map((dtype, i) => `v${i}: ${elementType(dtype)}`).join(", ")} }
fn start() -> State { return ${fold.start}; }
fn combine(a: State, b: State) -> State { ${fold.combine} }
${lanes > 1 ? `var<workgroup> states: array<State, ${laneCount}>;` : ""}`,
    main: `
  // Lanes without a part stay, as barriers wait for all.
  let part = ${lanes > 1 ? `(group.y * groups.x + group.x) * ${laneCount / lanes}u + lane / ${lanes}u` : "index"};
  let isThere = part < u.lines * u.cuts;
  let line = part % u.lines;
  let cut = part / u.lines;
  ${coordinates(k, "line", "o", "keptSizes")}
  let origin = u.offset + ${distance("keptStrides", k, "o")};
  let end = select(0u, min((cut + 1u) * u.length, u.end), isThere);
  var s = start();
  // Blocks keep sums of many elements exact to the last bits.
  var block = start();
  var inBlock = 0;
  for (var k = cut * u.length${lanes > 1 ? ` + lane % ${lanes}u` : ""}; k < end; k += ${lanes}u) {
    ${coordinates(f, "k", "r", "foldedSizes")}
    let at = origin + ${distance("foldedStrides", f, "r")};
    ${areStates ? `let next = State(${fold.parts.map((_, i) => `x${i}[at]`).join(", ")});` : `let x = x0[at];\n    let next = ${fold.load};`}
    block = combine(block, next);
    inBlock++;
    if (inBlock == 32) { s = combine(s, block); block = start(); inBlock = 0; }
  }
  s = combine(s, block);
  ${lanes > 1 ? foldLanes(gpu, "s", "states", lanes, { start: "start()", both: (a, b) => `combine(${a}, ${b})`, ofSubgroup: fold.ofSubgroup === undefined ? undefined : () => fold.ofSubgroup! }) : ""}
  if (!isThere${lanes > 1 ? ` || lane % ${lanes}u > 0u` : ""}) { return; }
  ${y === undefined ? fold.parts.map((_, i) => `y${i}[part] = s.v${i};`).join(" ") : `y0[u.yOffset + line] = ${fold.result};`}`,
  }));
  const uniforms = {
    lines: kept.count,
    cuts,
    length,
    end: folded.count,
    total,
    offset: kept.offsets[0]!,
    yOffset: y?.offset ?? 0,
    keptSizes: kept.sizes,
    keptStrides: kept.strides[0]!,
    foldedSizes: folded.sizes,
    foldedStrides: folded.strides[0]!,
  };
  const parts = kept.count * cuts;
  const all = { ...namedBuffers("x", buffers), ...namedBuffers("y", outputs) };
  gpu.dispatch(shader, all, uniforms, gpu.linear(parts * lanes));
}

/** The smallest step between elements. */
function unitOf({ strides, sizes }: Walk): number {
  const steps = strides[0]!.filter((_, dim) => sizes[dim]! > 1).map(Math.abs);
  return Math.min(...steps, Number.MAX_SAFE_INTEGER);
}

function named(letter: string, types: readonly ElementType[]): Record<string, ElementType> {
  return Object.fromEntries(types.map((type, i) => [`${letter}${i}`, type]));
}

function namedBuffers(letter: string, buffers: readonly GpuBuffer[]): Record<string, GpuBuffer> {
  return Object.fromEntries(buffers.map((buffer, i) => [`${letter}${i}`, buffer]));
}

/** A scratch buffer of `length` elements for each dtype. */
function withScratch(
  gpu: Gpu,
  dtypes: readonly DType[],
  length: number,
  use: (buffers: readonly GpuBuffer[]) => void,
): void {
  const [dtype, ...rest] = dtypes;
  if (dtype === undefined) use([]);
  else gpu.scratch(dtype, length, (buffer) => withScratch(gpu, rest, length, (others) => use([buffer, ...others])));
}
