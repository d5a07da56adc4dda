// Modules that hold modules and compute nothing: lists and dictionaries for a `forward` that arranges them itself.

import { ArgumentError } from "../../core/errors.ts";
import { type AnyModule, Module } from "../module.ts";

/**
 * A list of modules, named `0`, `1` … in the state dict. It has no `forward` of its own: iterate over it.
 *
 * @example
 * class Deep extends nn.Module {
 *   layers = new nn.ModuleList(Array.from({ length: 3 }, () => new nn.Linear(4, 4)));
 *   forward(x: Tensor) {
 *     for (const layer of this.layers) x = layer.forward(x).tanh();
 *     return x;
 *   }
 * }
 * new Deep().forward(ones([2, 4])).shape; // [2, 4]
 */
export class ModuleList<M extends AnyModule = Module> extends Module<never, never> {
  readonly #modules: M[];

  constructor(modules: Iterable<M> = []) {
    super();
    this.#modules = [...modules];
  }

  override children(): readonly (readonly [string, M])[] {
    return this.#modules.map((module, i) => [`${i}`, module]);
  }

  get length(): number {
    return this.#modules.length;
  }

  [Symbol.iterator](): IterableIterator<M> {
    return this.#modules.values();
  }

  /** The module at that position; negative positions count from the end. Throws ArgumentError if there is none. */
  at(index: number): M {
    const module = this.#modules.at(index);
    if (module !== undefined) return module;
    throw new ArgumentError("ModuleList", `there is no module ${index} of ${this.length}`);
  }

  /** Adds modules at the end. Returns the list. */
  push(...modules: readonly M[]): this {
    this.#modules.push(...modules);
    return this;
  }

  /** Throws: a list does not know in which order, or with what between, its modules are to be run. */
  override forward(): never {
    throw noForward("ModuleList", "Iterate over the list in your own forward, or use nn.Sequential.");
  }
}

/**
 * Modules by name; the names are those in the state dict. It has no `forward` of its own.
 *
 * @example
 * const heads = new nn.ModuleDict({ colour: new nn.Linear(8, 3), size: new nn.Linear(8, 1) });
 * heads.get("colour").forward(ones([2, 8])).shape; // [2, 3]
 * Object.keys(heads.stateDict()); // [colour.weight, colour.bias, size.weight, size.bias]
 */
export class ModuleDict<const D extends Readonly<Record<string, AnyModule>>> extends Module<never, never> {
  readonly #modules: ReadonlyMap<string, AnyModule>;

  constructor(modules: D) {
    super();
    this.#modules = new Map(Object.entries(modules));
  }

  override children(): readonly (readonly [string, AnyModule])[] {
    return [...this.#modules];
  }

  get length(): number {
    return this.#modules.size;
  }

  keys(): string[] {
    return [...this.#modules.keys()];
  }

  /** The module of that name. Throws ArgumentError if there is none. */
  get<K extends keyof D & string>(name: K): D[K] {
    const module = this.#modules.get(name);
    if (module !== undefined) return module as D[K];
    throw new ArgumentError("ModuleDict", `there is no module ${name}, only ${this.keys().join(", ")}`);
  }

  /** Throws: a dictionary does not know what to do with its modules. */
  override forward(): never {
    throw noForward("ModuleDict", 'Call the modules by name: heads.get("colour").forward(x).');
  }
}

function noForward(op: string, hint: string): ArgumentError {
  return new ArgumentError(op, "has no forward", hint);
}
