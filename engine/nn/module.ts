// Base of all layers and models: finds parameters and children in its properties, names them as PyTorch does, saves and
// loads them. Computes nothing itself. Subclasses write `forward`; callers call `model.forward(x)`.

import { EngineError } from "../core/errors.ts";
import { formatShape, sameShape } from "../core/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Parameter } from "./parameter.ts";
import { type ModelSummary, summarise } from "./summary.ts";

/** Names and values of a model's parameters, with PyTorch's names: `c1.weight`, `0.bias`. */
export type StateDict = Record<string, Tensor>;

export interface LoadOptions {
  /** Refuse missing and unexpected names. Default: true. */
  readonly strict?: boolean;
}

/** What `loadStateDict` did not find a partner for. */
export interface KeyReport {
  readonly missingKeys: readonly string[];
  readonly unexpectedKeys: readonly string[];
}

/** A state dict does not fit the model; every problem is listed. */
export class StateDictError extends EngineError implements KeyReport {
  override readonly name = "StateDictError";
  readonly missingKeys: readonly string[];
  readonly unexpectedKeys: readonly string[];

  constructor(model: string, report: KeyReport, mismatches: readonly string[]) {
    const problems = [
      ...(report.missingKeys.length > 0 ? [`missing keys ${report.missingKeys.join(", ")}`] : []),
      ...(report.unexpectedKeys.length > 0 ? [`unexpected keys ${report.unexpectedKeys.join(", ")}`] : []),
      ...mismatches,
    ];
    super("loadStateDict", `the state dict does not fit ${model}: ${problems.join("; ")}`);
    this.missingKeys = report.missingKeys;
    this.unexpectedKeys = report.unexpectedKeys;
  }
}

/**
 * A layer or model. Properties that are a {@link Parameter} or a Module become its parameters and children.
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
export abstract class Module {
  #training = true;

  abstract forward(x: Tensor): Tensor;

  /** True after `train()`, false after `eval()`; dropout and the like look at it. */
  get training(): boolean {
    return this.#training;
  }

  /** Direct children by property name, in the order in which they were set. */
  children(): readonly (readonly [name: string, child: Module])[] {
    return Object.entries(this).filter((entry): entry is [string, Module] => entry[1] instanceof Module);
  }

  /** This module and everything below, with dotted names; the name of this one is empty. */
  *namedModules(prefix = ""): IterableIterator<readonly [name: string, module: Module]> {
    yield [prefix, this];
    for (const [name, child] of this.children()) yield* child.namedModules(join(prefix, name));
  }

  /** All parameters with their dotted names, each once. */
  *namedParameters(): IterableIterator<readonly [name: string, parameter: Parameter]> {
    const seen = new Set<Parameter>();
    for (const [prefix, module] of this.namedModules()) {
      for (const [name, value] of Object.entries(module)) {
        if (!(value instanceof Parameter) || seen.has(value)) continue;
        seen.add(value);
        yield [join(prefix, name), value];
      }
    }
  }

  /** All parameters: what an optimiser takes. */
  parameters(): Parameter[] {
    return Array.from(this.namedParameters(), ([, parameter]) => parameter);
  }

  /** The parameters as they are now: later training steps do not change what this gave. */
  stateDict(): StateDict {
    return Object.fromEntries(Array.from(this.namedParameters(), ([name, parameter]) => [name, parameter.detach()]));
  }

  /**
   * Gives the parameters the elements of `state`. Throws StateDictError, and changes nothing, when shapes or (unless
   * `strict: false`) names differ.
   */
  loadStateDict(state: Readonly<StateDict>, { strict = true }: LoadOptions = {}): KeyReport {
    const own = new Map(this.namedParameters());
    const report: KeyReport = {
      missingKeys: [...own.keys()].filter((name) => !Object.hasOwn(state, name)),
      unexpectedKeys: Object.keys(state).filter((name) => !own.has(name)),
    };
    const matches = [...own].flatMap(([name, parameter]) =>
      Object.hasOwn(state, name) ? [{ name, parameter, value: state[name]! }] : [],
    );
    const mismatches = matches.flatMap(({ name, parameter, value }) => {
      if (sameShape(parameter.shape, value.shape) && parameter.dtype === value.dtype) return [];
      const [expected, got] = [formatShape(parameter.shape), formatShape(value.shape)];
      return [`${name} is ${got} ${value.dtype}, expected ${expected} ${parameter.dtype}`];
    });
    const keysDiffer = report.missingKeys.length > 0 || report.unexpectedKeys.length > 0;
    if ((strict && keysDiffer) || mismatches.length > 0) {
      throw new StateDictError(this.constructor.name, report, mismatches);
    }
    for (const { parameter, value } of matches) parameter.assign(value);
    return report;
  }

  /** Switches this module and everything below to training, or away from it. */
  train(mode = true): this {
    for (const [, module] of this.namedModules()) module.#training = mode;
    return this;
  }

  /** Switches to evaluation: dropout passes everything on. */
  eval(): this {
    return this.train(false);
  }

  /** Forgets the gradients of all parameters. */
  zeroGrad(): void {
    for (const parameter of this.parameters()) parameter.grad = undefined;
  }

  /** A table of layers, output shapes and parameters as Keras prints it; `inputShape` has no batch dimension. */
  summary(inputShape: readonly number[]): ModelSummary {
    return summarise(this, inputShape);
  }

  /** What stands between the parentheses of `toString`, for example `in_features=2, out_features=1, bias=True`. */
  protected describe(): string {
    return "";
  }

  /** The module and its children as PyTorch prints them. */
  toString(): string {
    const name = this.constructor.name;
    const children = this.children();
    if (children.length === 0) return `${name}(${this.describe()})`;
    const lines = children.map(([key, child]) => `  (${key}): ${child.toString().replaceAll("\n", "\n  ")}`);
    return `${name}(\n${lines.join("\n")}\n)`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

function join(prefix: string, name: string): string {
  return prefix === "" ? name : `${prefix}.${name}`;
}
