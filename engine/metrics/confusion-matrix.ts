// Counts of actual against predicted classes: what most metrics of classification are made of.

import { noGrad } from "../autograd/no-grad.ts";
import { ArgumentError } from "../core/errors.ts";
import { scatterAdd } from "../ops/functions/indexing/indexing.ts";
import { cat, flatten } from "../ops/functions/movement/movement.ts";
import { logicalAnd } from "../ops/functions/pointwise/comparison.ts";
import { add, ge, lt, maximum, minimum, mul, where } from "../ops/functions/pointwise/pointwise.ts";
import { ones, tensor, zeros } from "../tensor/creation.ts";
import { scoped } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkRange, guessesOf, rangeOf } from "./classes.ts";
import { Metric, nothingYet } from "./metric.ts";

export interface ClassesOptions {
  /** Needed when predictions are class numbers. Default: as many as there are scores. */
  readonly numClasses?: number;
}

interface Counts {
  /** C · C counts, and one for everything that is out of range; int32. */
  readonly counts: Tensor;
  /** The smallest and the largest class seen. */
  readonly low: Tensor;
  readonly high: Tensor;
}

/**
 * Counts int32 [C, C], rows actual, columns predicted: what `viz.confusionMatrix` draws. Predictions as for
 * {@link Accuracy}. Throws ArgumentError without `numClasses` for class numbers, and (from `compute`) when a class is out of
 * range.
 *
 * @example
 * const matrix = new metrics.ConfusionMatrix({ numClasses: 2 });
 * const [predicted, actual] = [[0, 1, 1], [0, 0, 1]].map((classes) => tensor(classes, { dtype: "int32" }));
 * matrix.update(predicted, actual);
 * (await matrix.compute()).toArraySync().join(" | "); // 1,1 | 0,1
 */
export class ConfusionMatrix extends Metric<Tensor> {
  readonly #given: number | undefined;
  #classes: number | undefined;
  #state: Counts | undefined;

  constructor({ numClasses }: ClassesOptions = {}) {
    super();
    if (numClasses !== undefined && !(Number.isInteger(numClasses) && numClasses >= 1)) {
      throw new ArgumentError("ConfusionMatrix", `numClasses must be whole and at least 1, got ${numClasses}`);
    }
    this.#given = numClasses;
    this.#classes = numClasses;
  }

  override update(prediction: Tensor, target: Tensor): void {
    if (target.numel === 0) return;
    const old = this.#state;
    const [counts, low, high] = noGrad(() =>
      scoped((): [Tensor, Tensor, Tensor] => {
        const made = guessesOf("ConfusionMatrix", prediction, target);
        const classes = this.#classesFor(made.classes);
        const [guesses, labels] = [flatten(made.guesses), flatten(made.target)];
        const [lowest, highest] = rangeOf(cat([guesses, labels]));
        return [
          counted(
            old?.counts ?? zeros([classes * classes + 1], { dtype: "int32", device: labels.device }),
            guesses,
            labels,
            classes,
          ),
          old === undefined ? lowest : minimum(old.low, lowest),
          old === undefined ? highest : maximum(old.high, highest),
        ];
      }),
    );
    for (const tensor of Object.values(old ?? {})) tensor.dispose();
    this.#state = { counts, low, high };
  }

  override async compute(): Promise<Tensor> {
    if (this.#state === undefined) throw nothingYet("ConfusionMatrix");
    const { counts, low, high } = this.#state;
    const classes = this.#classes!;
    const all = cat([counts, low.reshape(1), high.reshape(1)]);
    const values = Int32Array.from(await all.data());
    all.dispose();
    checkRange("ConfusionMatrix", values[classes * classes + 1]!, values[classes * classes + 2]!, classes);
    return tensor(values.slice(0, classes * classes), { shape: [classes, classes] });
  }

  override reset(): void {
    for (const tensor of Object.values(this.#state ?? {})) tensor.dispose();
    this.#state = undefined;
    this.#classes = this.#given;
  }

  #classesFor(found: number | undefined): number {
    this.#classes ??= found;
    if (this.#classes === undefined) {
      const hint = "Give { numClasses }, or scores N × classes.";
      throw new ArgumentError("ConfusionMatrix", "predictions of class numbers need numClasses, got none", hint);
    }
    return this.#classes;
  }
}

function counted(counts: Tensor, guesses: Tensor, labels: Tensor, classes: number): Tensor {
  const within = (x: Tensor) => logicalAnd(ge(x, 0), lt(x, classes));
  const cell = add(mul(labels, classes), guesses);
  const index = where(logicalAnd(within(guesses), within(labels)), cell, classes * classes);
  return scatterAdd(counts, 0, index, ones(index.shape, { dtype: "int32", device: index.device }));
}
