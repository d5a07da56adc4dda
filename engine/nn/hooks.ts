// Hooks: functions that run before or after a module's `forward`, wherever it is called. While there are any, an own
// property of the module shadows the class's `forward`; without hooks nothing is in the way. Called by Module.

import { ArgumentError } from "../core/errors.ts";

/** Sees what a module is about to be given; what it returns, unless undefined, is given instead. */
export type ForwardPreHook<M, In> = (module: M, inputs: In) => In | undefined;

/** Sees what a module was given and gave; what it returns, unless undefined, becomes the output. */
export type ForwardHook<M, In, Out> = (module: M, inputs: In, output: Out) => Out | undefined;

/**
 * A registered hook. `remove()` ends it, and so does leaving the block of `using handle = …`.
 *
 * @example
 * const layer = new nn.Linear(2, 2);
 * const shapes: string[] = [];
 * const handle = layer.registerForwardHook((_, __, output) => {
 *   shapes.push(String(output.shape));
 * });
 * layer.forward(zeros([3, 2]));
 * handle.remove();
 * layer.forward(zeros([4, 2]));
 * shapes; // [3,2]
 */
export class HookHandle implements Disposable {
  readonly #remove: () => void;

  constructor(remove: () => void) {
    this.#remove = remove;
  }

  remove(): void {
    this.#remove();
  }

  [Symbol.dispose](): void {
    this.#remove();
  }
}

interface Forwarding {
  forward(...inputs: unknown[]): unknown;
}

/** The hooks of one module, in the order in which they were registered. Types are Module's business. */
export class Hooks {
  readonly #module: Forwarding;
  readonly #before = new Map<HookHandle, ForwardPreHook<Forwarding, readonly unknown[]>>();
  readonly #after = new Map<HookHandle, ForwardHook<Forwarding, readonly unknown[], unknown>>();
  #uncover: (() => void) | undefined;

  constructor(module: Forwarding) {
    this.#module = module;
  }

  addBefore<M, In>(hook: ForwardPreHook<M, In>): HookHandle {
    return this.#add(
      this.#before,
      hook as ForwardPreHook<unknown, unknown> as ForwardPreHook<unknown, readonly unknown[]>,
    );
  }

  addAfter<M, In, Out>(hook: ForwardHook<M, In, Out>): HookHandle {
    return this.#add(this.#after, hook as ForwardHook<unknown, unknown, unknown>);
  }

  #add<H>(hooks: Map<HookHandle, H>, hook: H): HookHandle {
    const handle = new HookHandle(() => {
      hooks.delete(handle);
      if (this.#before.size + this.#after.size > 0) return;
      this.#uncover?.();
      this.#uncover = undefined;
    });
    hooks.set(handle, hook);
    this.#uncover ??= this.#cover();
    return handle;
  }

  /** Puts the hooked `forward` in front of the module's own; the returned function takes it away. */
  #cover(): () => void {
    const module: Partial<Forwarding> = this.#module;
    const own = Object.getOwnPropertyDescriptor(module, "forward");
    const forward = this.#module.forward.bind(module);
    const value = (...inputs: unknown[]): unknown => this.#run(forward, inputs);
    // Not enumerable: a module's enumerable properties are its parameters, buffers and children.
    Object.defineProperty(module, "forward", { value, configurable: true, writable: true, enumerable: false });
    return () => {
      if (own === undefined) delete module.forward;
      else Object.defineProperty(module, "forward", own);
    };
  }

  #run(forward: Forwarding["forward"], given: readonly unknown[]): unknown {
    let inputs = given;
    for (const hook of this.#before.values()) {
      const instead: unknown = hook(this.#module, inputs);
      if (instead === undefined) continue;
      if (!Array.isArray(instead)) throw refused("registerForwardPreHook", "inputs", instead);
      inputs = instead;
    }
    let output = forward(...inputs);
    for (const hook of this.#after.values()) {
      const instead = hook(this.#module, inputs, output);
      if (instead === undefined) continue;
      if (typeof instead !== typeof output) throw refused("registerForwardHook", "output", instead);
      output = instead;
    }
    return output;
  }
}

/** The usual slip: `(_, __, output) => list.push(output)` returns the list's length. */
function refused(op: string, what: string, instead: unknown): ArgumentError {
  const hint = `What a hook returns replaces the ${what}; put braces around its body if it only looks.`;
  return new ArgumentError(op, `the hook returned ${String(instead)}`, hint);
}
