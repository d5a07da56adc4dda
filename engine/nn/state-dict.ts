// State dicts: the names and elements of a model's parameters and buffers, how names come about, and what is said when
// a state dict does not fit. Called by Module.

import type { DType } from "../core/dtype.ts";
import { EngineError } from "../core/errors.ts";
import { formatShape, type Shape, sameShape } from "../core/shape.ts";
import { onDeviceOf } from "../ops/functions/operands.ts";
import type { Tensor } from "../tensor/tensor.ts";

/**
 * Names and values of a model's parameters and buffers, with PyTorch's names: `c1.weight`, `0.bias`, `bn.running_mean`.
 */
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
 * The name of a property in a state dict: `runningMean` is `running_mean`, as the same model is written in PyTorch.
 * Names without a capital after a small letter or digit stay as they are, and so do the keys of Sequential and
 * ModuleDict.
 */
export function stateKeyOf(property: string): string {
  return property.replace(/([a-z0-9])([A-Z])/g, (_, before: string, capital: string) => {
    return `${before}_${capital.toLowerCase()}`;
  });
}

/** `block.0` and `weight` → `block.0.weight`. */
export function joinKeys(prefix: string, key: string): string {
  return prefix === "" ? key : `${prefix}.${key}`;
}

/**
 * Gives the tensors of `own` the elements of their namesakes in `state`. Throws StateDictError, and changes nothing,
 * when shapes, dtypes or (if `strict`) names differ.
 */
export function loadInto(
  model: string,
  own: ReadonlyMap<string, Tensor>,
  state: Readonly<StateDict>,
  { strict = true }: LoadOptions,
): KeyReport {
  const report: KeyReport = {
    missingKeys: [...own.keys()].filter((name) => !Object.hasOwn(state, name)),
    unexpectedKeys: Object.keys(state).filter((name) => !own.has(name)),
  };
  const matches = [...own].filter(([name]) => Object.hasOwn(state, name));
  const mismatches = matches.flatMap(([name, tensor]) => {
    const value = state[name]!;
    if (sameShape(tensor.shape, value.shape) && tensor.dtype === value.dtype) return [];
    return [`${name} is ${kindOf(value)}, expected ${kindOf(tensor)}`];
  });
  const keysDiffer = report.missingKeys.length > 0 || report.unexpectedKeys.length > 0;
  if ((strict && keysDiffer) || mismatches.length > 0) throw new StateDictError(model, report, mismatches);
  for (const [name, tensor] of matches) tensor.assign(onDeviceOf(state[name]!, tensor));
  return report;
}

function kindOf({ shape, dtype }: { readonly shape: Shape; readonly dtype: DType }): string {
  return `${formatShape(shape)} ${dtype}`;
}
