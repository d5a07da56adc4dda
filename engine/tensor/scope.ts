// Scopes free what an engine function made on the way to its result. Used where no user can hold the intermediates:
// gradients, optimiser steps, composed losses. Not offered to users: they never need to free anything.

import { context } from "../core/context.ts";

type Tensors = Disposable | readonly (Disposable | undefined)[] | undefined;

/** Runs `fn` and disposes every tensor made meanwhile, except those that it returns. Not for asynchronous functions. */
export function scoped<T extends Tensors>(fn: () => T): T {
  const outer = context.scope;
  const made: Disposable[] = [];
  context.scope = made;
  try {
    const result = fn();
    const isKept = (tensor: Disposable) => (Array.isArray(result) ? result.includes(tensor) : result === tensor);
    for (const tensor of made) {
      if (isKept(tensor)) outer?.push(tensor);
      else tensor[Symbol.dispose]();
    }
    return result;
  } finally {
    context.scope = outer;
  }
}

/** Puts a fresh tensor into the innermost open scope, if there is one. */
export function enterScope<T extends Disposable>(tensor: T): T {
  context.scope?.push(tensor);
  return tensor;
}
