// Plans elementwise work: joins dimensions, finds out how each operand moves along the innermost one, and cuts the output into
// parts. Knows shapes, strides and addresses, no tensors; what runs is loop.ts.

import type { Shape } from "../../../core/shape.ts";
import { cutsOf, type Work } from "../work.ts";
import { definePointwise, outerDims } from "./loop.ts";
import type { Advance, Program, Variant } from "./program.ts";

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
  const nest = joined(program, shape, output, operands);
  const variant = variantOf(program, patternOf(program, nest));
  const calls: number[][] = [];
  const total = nest.sizes.reduce((product, size) => product * size, 1);
  const parts = Math.ceil(total / grain);
  if (parts > 1) for (const part of partsOf(nest, parts)) addCalls(calls, part, variant.advances);
  else if (total > 0) addCalls(calls, nest, variant.advances);
  return { key: variant.key, define: variant.define, calls };
}

/** The same for `size` elements that all lie side by side; addresses of the output and the operands. */
export function planRow(program: Program, size: number, addresses: readonly number[], grain: number): Work {
  const { key, define } = variantOf(program, (3 ** program.operands.length - 1) / 2);
  const cuts = size > grain ? cutsOf(size, Math.ceil(size / grain), runStep) : [0, size];
  const calls: number[][] = [];
  for (let i = 1; i < cuts.length; i++) {
    const start = cuts[i - 1]!;
    const call = [cuts[i]! - start, 1, 1, 1];
    for (let k = 0; k < addresses.length; k++) call.push(addresses[k]! + start * program.widths[k]!, 0, 0, 0);
    calls.push(call);
  }
  return { key, define, calls };
}

/** How each operand moves along the run, as a digit: not at all, to the next element, by a stride. */
function patternOf(program: Program, { strides }: Nest): number {
  let pattern = 0;
  for (let i = 0; i < program.operands.length; i++) {
    const stride = strides[i + 1]![0]!;
    pattern = pattern * 3 + (stride === 0 ? 0 : stride === program.widths[i + 1] ? 1 : 2);
  }
  return pattern;
}

/** The kernel of a pattern; a program keeps those that were asked for. */
function variantOf(program: Program, pattern: number): Variant {
  let variant = program.variants.get(pattern);
  if (variant === undefined) {
    const order = ["stay", "next", "stride"] as const;
    const advances = program.operands.map((_, i, all) => order[Math.floor(pattern / 3 ** (all.length - 1 - i)) % 3]!);
    variant = {
      key: `${program.key}|${advances}`,
      define: (module, name) => definePointwise(module, name, program, advances),
      advances,
    };
    program.variants.set(pattern, variant);
  }
  return variant;
}

/** Drops dimensions of size 1, and joins neighbours that everything walks through in one stride. */
function joined({ widths }: Program, shape: Shape, output: Placed, operands: readonly Placed[]): Nest {
  const sizes: number[] = [];
  const addresses: number[] = [];
  const strides: number[][] = [];
  for (let k = 0; k < widths.length; k++) {
    addresses.push((operands[k - 1] ?? output).address);
    strides.push([]);
  }
  for (let dim = shape.length - 1; dim >= 0; dim--) {
    const size = shape[dim]!;
    if (size === 1) continue;
    const last = sizes.length - 1;
    let joins = last >= 0;
    for (let k = 0; joins && k < widths.length; k++) {
      joins = strides[k]![last]! * sizes[last]! === (operands[k - 1] ?? output).strides[dim]! * widths[k]!;
    }
    if (joins) {
      sizes[last]! *= size;
      continue;
    }
    sizes.push(size);
    for (let k = 0; k < widths.length; k++) strides[k]!.push((operands[k - 1] ?? output).strides[dim]! * widths[k]!);
  }
  if (sizes.length === 0) {
    sizes.push(1);
    for (let k = 0; k < widths.length; k++) strides[k]!.push(widths[k]!);
  }
  return { sizes, strides, addresses };
}

/** Cuts along the outermost dimension that is long enough, or along the longest. */
function partsOf(nest: Nest, parts: number): Nest[] {
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
