// Kernels that were generated and compiled, each under a key that says for what: the second time costs a look-up. Followers
// instantiate the same modules, see threads/.

import { ModuleBuilder } from "./assembler/index.ts";
import { KernelError } from "./kernel-error.ts";
import type { Heap } from "./memory/heap.ts";

export type KernelFunction = (...values: number[]) => void;

/** How the host wants modules compiled. */
export interface Compilation {
  /** Whether it can make one operation of 256 bits of pairs of 128: kernels then use pairs. */
  readonly canRevectorize: boolean;
  /** Calls `compile` with the host's flags, those for pairs too if asked. */
  withFlags<T>(revectorize: boolean, compile: () => T): T;
}

export const plainCompilation: Compilation = { canRevectorize: false, withFlags: (_, compile) => compile() };

/** A compiled kernel: a function of addresses in bytes, sizes and strides. */
export interface Kernel {
  readonly key: string;
  readonly module: WebAssembly.Module;
  readonly call: KernelFunction;
}

/** Adds the exported function `name` to a module, and whatever it calls. */
export type DefineKernel = (module: ModuleBuilder, name: string) => void;

const name = "kernel";

/** Kernels of one kind: the key says which. */
export interface KernelFamily {
  /** The kernel of that key; `define` says what it is if nobody asked for it before. */
  get(key: string, define: DefineKernel): Kernel;
}

export class KernelLibrary {
  /** Whether kernels shall use pairs of vectors. */
  readonly isRevectorized: boolean;
  readonly #heap: Heap;
  readonly #compilation: Compilation;

  constructor(heap: Heap, compilation: Compilation, isRevectorized = compilation.canRevectorize) {
    this.isRevectorized = isRevectorized;
    this.#heap = heap;
    this.#compilation = compilation;
  }

  /** A family with keys of its own. Keys that their owners keep are found without being read. */
  family(name: string): KernelFamily {
    const kernels = new Map<string, Kernel>();
    return {
      get: (key, define) => {
        let kernel = kernels.get(key);
        if (kernel === undefined) {
          kernel = this.#compile(`${name} ${key}`, define);
          kernels.set(key, kernel);
        }
        return kernel;
      },
    };
  }

  #compile(key: string, define: DefineKernel): Kernel {
    const builder = new ModuleBuilder(this.#heap.type);
    define(builder, name);
    const bytes = builder.encode();
    const module = this.#compilation.withFlags(this.isRevectorized, () => new WebAssembly.Module(bytes));
    return { key, module, call: instantiate(module, this.#heap.memory) };
  }
}

/** The module's function, working on `memory`. */
export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): KernelFunction {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const call = exports[name];
  if (typeof call !== "function") throw new KernelError("instantiate", `the module exports no function ${name}`);
  return call as KernelFunction;
}
