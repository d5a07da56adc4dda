// The elements of one tensor in the heap: an address for generated kernels, a typed array for those in TypeScript.

import type { DType, TypedArray } from "../../../core/dtype.ts";
import type { Held } from "../../lifetimes.ts";

/** Bytes of the heap. */
export interface Block extends Held {
  readonly address: number;
}

export class HeapBuffer {
  readonly block: Block;
  readonly #memory: WebAssembly.Memory;
  #dtype: DType = "bool";
  #length = 0;
  #values: TypedArray | undefined;

  constructor(memory: WebAssembly.Memory, block: Block) {
    this.#memory = memory;
    this.block = block;
  }

  /** Where the first element is, in bytes. */
  get address(): number {
    return this.block.address;
  }

  /** Reads and writes the heap itself. */
  get values(): TypedArray {
    this.#values ??= new arrays[this.#dtype](this.#memory.buffer, this.block.address, this.#length);
    return this.#values;
  }

  /** Holds elements of another tensor from now on. */
  become(dtype: DType, length: number): void {
    if (this.#dtype === dtype && this.#length === length) return;
    this.#dtype = dtype;
    this.#length = length;
    this.#values = undefined;
  }
}

const arrays = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;
