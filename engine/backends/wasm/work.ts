// Work for the threads: a kernel, and the calls of it that together are one operation. Planners make it; whoever has the
// compiled kernels and the threads runs it.

import type { ModuleBuilder } from "./assembler/index.ts";

/** Any order, any thread: each call writes its own part of the output. */
export interface Work {
  /** Names the kernel: equal keys, equal kernels. */
  readonly key: string;
  /** Writes the kernel into a module, as a function that is exported by `name`. */
  readonly define: (module: ModuleBuilder, name: string) => void;
  /** The arguments of every call. */
  readonly calls: readonly (readonly number[])[];
}

/** Where `length` is cut so that about `parts` parts are multiples of `step`, but for the last: the starts and the end. */
export function cutsOf(length: number, parts: number, step = 1): number[] {
  const size = Math.max(Math.ceil(Math.ceil(length / Math.max(parts, 1)) / step) * step, 1);
  const cuts = [0];
  for (let end = size; end < length; end += size) cuts.push(end);
  cuts.push(length);
  return cuts;
}

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Cuts `length` into at most `parts` ranges, even but for steps of `step`. */
export function evenly(length: number, parts: number, step = 1): Range[] {
  const steps = Math.ceil(length / step);
  const count = Math.min(parts, steps);
  const bound = (part: number) => Math.min(Math.floor((part * steps) / count) * step, length);
  return Array.from({ length: count }, (_, part) => ({ start: bound(part), end: bound(part + 1) }));
}
