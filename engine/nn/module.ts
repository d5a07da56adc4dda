// Base of all layers and models: finds parameters, buffers and children in its properties, names them as PyTorch does,
// saves and loads them, switches modes, runs hooks. Computes nothing itself. Subclasses write `forward`; callers call
// `model.forward(x)`.

import type { Device } from "../core/device.ts";
import { ArgumentError } from "../core/errors.ts";
import { to } from "../ops/functions/pointwise/pointwise.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Buffer } from "./buffer.ts";
import { type ForwardHook, type ForwardPreHook, type HookHandle, Hooks } from "./hooks.ts";
import { Parameter } from "./parameter.ts";
import { joinKeys, type KeyReport, type LoadOptions, loadInto, type StateDict, stateKeyOf } from "./state-dict.ts";
import { type ModelSummary, type SummaryOptions, summarise } from "./summary.ts";

/** A module whatever its `forward` takes and gives. */
// biome-ignore lint/suspicious/noExplicitAny: only `any` stands for every list of inputs, whichever way types are compared.
export type AnyModule = Module<any, any>;

type Named<T> = readonly [name: string, value: T];

/**
 * A layer or model. Properties that are a {@link Parameter}, a {@link Buffer} or a Module become its parameters,
 * buffers and children; a property `runningMean` is called `running_mean` in the state dict, as PyTorch writes names.
 *
 * A module whose `forward` takes or gives something else than one tensor says so: `nn.Module<[x: Tensor, h: Tensor],
 * [Tensor, Tensor]>`.
 *
 * @example
 * class Net extends nn.Module {
 *   fc1 = new nn.Linear(784, 64);
 *   fc2 = new nn.Linear(64, 10);
 *   forward(x: Tensor) {
 *     return this.fc2.forward(this.fc1.forward(x).relu());
 *   }
 * }
 * new Net().forward(rand([32, 784])).shape; // [32, 10]
 */
export abstract class Module<In extends readonly unknown[] = [x: Tensor], Out = Tensor> {
  #training = true;
  #hooks: Hooks | undefined;

  /** What the module computes. Call it by this name, also inside other modules. */
  abstract forward(...inputs: In): Out;

  /** True after `train()`, false after `eval()`; dropout and batch normalisation look at it. */
  get training(): boolean {
    return this.#training;
  }

  /** Direct children and their names, in the order in which they were set. */
  children(): readonly Named<AnyModule>[] {
    return this.#own((value) => value instanceof Module);
  }

  /** This module and everything below with dotted names, each once; the name of this one is empty. */
  *namedModules(): IterableIterator<Named<AnyModule>> {
    const seen = new Set<AnyModule>();
    for (const entry of this.#walk("")) {
      if (!seen.has(entry[1])) yield entry;
      seen.add(entry[1]);
    }
  }

  /** All parameters with their dotted names, each once. */
  *namedParameters(): IterableIterator<Named<Parameter>> {
    yield* this.#members((value) => value instanceof Parameter);
  }

  /** All buffers with their dotted names, each once. */
  *namedBuffers(): IterableIterator<Named<Buffer>> {
    yield* this.#members((value) => value instanceof Buffer);
  }

  /** All parameters: what an optimiser takes. */
  parameters(): Parameter[] {
    return Array.from(this.namedParameters(), ([, parameter]) => parameter);
  }

  /** The parameters and buffers as they are now: later training steps do not change what this gave. */
  stateDict(): StateDict {
    return Object.fromEntries(Array.from(this.#state(), ([name, tensor]) => [name, tensor.detach()]));
  }

  /**
   * Gives the parameters and buffers the elements of `state`. Throws StateDictError, and changes nothing, when shapes
   * or (unless `strict: false`) names differ.
   */
  loadStateDict(state: Readonly<StateDict>, options: LoadOptions = {}): KeyReport {
    return loadInto(this.constructor.name, this.#state(), state, options);
  }

  /** Switches this module and everything below to training, or away from it. */
  train(mode = true): this {
    return this.apply((module) => {
      module.#training = mode;
    });
  }

  /** Switches to evaluation: dropout passes everything on, batch normalisation uses its running statistics. */
  eval(): this {
    return this.train(false);
  }

  /** Runs `fn` on every module below and then on this one, each once; for initial weights of one's own. */
  apply(fn: (module: AnyModule) => void): this {
    const seen = new Set<AnyModule>();
    const visit = (module: AnyModule): void => {
      if (seen.has(module)) return;
      seen.add(module);
      for (const [, child] of module.children()) visit(child);
      fn(module);
    };
    visit(this);
    return this;
  }

  /**
   * Freezes all parameters with `false`, so that training leaves them alone, and thaws them with `true`.
   *
   * @example
   * const model = new nn.Sequential(new nn.Linear(2, 4), new nn.Tanh(), new nn.Linear(4, 1));
   * model.at(0).requiresGrad(false);
   * model.parameters().filter((parameter) => parameter.requiresGrad).length; // 2
   */
  requiresGrad(value = true): this {
    for (const parameter of this.parameters()) parameter.requiresGrad = value;
    return this;
  }

  /**
   * Moves all parameters, their gradients and all buffers to a device, and gives this module. What an optimiser remembers
   * stays where it is: make it afterwards. Throws a BackendError for a device that this machine lacks.
   *
   * @example
   * new nn.Linear(2, 1).to("cpu").weight.device; // cpu
   */
  to(device: Device): this {
    for (const tensor of new Set(this.#state().values())) {
      tensor.become(to(tensor.detach(), device));
      const grad = tensor.peekGrad();
      if (grad !== undefined) tensor.replaceGrad(to(grad, device));
    }
    return this;
  }

  /** Forgets the gradients of all parameters. */
  zeroGrad(): void {
    for (const parameter of this.parameters()) parameter.replaceGrad(undefined);
  }

  /**
   * Calls `hook` with the module, its inputs and its output after every `forward`, until the handle is removed: the way
   * to activation maps. What the hook returns, unless undefined, becomes the output.
   *
   * @example
   * const model = models.leNet5();
   * const maps: Tensor[] = [];
   * const handle = model.get("c1").registerForwardHook((layer, inputs, output) => {
   *   maps.push(output);
   * });
   * model.forward(zeros([1, 1, 32, 32]));
   * handle.remove();
   * maps.map((map) => map.shape.join(" × ")); // [1 × 6 × 28 × 28]
   */
  registerForwardHook(hook: ForwardHook<this, In, Out>): HookHandle {
    this.#hooks ??= new Hooks(this as AnyModule);
    return this.#hooks.addAfter(hook);
  }

  /**
   * Calls `hook` with the module and its inputs before every `forward`. What it returns, unless undefined, are the
   * inputs.
   */
  registerForwardPreHook(hook: ForwardPreHook<this, In>): HookHandle {
    this.#hooks ??= new Hooks(this as AnyModule);
    return this.#hooks.addBefore(hook);
  }

  /**
   * A table of layers, output shapes and parameters as Keras prints it, with the multiply-accumulates (MACs) of one sample.
   * Nothing is computed. `inputShape` has no batch dimension; a module of several inputs takes a list of shapes.
   *
   * @example
   * models.leNet5().summary([1, 32, 32]).totalMacs; // 416520
   */
  summary(inputShape: readonly number[] | readonly (readonly number[])[], options?: SummaryOptions): ModelSummary {
    return summarise(this, inputShape, options);
  }

  /** What stands between the parentheses of `toString`, for example `in_features=2, out_features=1, bias=True`. */
  protected describe(): string {
    return "";
  }

  /** The module and its children as PyTorch prints them. */
  toString(): string {
    const name = this.constructor.name;
    const description = this.describe();
    const children = this.children();
    if (children.length === 0) return `${name}(${description})`;
    const lines = children.map(([key, child]) => `  (${key}): ${child.toString().replaceAll("\n", "\n  ")}`);
    return `${name}(\n${description === "" ? "" : `  ${description}\n`}${lines.join("\n")}\n)`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  /** Properties of one kind, by their names in state dicts. */
  #own<T>(isKind: (value: unknown) => value is T): Named<T>[] {
    return Object.entries(this).flatMap(([property, value]) => (isKind(value) ? [[stateKeyOf(property), value]] : []));
  }

  /** All modules by all their names: a shared module comes more than once. */
  *#walk(prefix: string): IterableIterator<Named<AnyModule>> {
    yield [prefix, this];
    for (const [name, child] of this.children()) yield* child.#walk(joinKeys(prefix, name));
  }

  *#members<T>(isKind: (value: unknown) => value is T): IterableIterator<Named<T>> {
    const seen = new Set<T>();
    for (const [prefix, module] of this.namedModules()) {
      for (const [name, value] of module.#own(isKind)) {
        if (!seen.has(value)) yield [joinKeys(prefix, name), value];
        seen.add(value);
      }
    }
  }

  /** Module by module, parameters before buffers; shared ones under all their names, as in PyTorch. */
  #state(): Map<string, Parameter | Buffer> {
    const state = new Map<string, Parameter | Buffer>();
    for (const [prefix, module] of this.#walk("")) {
      const tensors = [
        ...module.#own((value) => value instanceof Parameter),
        ...module.#own((value) => value instanceof Buffer),
      ];
      for (const [name, tensor] of tensors) {
        const key = joinKeys(prefix, name);
        if (state.has(key)) throw new ArgumentError("stateDict", `two tensors of ${this.constructor.name} are ${key}`);
        state.set(key, tensor);
      }
    }
    return state;
  }
}
