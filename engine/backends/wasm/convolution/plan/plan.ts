// What a plan is, for those who make one and those who run it.

import type { Epilogue, TileShape } from "../../matmul/register-tile.ts";
import type { Work } from "../../work.ts";

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

export interface ConvolutionPlan {
  readonly scratchBytes: number;
  /** To be run one after the other. */
  steps(places: Places): Work[];
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
