// Tensor data sets that know what their classes, and the columns of a table, are called.

import type { Tensor } from "../../tensor/tensor.ts";
import { TensorDataset } from "./dataset.ts";

export interface ClassNames {
  /** What each class number means. */
  readonly classes: readonly string[];
}

export interface ColumnNames extends ClassNames {
  /** What each column holds, with its unit. */
  readonly features: readonly string[];
}

/**
 * Samples x [N, …] with a class each, y [N], int32, and the names of the classes.
 *
 * @example
 * const set = new data.LabelledDataset(zeros([2, 1, 8, 8]), tensor([0, 1], { dtype: "int32" }), { classes: ["cat", "dog"] });
 * set.classes[set.get(1)[1].itemSync()]; // dog
 */
export class LabelledDataset extends TensorDataset<readonly [x: Tensor, y: Tensor]> implements ClassNames {
  readonly classes: readonly string[];

  constructor(x: Tensor, y: Tensor, { classes }: ClassNames) {
    super(x, y);
    this.classes = classes;
  }
}

/**
 * Rows of measurements x [N, features], float32, and classes y [N], int32, with the names of both.
 *
 * @example
 * const names = { features: ["length (cm)"], classes: ["short", "long"] };
 * const set = new data.TabularDataset(zeros([2, 1]), tensor([0, 1], { dtype: "int32" }), names);
 * set.features; // [length (cm)]
 */
export class TabularDataset extends LabelledDataset implements ColumnNames {
  readonly features: readonly string[];

  constructor(x: Tensor, y: Tensor, { features, classes }: ColumnNames) {
    super(x, y, { classes });
    this.features = features;
  }
}
