// Plans elementwise work: joins dimensions, finds out how each operand moves along the innermost one, and cuts the output into
// parts. Knows shapes, strides and addresses, no tensors; what runs is loop.ts.

import type { Shape } from "../../../core/shape.ts";
import { widthOf } from "./elements.ts";
import { type Advance, definePointwise, outerDims } from "./loop.ts";
import type { Program } from "./program.ts";
import { cutsOf, type Work } from "./work.ts";

/** Where elements lie. */
export interface Placed {
  /** Of the first element, in bytes. */
  readonly address: number;
  /** In elements, one for every dimension of the output: 0 along dimensions that the operand repeats. */
  readonly strides: readonly number[];
}

/** A loop over dimensions, innermost first; strides in bytes, of the output and then of each operand. */
interface Nest {
  readonly sizes: number[];
  readonly addresses: number[];
  readonly strides: number[][];
}

/** Elements that a part is a multiple of, where a run is cut: a round of the loop, and whole cache lines. */
const runStep = 64;

/**
 * `output = program(operands)` over `shape`, in parts of about `grain` elements. The output's elements are neighbours along
 * the last dimension that is longer than 1.
 */
export function planPointwise(
  program: Program,
  shape: Shape,
  output: Placed,
  operands: readonly Placed[],
  grain: number,
): Work {
  const widths = [program.output, ...program.operands].map(widthOf);
  const nest = joined(shape, [output, ...operands], widths);
  const advances = operands.map((_, i): Advance => {
    const stride = nest.strides[i + 1]![0]!;
    return stride === 0 ? "stay" : stride === widths[i + 1] ? "next" : "stride";
  });
  const calls: number[][] = [];
  if (!nest.sizes.includes(0)) for (const part of partsOf(nest, grain)) addCalls(calls, part, advances);
  return {
    key: `${program.key}|${advances.join()}`,
    define: (module, name) => definePointwise(module, name, program, advances),
    calls,
  };
}

/** Drops dimensions of size 1, and joins neighbours that everything walks through in one stride. */
function joined(shape: Shape, placed: readonly Placed[], widths: readonly number[]): Nest {
  const sizes: number[] = [];
  const strides: number[][] = placed.map(() => []);
  for (let dim = shape.length - 1; dim >= 0; dim--) {
    const size = shape[dim]!;
    if (size === 1) continue;
    const last = sizes.length - 1;
    let joins = last >= 0;
    for (let k = 0; joins && k < placed.length; k++) {
      joins = strides[k]![last]! * sizes[last]! === placed[k]!.strides[dim]! * widths[k]!;
    }
    if (joins) {
      sizes[last]! *= size;
      continue;
    }
    sizes.push(size);
    for (let k = 0; k < placed.length; k++) strides[k]!.push(placed[k]!.strides[dim]! * widths[k]!);
  }
  if (sizes.length === 0) {
    sizes.push(1);
    for (let k = 0; k < placed.length; k++) strides[k]!.push(widths[k]!);
  }
  return { sizes, strides, addresses: placed.map(({ address }) => address) };
}

/** Cuts along the outermost dimension that is long enough, or along the longest. */
function partsOf(nest: Nest, grain: number): Nest[] {
  const total = nest.sizes.reduce((product, size) => product * size, 1);
  const parts = Math.ceil(total / grain);
  if (parts <= 1) return [nest];
  let dim = nest.sizes.findLastIndex((size) => size >= parts);
  if (dim < 0) dim = nest.sizes.indexOf(Math.max(...nest.sizes));
  const cuts = cutsOf(nest.sizes[dim]!, parts, dim === 0 ? runStep : 1);
  return cuts.slice(1).map((end, i) => slice(nest, dim, cuts[i]!, end));
}

function slice({ sizes, addresses, strides }: Nest, dim: number, start: number, end: number): Nest {
  return {
    sizes: sizes.with(dim, end - start),
    addresses: addresses.map((address, k) => address + start * strides[k]![dim]!),
    strides,
  };
}

/** One call, or one for each entry of the dimensions that the loop has not. */
function addCalls(calls: number[][], nest: Nest, advances: readonly Advance[]): void {
  const { sizes, addresses, strides } = nest;
  const last = sizes.length - 1;
  if (last > outerDims) {
    for (let i = 0; i < sizes[last]!; i++) {
      const { addresses: at } = slice(nest, last, i, i + 1);
      addCalls(calls, { sizes: sizes.slice(0, last), addresses: at, strides }, advances);
    }
    return;
  }
  const call: number[] = [];
  for (let dim = 0; dim <= outerDims; dim++) call.push(sizes[dim] ?? 1);
  for (let k = 0; k < addresses.length; k++) {
    call.push(addresses[k]!);
    for (let dim = 1; dim <= outerDims; dim++) call.push(strides[k]![dim] ?? 0);
    if (k > 0 && advances[k - 1] === "stride") call.push(strides[k]![0]!);
  }
  calls.push(call);
}
