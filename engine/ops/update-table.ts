// The table of optimiser steps that backends compute in one pass, for many parameters at once and outside of the graph.
// Types only, like table.ts. Optimisers without a row here are composed of ops.

/** A row: how many tensors of the parameter's shape it remembers, and its options. */
interface Rule<States extends 0 | 1 | 2, O extends object> {
  readonly states: States;
  readonly options: SlopeOptions & O;
}

/** Every rule starts from g = gradientScale · gradient + weightDecay · parameter. */
interface SlopeOptions {
  /** -1 to climb. */
  readonly gradientScale: number;
  readonly weightDecay: number;
}

export interface UpdateTable {
  /** p ← p - lr·g */
  sgd: Rule<0, { readonly lr: number }>;
  /** v ← momentum·v + gradientShare·g; p ← p - lr·v, or with `nesterov` p ← p - lr·(g + momentum·v) */
  momentum: Rule<
    1,
    { readonly lr: number; readonly momentum: number; readonly gradientShare: number; readonly nesterov: boolean }
  >;
  /** m ← β₁m + (1-β₁)g; v ← β₂v + (1-β₂)g²; p ← shrink·p - stepSize·m/(√v·rootScale + ε) */
  adam: Rule<
    2,
    {
      readonly beta1: number;
      readonly beta2: number;
      readonly eps: number;
      readonly shrink: number;
      readonly stepSize: number;
      readonly rootScale: number;
    }
  >;
}

export type UpdateName = keyof UpdateTable;
export type UpdateOptions<U extends UpdateName> = UpdateTable[U]["options"];

interface ByStates<T> {
  0: readonly [];
  1: readonly [T];
  2: readonly [T, T];
}

/** One `T` for each tensor that the rule remembers. */
export type States<U extends UpdateName, T> = ByStates<T>[UpdateTable[U]["states"]];
/** What the rule reads for one parameter. */
export type UpdateInputs<U extends UpdateName, T> = readonly [parameter: T, gradient: T, ...States<U, T>];
/** What it writes: the next elements. */
export type UpdateOutputs<U extends UpdateName, T> = readonly [parameter: T, ...States<U, T>];
