// The elements of one tensor on the GPU: a name for bytes that only the GPU's thread can touch.

import type { DType } from "../../../core/dtype.ts";
import type { Operand } from "../../backend.ts";
import type { Held } from "../../lifetimes.ts";

/** Bytes on the GPU, named by a number that is never given twice. */
export interface GpuBlock extends Held {
  readonly id: number;
  /** Which device it lies on: 1 for the first, one more after each loss. */
  readonly device: number;
}

export class GpuBuffer {
  readonly block: GpuBlock;
  dtype: DType = "float32";
  /** Elements, of four bytes each: a bool is a word that is 0 or 1. */
  length = 0;
  /** Whether it is some tensor's, and does not wait for the next one. */
  isHeld = false;

  constructor(block: GpuBlock) {
    this.block = block;
  }

  get id(): number {
    return this.block.id;
  }
}

/** A tensor as a kernel of the GPU sees it. */
export type GpuOperand = Operand<GpuBuffer>;
