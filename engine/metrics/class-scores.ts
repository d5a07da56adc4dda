// Precision, recall and F1, by class or averaged, from a confusion matrix.

import { ArgumentError } from "../core/errors.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type ClassesOptions, ConfusionMatrix } from "./confusion-matrix.ts";
import { Metric } from "./metric.ts";

/** Mean over classes, over samples, over classes by how often they occur, or no mean: a value for each class. */
export type Average = "macro" | "micro" | "weighted" | "none";

export interface ClassScoreOptions<A extends Average = Average> extends ClassesOptions {
  /** Default: macro. */
  readonly average?: A;
}

/** A list for `none`, a number otherwise. */
export type Averaged<A extends Average> = A extends "none" ? readonly number[] : number;

interface ClassCount {
  readonly hits: number;
  readonly predicted: number;
  readonly actual: number;
}

abstract class ClassScore<A extends Average> extends Metric<Averaged<A>> {
  readonly average: Average;
  readonly #matrix: ConfusionMatrix;

  constructor({ average, ...options }: ClassScoreOptions<A> = {}) {
    super();
    this.average = average ?? "macro";
    if (!["macro", "micro", "weighted", "none"].includes(this.average)) {
      const expected = "macro, micro, weighted or none";
      throw new ArgumentError(new.target.name, `average must be ${expected}, got ${this.average}`);
    }
    this.#matrix = new ConfusionMatrix(options);
  }

  override update(prediction: Tensor, target: Tensor): void {
    this.#matrix.update(prediction, target);
  }

  override async compute(): Promise<Averaged<A>> {
    using matrix = await this.#matrix.compute();
    const counts = classCounts(await matrix.data(), matrix.shape[0]!);
    return this.#averaged(counts) as Averaged<A>;
  }

  override reset(): void {
    this.#matrix.reset();
  }

  protected abstract scoreOf(counts: ClassCount): number;

  #averaged(counts: readonly ClassCount[]): number | readonly number[] {
    const scores = counts.map((count) => this.scoreOf(count));
    if (this.average === "none") return scores;
    if (this.average === "micro") {
      return this.scoreOf({
        hits: sumOf(counts.map(({ hits }) => hits)),
        predicted: sumOf(counts.map(({ predicted }) => predicted)),
        actual: sumOf(counts.map(({ actual }) => actual)),
      });
    }
    const weights = counts.map(({ predicted, actual }) =>
      this.average === "weighted" ? actual : Number(predicted + actual > 0),
    );
    return quotient(sumOf(scores.map((score, index) => score * weights[index]!)), sumOf(weights));
  }
}

/**
 * Right predictions of a class / all predictions of it: how far a prediction can be trusted. 0 for a class that was never
 * predicted; a macro mean leaves out classes that neither occurred nor were predicted. Throws as ConfusionMatrix does.
 *
 * @example
 * const precision = new metrics.Precision({ numClasses: 2, average: "none" });
 * const [predicted, actual] = [[0, 1, 1, 1], [0, 0, 1, 1]].map((classes) => tensor(classes, { dtype: "int32" }));
 * precision.update(predicted, actual);
 * (await precision.compute()).map((value) => value.toFixed(3)); // [1.000, 0.667]
 */
export class Precision<A extends Average = "macro"> extends ClassScore<A> {
  protected override scoreOf({ hits, predicted }: ClassCount): number {
    return quotient(hits, predicted);
  }
}

/**
 * Right predictions of a class / all samples of it: how many of them are found. Means as of {@link Precision}. Throws as
 * ConfusionMatrix does.
 *
 * @example
 * const recall = new metrics.Recall({ numClasses: 2, average: "none" });
 * const [predicted, actual] = [[0, 1, 1, 1], [0, 0, 1, 1]].map((classes) => tensor(classes, { dtype: "int32" }));
 * recall.update(predicted, actual);
 * await recall.compute(); // [0.5, 1]
 */
export class Recall<A extends Average = "macro"> extends ClassScore<A> {
  protected override scoreOf({ hits, actual }: ClassCount): number {
    return quotient(hits, actual);
  }
}

/**
 * 2·precision·recall/(precision + recall), the harmonic mean of both. Means as of {@link Precision}. Throws as
 * ConfusionMatrix does.
 *
 * @example
 * const f1 = new metrics.F1Score({ numClasses: 2, average: "none" });
 * const [predicted, actual] = [[0, 1, 1, 1], [0, 0, 1, 1]].map((classes) => tensor(classes, { dtype: "int32" }));
 * f1.update(predicted, actual);
 * (await f1.compute()).map((value) => value.toFixed(3)); // [0.667, 0.800]
 */
export class F1Score<A extends Average = "macro"> extends ClassScore<A> {
  protected override scoreOf({ hits, predicted, actual }: ClassCount): number {
    return quotient(2 * hits, predicted + actual);
  }
}

function classCounts(matrix: ArrayLike<number>, classes: number): ClassCount[] {
  const numbers = Array.from({ length: classes }, (_, index) => index);
  const at = (actual: number, predicted: number) => matrix[actual * classes + predicted]!;
  return numbers.map((one) => ({
    hits: at(one, one),
    predicted: sumOf(numbers.map((actual) => at(actual, one))),
    actual: sumOf(numbers.map((predicted) => at(one, predicted))),
  }));
}

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
const quotient = (a: number, b: number) => (b === 0 ? 0 : a / b);
