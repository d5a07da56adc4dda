// A table of measurements with a class for each row: a TensorDataset that knows what its columns and classes are called.

import type { Tensor } from "../../tensor/tensor.ts";
import { TensorDataset } from "./dataset.ts";

export interface ColumnNames {
  /** What each column holds, with its unit. */
  readonly features: readonly string[];
  /** What each class number means. */
  readonly classes: readonly string[];
}

/**
 * Rows of measurements x [N, features], float32, and classes y [N], int32, with the names of both.
 *
 * @example
 * const set = new data.TabularDataset(zeros([2, 1]), tensor([0, 1], { dtype: "int32" }), {
 *   features: ["length (cm)"],
 *   classes: ["short", "long"],
 * });
 * set.classes[set.get(1)[1].itemSync()]; // long
 */
export class TabularDataset extends TensorDataset<readonly [Tensor, Tensor]> implements ColumnNames {
  readonly features: readonly string[];
  readonly classes: readonly string[];

  constructor(x: Tensor, y: Tensor, { features, classes }: ColumnNames) {
    super(x, y);
    this.features = features;
    this.classes = classes;
  }
}
