// What the made-up data sets have in common: how many samples, and whence the random numbers come.

import { ArgumentError } from "../../core/errors.ts";
import type { Generator } from "../../core/random.ts";

export interface SampleOptions {
  /** How many. */
  readonly samples?: number;
  /** Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

/** Whole and at least `low`, or an ArgumentError. */
export function atLeast(op: string, low: number, options: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(options)) {
    if (!Number.isInteger(value) || value < low) {
      throw new ArgumentError(op, `${name} must be whole and at least ${low}, got ${value}`);
    }
  }
}

/** One normal number; the generator gives them in pairs and more, so a set draws them in one go where it can. */
export function normals(generator: Generator, count: number, std: number): Float32Array {
  const values = new Float32Array(count);
  if (std !== 0) generator.fillNormal(values, 0, std);
  return values;
}
