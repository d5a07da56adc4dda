// Base of the optimisers: holds the parameters, walks over those with a gradient, gives them new elements. The rule for
// one parameter is the subclass's.

import { noGrad } from "../autograd/no-grad.ts";
import { ArgumentError } from "../core/errors.ts";
import { scoped } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** What a rule made of one parameter: its new elements, and the state to remember for its next step. */
export interface Update<State> {
  readonly value: Tensor;
  readonly state: State;
}

export abstract class Optimizer<State extends Readonly<Record<string, Tensor | number | undefined>>> {
  readonly parameters: readonly Tensor[];
  readonly #states = new Map<Tensor, State>();
  /** Learning rate; may be changed between steps. */
  lr: number;

  constructor(parameters: Iterable<Tensor>, lr: number) {
    this.parameters = [...parameters];
    this.lr = atLeastZero(this.constructor.name, "lr", lr);
    if (this.parameters.length === 0)
      throw new ArgumentError(this.constructor.name, "there are no parameters to optimise");
  }

  /** Changes every parameter that has a gradient. */
  step(): void {
    noGrad(() => {
      for (const parameter of this.parameters) {
        if (parameter.grad !== undefined) this.#stepOne(parameter, parameter.grad);
      }
    });
  }

  /** Forgets the gradients, so that the next `backward()` starts from 0. */
  zeroGrad(): void {
    for (const parameter of this.parameters) parameter.grad = undefined;
  }

  /** The rule for one parameter. Tensors that it makes are freed unless it returns them. */
  protected abstract update(parameter: Tensor, grad: Tensor, state: State | undefined): Update<State>;

  #stepOne(parameter: Tensor, grad: Tensor): void {
    const old = this.#states.get(parameter);
    let next: Update<State> | undefined;
    scoped(() => {
      next = this.update(parameter, grad, old);
      return [next.value, ...tensorsOf(next.state)];
    });
    const { value, state } = next!;
    this.#states.set(parameter, state);
    parameter.assign(value);
    const kept = new Set(tensorsOf(state));
    if (!kept.has(value)) value.dispose();
    for (const tensor of tensorsOf(old)) if (!kept.has(tensor)) tensor.dispose();
  }
}

export function atLeastZero(optimizer: string, name: string, value: number): number {
  if (value >= 0) return value;
  throw new ArgumentError(optimizer, `${name} must be at least 0, got ${value}`);
}

function tensorsOf(state: Readonly<Record<string, Tensor | number | undefined>> | undefined): Tensor[] {
  return Object.values(state ?? {}).filter((value): value is Tensor => typeof value === "object");
}
