// A model on data it does not learn from: its loss and metrics, or its outputs. In evaluation mode and without gradients;
// afterwards the model is in the mode it was in.

import { noGrad } from "../autograd/no-grad.ts";
import { ArgumentError } from "../core/errors.ts";
import { Breather } from "../data/loading/breather.ts";
import { Rows, rowOf } from "../metrics/rows.ts";
import type { Module } from "../nn/module.ts";
import { cat } from "../ops/functions/movement/movement.ts";
import { Tensor } from "../tensor/tensor.ts";
import {
  type Forward,
  forwardPair,
  type Loader,
  type Loss,
  lossOf,
  pairOf,
  rememberModes,
  samplesIn,
  tensorsOf,
} from "./batch.ts";
import { type Metrics, meanOf } from "./batch-log.ts";

/** An AbortSignal, or anything that says when to stop. */
export interface StopSignal {
  readonly aborted: boolean;
}

export interface EvaluateOptions<B = readonly Tensor[], M extends Module = Module> {
  /** Its mean over all samples is `loss` in the result. Default: none. */
  readonly loss?: Loss;
  /** By the names they have in the result: `{ accuracy: new metrics.Accuracy() }`. */
  readonly metrics?: Metrics;
  /** How a batch goes through the model. Default: [x, y] → output `model.forward(x)`, target y. */
  readonly forward?: Forward<B, M>;
  /** Ends after the current batch; the result is of the batches so far. */
  readonly signal?: StopSignal;
}

/**
 * Loss and metrics of a model over a loader's batches. Throws ArgumentError for batches that are no [input, target] and for
 * a loader without batches.
 *
 * @example
 * const model = new nn.Linear(1, 1, { bias: false });
 * model.loadStateDict({ weight: tensor([[2]]) });
 * const batches = [[tensor([[1], [2]]), tensor([[2], [5]])]];
 * const { loss } = await evaluate(model, batches, { loss: nn.functional.mseLoss });
 * loss; // 0.5
 */
export async function evaluate<B = readonly Tensor[], M extends Module = Module>(
  model: M,
  loader: Loader<B>,
  { loss, metrics = {}, forward = forwardPair, signal }: EvaluateOptions<B, M>,
): Promise<Record<string, number>> {
  if (loss === undefined && Object.keys(metrics).length === 0) {
    throw new ArgumentError("evaluate", "expected a loss or metrics, got neither");
  }
  const rows = new Rows();
  for (const metric of Object.values(metrics)) metric.reset();
  const batches = await eachBatch(model, loader, signal, (batch) => {
    const outcome = forward(model, batch);
    for (const metric of Object.values(metrics)) metric.update(...pairOf("evaluate", outcome));
    if (loss !== undefined || outcome.loss !== undefined) {
      rows.add(rowOf([lossOf("evaluate", loss, outcome)]), samplesIn(batch, outcome));
    }
  });
  if (batches === 0) throw new ArgumentError("evaluate", "the loader gave no batches");
  const read = await rows.read();
  return { ...(read.length > 0 && { loss: meanOf(read) }), ...(await computeAll(metrics)) };
}

export interface PredictOptions<B = readonly Tensor[], M extends Module = Module> {
  /** How a batch goes through the model. Default: its first tensor through `model.forward`. */
  readonly forward?: (model: M, batch: B) => Tensor;
  /** Ends after the current batch; the result is of the batches so far. */
  readonly signal?: StopSignal;
}

/**
 * What a model says to a tensor, or to all batches of a loader, joined along the first dimension. Throws ArgumentError for
 * batches without a tensor and for a loader without batches.
 *
 * @example
 * const model = new nn.Linear(1, 1, { bias: false });
 * model.loadStateDict({ weight: tensor([[2]]) });
 * const loader = new data.DataLoader(new data.TensorDataset(tensor([[1], [2], [3]])), { batchSize: 2 });
 * (await predict(model, loader)).flatten(); // tensor([2., 4., 6.])
 */
export async function predict<B = readonly Tensor[], M extends Module = Module>(
  model: M,
  input: Tensor | Loader<B>,
  { forward = forwardFirst, signal }: PredictOptions<B, M> = {},
): Promise<Tensor> {
  const loader = input instanceof Tensor ? ([[input]] as unknown as Loader<B>) : input;
  const outputs: Tensor[] = [];
  await eachBatch(model, loader, signal, (batch) => {
    outputs.push(forward(model, batch));
  });
  if (outputs.length === 0) throw new ArgumentError("predict", "the loader gave no batches");
  return outputs.length === 1 ? outputs[0]! : noGrad(() => cat(outputs));
}

/** Values of all metrics, by name. */
export async function computeAll(metrics: Metrics): Promise<Record<string, number>> {
  const values: Record<string, number> = {};
  for (const [name, metric] of Object.entries(metrics)) values[name] = await metric.compute();
  return values;
}

function forwardFirst<B, M extends Module>(model: M, batch: B): Tensor {
  const [input] = tensorsOf(batch);
  if (input === undefined) throw new ArgumentError("predict", "expected batches with a tensor, got none");
  return model.forward(input);
}

/** Visits every batch with the model in evaluation mode; gradients are off within `visit` only, not while it waits. */
async function eachBatch<B, M extends Module>(
  model: M,
  loader: Loader<B>,
  signal: StopSignal | undefined,
  visit: (batch: B) => void,
): Promise<number> {
  const restoreModes = rememberModes(model);
  const breather = new Breather();
  let batches = 0;
  model.eval();
  try {
    for await (const batch of loader) {
      noGrad(() => visit(batch));
      batches++;
      if (signal?.aborted) break;
      await breather.pause();
    }
  } finally {
    restoreModes();
  }
  return batches;
}
