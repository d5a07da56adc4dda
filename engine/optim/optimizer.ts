// Base of the optimisers: holds the parameters in groups, walks over those with a gradient, gives them new elements, saves
// and loads what it remembers. The rule for one parameter is the subclass's; learning rates over time are schedules/.

import { noGrad } from "../autograd/no-grad.ts";
import { ArgumentError } from "../core/errors.ts";
import { add, mul, neg } from "../ops/functions/pointwise/pointwise.ts";
import { scoped } from "../tensor/scope.ts";
import { Tensor } from "../tensor/tensor.ts";
import {
  checkSaved,
  fromSavedOptions,
  type OptimizerStateDict,
  type ParameterState,
  snapshot,
  toSavedOptions,
} from "./optimizer-state.ts";
import { checkOptions, withDefaults } from "./options.ts";

/** What every rule has; those without the option ignore `maximize`. */
export interface RuleOptions {
  lr: number;
  maximize?: boolean;
}

/** Parameters that are optimised with the same options. Options may be changed between steps, as schedules do. */
export type ParamGroup<O> = O & {
  params: Tensor[];
  /** The learning rate that schedules start from. */
  initialLr?: number;
};

/** A group before the optimiser filled in what is not given: `{ params: head.parameters(), lr: 0.01 }`. */
export type ParamGroupOptions<O> = Partial<O> & { readonly params: Iterable<Tensor> };

/** What an optimiser takes: parameters, or groups of them with options of their own. */
export type ParametersOf<O> = Iterable<Tensor> | Iterable<ParamGroupOptions<O>>;

/** A parameter that has a gradient, and what the rule remembered of its last step. */
export interface Slot<S> {
  readonly parameter: Tensor;
  readonly grad: Tensor;
  readonly state: S | undefined;
}

/** What a rule made of one parameter: its new elements, and the state to remember for its next step. */
export interface Update<S> {
  readonly value: Tensor;
  readonly state: S;
}

/**
 * Base of the optimisers, for one of your own too: options with defaults, and a rule for one parameter.
 *
 * @example
 * class SignDescent extends optim.Optimizer {
 *   constructor(parameters, options = {}) {
 *     super(parameters, { lr: 0.1 }, options);
 *   }
 *   update(parameter, grad, { lr }) {
 *     return { value: parameter.sub(grad.sign().mul(lr)), state: {} };
 *   }
 * }
 * const w = tensor([1, -1], { requiresGrad: true });
 * const optimizer = new SignDescent([w], { lr: 0.5 });
 * w.mul(w).sum().backward();
 * optimizer.step();
 * w.detach(); // tensor([ 0.5000, -0.5000])
 */
export abstract class Optimizer<O extends RuleOptions = RuleOptions, S extends ParameterState = ParameterState> {
  /** Options of groups that do not say otherwise. */
  readonly defaults: Readonly<O>;
  readonly paramGroups: ParamGroup<O>[] = [];
  readonly #states = new Map<Tensor, S>();

  /** @throws ArgumentError for options that do not exist or are out of range, and for what are no parameters. */
  constructor(parameters: ParametersOf<O>, defaults: O, options: Partial<O>) {
    this.check(defaults, options);
    this.defaults = withDefaults(defaults, options);
    for (const group of groupsOf<O>(this.constructor.name, parameters)) this.addParamGroup(group);
    if (this.parameters.length === 0) throw this.refusal("there are no parameters to optimise");
  }

  /** All parameters, group by group. */
  get parameters(): readonly Tensor[] {
    return this.paramGroups.flatMap(({ params }) => params);
  }

  /** Learning rate of the first group; setting it sets that of every group. */
  get lr(): number {
    return this.paramGroups[0]!.lr;
  }

  set lr(value: number) {
    this.check(this.defaults, { lr: value } as Partial<O>);
    for (const group of this.paramGroups) group.lr = value;
  }

  /** Adds parameters with options of their own, for example layers that are unfrozen later. */
  addParamGroup({ params, ...options }: ParamGroupOptions<O>): void {
    this.check(this.defaults, options as unknown as Partial<O>);
    const known = new Set(this.parameters);
    const list = [...params];
    for (const parameter of list) {
      if (!(parameter instanceof Tensor)) throw this.refusal(`parameters must be tensors, got ${typeof parameter}`);
      if (!parameter.isLeaf) throw this.refusal("only leaf tensors can be optimised, this one was computed by an op");
      if (known.has(parameter)) throw this.refusal("a parameter was given twice");
      known.add(parameter);
    }
    const group = withDefaults(this.defaults as O, options as unknown as Partial<O>);
    this.paramGroups.push({ ...group, params: list });
  }

  /** Changes every parameter that has a gradient. Leaves no tensors behind but the parameters' and its own state. */
  step(): void {
    noGrad(() => {
      for (const group of this.paramGroups) {
        const slots = group.params.flatMap((parameter): Slot<S>[] => {
          const grad = parameter.peekGrad();
          return grad === undefined ? [] : [{ parameter, grad, state: this.#states.get(parameter) }];
        });
        const updates = this.updateAll(slots, group);
        for (const [i, slot] of slots.entries()) this.#take(slot, updates[i]!);
      }
    });
  }

  /** Forgets the gradients, so that the next `backward()` starts from 0. */
  zeroGrad(): void {
    for (const parameter of this.parameters) parameter.replaceGrad(undefined);
  }

  /**
   * What the optimiser remembers, in PyTorch's layout. With the model's own, training goes on elsewhere as if nothing
   * had happened, bit for bit.
   */
  stateDict(): OptimizerStateDict {
    const numbers = new Map(this.parameters.map((parameter, number) => [parameter, number]));
    return {
      state: Object.fromEntries(
        Array.from(this.#states, ([parameter, state]) => [numbers.get(parameter)!, snapshot(state)]),
      ),
      param_groups: this.paramGroups.map(({ params, ...options }) => ({
        ...toSavedOptions(options),
        params: params.map((parameter) => numbers.get(parameter)!),
      })),
    };
  }

  /** Takes over state and options. Throws ArgumentError, and changes nothing, when groups or shapes differ. */
  loadStateDict(saved: OptimizerStateDict): void {
    checkSaved(this.constructor.name, saved, this.paramGroups);
    this.#states.clear();
    this.paramGroups.forEach((group, index) => {
      const { params: numbers, ...options } = saved.param_groups[index]!;
      Object.assign(group, fromSavedOptions(options));
      group.params.forEach((parameter, at) => {
        const state = saved.state[numbers[at]!];
        if (state !== undefined) this.#states.set(parameter, snapshot(state) as unknown as S);
      });
    });
  }

  /** The rule for all parameters of a group that have a gradient: by default one after the other. */
  protected updateAll(slots: readonly Slot<S>[], group: O): readonly Update<S>[] {
    return slots.map(({ parameter, grad, state }) => {
      let next: Update<S> | undefined;
      scoped(() => {
        next = this.update(parameter, group.maximize ? neg(grad) : grad, group, state);
        return [next.value, ...tensorsOf(next.state)];
      });
      return next!;
    });
  }

  /** The rule for one parameter. Tensors that it makes are freed unless it returns them. */
  protected abstract update(parameter: Tensor, grad: Tensor, group: O, state: S | undefined): Update<S>;

  /** Refuses options; subclasses add what depends on several of them. */
  protected check(defaults: Readonly<O>, options: Partial<O>): void {
    checkOptions(this.constructor.name, defaults, options);
  }

  protected refusal(problem: string): ArgumentError {
    return new ArgumentError(this.constructor.name, problem, "Give model.parameters(), or [{ params, lr }, …].");
  }

  #take({ parameter, state: old }: Slot<S>, { value, state }: Update<S>): void {
    this.#states.set(parameter, state);
    parameter.assign(value);
    const kept = new Set(tensorsOf(state));
    if (!kept.has(value)) value.dispose();
    for (const tensor of tensorsOf(old)) if (!kept.has(tensor)) tensor.dispose();
  }

  /** The optimiser and its groups as PyTorch prints them. */
  toString(): string {
    const groups = this.paramGroups.map(({ params: _, ...options }, index) => {
      const lines = Object.entries(options).map(([name, value]) => `    ${name}: ${shown(value)}`);
      return [`Parameter Group ${index}`, ...lines.sort()].join("\n");
    });
    return `${this.constructor.name} (\n${groups.join("\n\n")}\n)`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

/** L2: the gradient of ½·weightDecay·‖parameter‖² on top. */
export function decayed(grad: Tensor, parameter: Tensor, weightDecay: number): Tensor {
  return weightDecay === 0 ? grad : add(grad, mul(parameter, weightDecay));
}

function groupsOf<O>(optimizer: string, parameters: ParametersOf<O>): ParamGroupOptions<O>[] {
  if (typeof parameters !== "object" || !(Symbol.iterator in parameters)) {
    const got = typeof parameters === "object" ? (parameters as object).constructor.name : typeof parameters;
    throw new ArgumentError(
      optimizer,
      `expected a list of parameters, got ${got}`,
      "Give model.parameters() or [w, b].",
    );
  }
  const list = [...(parameters as Iterable<Tensor | ParamGroupOptions<O>>)];
  const isGroup = (entry: Tensor | ParamGroupOptions<O>) => typeof entry === "object" && "params" in entry;
  if (list.some(isGroup)) return list as ParamGroupOptions<O>[];
  return list.length === 0 ? [] : [{ params: list as Tensor[] } as unknown as ParamGroupOptions<O>];
}

function tensorsOf(state: ParameterState | undefined): Tensor[] {
  return Object.values(state ?? {}).filter((value): value is Tensor => typeof value === "object");
}

function shown(value: unknown): string {
  return Array.isArray(value) ? `[${value.join(", ")}]` : String(value);
}
