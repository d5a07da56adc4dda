// What an optimiser remembers, as PyTorch's state dict: `state` by the number of the parameter, `param_groups` with the
// options of each group, all under PyTorch's names. Types and conversion; Optimizer saves and loads.

import { ArgumentError } from "../core/errors.ts";
import { formatShape, sameShape } from "../core/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** What is remembered of one parameter from step to step: `step`, `exp_avg`, `momentum_buffer` … */
export type ParameterState = Readonly<Record<string, Tensor | number | undefined>>;

/** Options of one group, and the numbers of its parameters. */
export interface SavedGroup {
  readonly params: readonly number[];
  readonly [option: string]: unknown;
}

/** PyTorch's layout and names. Tensors are snapshots: later steps do not change them. */
export interface OptimizerStateDict {
  readonly state: Readonly<Record<string, Readonly<Record<string, Tensor | number>>>>;
  readonly param_groups: readonly SavedGroup[];
}

/** Options as PyTorch writes them: `weightDecay` → `weight_decay`. */
export function toSavedOptions(options: object): Record<string, unknown> {
  return renamed(options, (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
}

/** PyTorch's names as ours: `weight_decay` → `weightDecay`. */
export function fromSavedOptions(options: object): Record<string, unknown> {
  return renamed(options, (name) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()));
}

/** The state with handles of its own on the tensors. */
export function snapshot(state: ParameterState): Record<string, Tensor | number> {
  const entries = Object.entries(state).filter((entry): entry is [string, Tensor | number] => entry[1] !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [name, typeof value === "number" ? value : value.detach()]));
}

/** Throws ArgumentError unless groups and shapes of `saved` are those of `groups`. */
export function checkSaved(
  optimizer: string,
  saved: OptimizerStateDict,
  groups: readonly { readonly params: readonly Tensor[] }[],
): void {
  const refuse = (problem: string) => {
    throw new ArgumentError(optimizer, `the state dict does not fit: ${problem}`);
  };
  if (saved.param_groups.length !== groups.length) {
    refuse(`expected ${groups.length} parameter groups, got ${saved.param_groups.length}`);
  }
  groups.forEach(({ params }, index) => {
    const numbers = saved.param_groups[index]!.params;
    if (numbers.length !== params.length) {
      refuse(`expected ${params.length} parameters in group ${index}, got ${numbers.length}`);
    }
    params.forEach((parameter, at) => {
      for (const [name, value] of Object.entries(saved.state[numbers[at]!] ?? {})) {
        if (typeof value === "number" || value.ndim === 0 || sameShape(value.shape, parameter.shape)) continue;
        const [expected, got] = [formatShape(parameter.shape), formatShape(value.shape)];
        refuse(`${name} of parameter ${numbers[at]} must be ${expected}, got ${got}`);
      }
    });
  });
}

function renamed(options: object, rename: (name: string) => string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [rename(name), value]));
}
