// What a plan is, for those who make one and those who run it.

import type { ModuleBuilder } from "../../assembler/index.ts";
import type { Epilogue, TileShape } from "../../matmul/register-tile.ts";

/** Addresses in bytes. */
export interface Places {
  /** The op's operands, in the order of the op table. */
  readonly first: number;
  readonly second: number;
  readonly output: number;
  /** Read only by conv2d with a bias. */
  readonly bias: number;
  readonly scratch: number;
}

/** Calls of one exported function, which may run in any order; all must be over before the next step. */
export interface Step {
  /** The same for the same code. */
  readonly key: string;
  readonly define: (module: ModuleBuilder, name: string) => void;
  readonly calls: readonly (readonly number[])[];
}

export interface ConvolutionPlan {
  readonly scratchBytes: number;
  steps(places: Places): Step[];
}

/** What the planners of the kinds of kernels need to know besides sizes. */
export interface Job {
  /** Begins the key of each step. */
  readonly key: string;
  readonly batch: number;
  readonly tile: TileShape;
  readonly parts: number;
  readonly epilogue: Epilogue;
}
