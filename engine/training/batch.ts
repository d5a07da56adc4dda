// One batch through a model: from what a loader yields to output, target and loss. Shared by fit, evaluate and predict.

import { ArgumentError, ShapeError } from "../core/errors.ts";
import type { Module } from "../nn/module.ts";
import { Tensor } from "../tensor/tensor.ts";

/** Batches, again and again: a DataLoader, an array of batches. `length` is the number of batches. */
export type Loader<B = readonly Tensor[]> = (AsyncIterable<B> | Iterable<B>) & { readonly length?: number };

/** A function of output and target, or a loss layer such as `new nn.CrossEntropyLoss()`. */
export type Loss = ((output: Tensor, target: Tensor) => Tensor) | { forward(output: Tensor, target: Tensor): Tensor };

/** What a model made of a batch. A `loss` here is taken instead of the loss function's. */
export interface Outcome {
  readonly output?: Tensor;
  readonly target?: Tensor;
  readonly loss?: Tensor;
}

/** How a batch goes through a model. */
export type Forward<B, M extends Module> = (model: M, batch: B) => Outcome;

/** The default {@link Forward}: [x, y] → output `model.forward(x)`, target y. */
export function forwardPair<B, M extends Module>(model: M, batch: B): Outcome {
  const [input, target] = tensorsOf(batch);
  if (input === undefined || target === undefined) {
    throw new ArgumentError(
      "fit",
      "expected batches of [input, target]",
      "Give forward: (model, batch) => ({ output, target }) for others.",
    );
  }
  return { output: model.forward(input), target };
}

/** The loss of a batch, one number. */
export function lossOf(caller: string, loss: Loss | undefined, outcome: Outcome): Tensor {
  const value = outcome.loss ?? computed(caller, loss, outcome);
  if (value.numel === 1) return value;
  const hint = 'Use reduction "mean", or .mean().';
  throw ShapeError.of(caller, "the loss must be one number", { loss: value.shape }, hint);
}

function computed(caller: string, loss: Loss | undefined, { output, target }: Outcome): Tensor {
  if (loss === undefined)
    throw new ArgumentError(caller, "expected a loss, got none", "Give { loss: nn.functional.mseLoss }.");
  if (output === undefined || target === undefined) {
    throw new ArgumentError(caller, "forward must give output and target, or loss");
  }
  return typeof loss === "function" ? loss(output, target) : loss.forward(output, target);
}

/** Output and target, which metrics need. */
export function pairOf(caller: string, { output, target }: Outcome): readonly [output: Tensor, target: Tensor] {
  if (output !== undefined && target !== undefined) return [output, target];
  throw new ArgumentError(caller, "metrics need output and target, forward gave a loss only");
}

/** Samples in a batch: the first size of its first tensor. */
export function samplesIn(batch: unknown, { output }: Outcome): number {
  const [first = output] = tensorsOf(batch);
  return first?.shape[0] ?? 1;
}

export function tensorsOf(batch: unknown): readonly Tensor[] {
  const parts =
    batch instanceof Tensor ? [batch] : typeof batch === "object" && batch !== null ? Object.values(batch) : [];
  return parts.filter((part): part is Tensor => part instanceof Tensor);
}

/** Which modules are training now; calling it puts that back. */
export function rememberModes(model: Module): () => void {
  const modes = Array.from(model.namedModules(), ([, module]) => [module, module.training] as const);
  // From the root down, because `train` switches everything below as well.
  return () => {
    for (const [module, training] of modes) module.train(training);
  };
}
