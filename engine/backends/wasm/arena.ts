// A memory for the tests of kernels: places arrays in it, runs planned work, and tells whether anything was written that is
// not the output. Tests only; one thread.

import { type DType, sizeBytesOf, type TypedArray } from "../../core/dtype.ts";
import { ModuleBuilder } from "./assembler/index.ts";
import type { Work } from "./work.ts";

/** Bytes around every array that nobody may write. */
const guardBytes = 64;

const arrayTypes = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;

export class Arena {
  readonly #pages: number;
  readonly #memory: WebAssembly.Memory;
  readonly #kernels = new Map<string, (...values: number[]) => void>();
  #next = guardBytes;

  constructor(sizeBytes = 2 ** 22) {
    this.#pages = Math.ceil(sizeBytes / 2 ** 16);
    this.#memory = new WebAssembly.Memory({ initial: this.#pages, maximum: this.#pages, shared: true });
  }

  /** Forgets all arrays. */
  clear(): void {
    this.#next = guardBytes;
  }

  /** A view of a new array in the memory; its `byteOffset` is the address. */
  place<T extends TypedArray>(values: T): T {
    const dtype = values instanceof Float32Array ? "float32" : values instanceof Int32Array ? "int32" : "bool";
    const view = this.empty(dtype, values.length) as T;
    view.set(values);
    return view;
  }

  /** Holds NaN, or -1. */
  empty(dtype: DType, size: number): TypedArray {
    const address = this.#next;
    this.#next = Math.ceil((address + sizeBytesOf(dtype, size)) / 16) * 16 + guardBytes;
    new Uint8Array(this.#memory.buffer, address, this.#next - address).fill(0xff);
    return new arrayTypes[dtype](this.#memory.buffer as unknown as ArrayBuffer, address, size);
  }

  /** The exported function of a kernel, compiled once. */
  kernel({ key, define }: Pick<Work, "key" | "define">): (...values: number[]) => void {
    const known = this.#kernels.get(key);
    if (known !== undefined) return known;
    const module = new ModuleBuilder({ initialPages: this.#pages, maximumPages: this.#pages, shared: true });
    define(module, "run");
    const compiled = new WebAssembly.Module(module.encode());
    const instance = new WebAssembly.Instance(compiled, { env: { memory: this.#memory } });
    const kernel = instance.exports.run as (...values: number[]) => void;
    this.#kernels.set(key, kernel);
    return kernel;
  }

  /** Runs the calls, last first: their order must not matter. */
  run(...stages: readonly Work[]): void {
    for (const work of stages) {
      const kernel = this.kernel(work);
      for (const call of work.calls.toReversed()) kernel(...call);
    }
  }

  /** Runs `act`, and gives the addresses of the bytes that it changed outside of `outputs`. */
  strayWrites(outputs: readonly TypedArray[], act: () => void): number[] {
    const bytes = new Uint8Array(this.#memory.buffer, 0, this.#next);
    const before = bytes.slice();
    act();
    const covered = (at: number) => outputs.some((o) => at >= o.byteOffset && at < o.byteOffset + o.byteLength);
    const strays: number[] = [];
    for (let at = 0; at < bytes.length; at++) if (bytes[at] !== before[at] && !covered(at)) strays.push(at);
    return strays;
  }
}
