// Affine and bilinear maps with given weights.

import { ShapeError } from "../../core/errors.ts";
import { sizeOf } from "../../core/shape.ts";
import { dispatch } from "../../ops/dispatch.ts";
import { reshape, unsqueeze } from "../../ops/functions/movement/movement.ts";
import { add, mul } from "../../ops/functions/pointwise/pointwise.ts";
import { matmul } from "../../ops/functions/products/matmul.ts";
import { sum } from "../../ops/functions/reduction/reduction.ts";
import type { Activation } from "../../ops/table.ts";
import { scoped } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";

export interface LinearOptions {
  /** Applied to the result in the same pass. Default: `none`. */
  readonly activation?: Activation;
}

/**
 * x·Wᵀ + b over the last dimension: … × in → … × out. Weight [out, in], bias [out]. Throws a ShapeError for another
 * number of features.
 *
 * @example
 * nn.functional.linear(tensor([1, 2]), tensor([[3, 4]]), tensor([5])); // tensor([16.])
 * nn.functional.linear(tensor([1, 2]), tensor([[-3, 1]]), undefined, { activation: "relu" }); // tensor([0.])
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor, { activation = "none" }: LinearOptions = {}): Tensor {
  const [out, features] = weight.shape as [number, number];
  if (x.shape.at(-1) !== features) {
    const hint = `The last size of the input must be ${features}; nn.Flatten makes rows of images.`;
    throw ShapeError.of("linear", `expected ${features} features`, { input: x.shape, weight: weight.shape }, hint);
  }
  const map = (rows: Tensor) =>
    dispatch("linear", bias === undefined ? [rows, weight] : [rows, weight, bias], { activation });
  if (x.ndim === 2) return map(x);
  const leading = x.shape.slice(0, -1);
  return scoped(() => reshape(map(reshape(x, [sizeOf(leading), features])), [...leading, out]));
}

/**
 * yₖ = x₁ᵀ·Wₖ·x₂ + bₖ: … × in1 and … × in2 → … × out. Weight [out, in1, in2], bias [out]. Throws a ShapeError for other
 * numbers of features or different rows.
 *
 * @example
 * nn.functional.bilinear(tensor([1, 2]), tensor([3, 4]), tensor([[[1, 0], [0, 1]]])); // tensor([11.])
 */
export function bilinear(x1: Tensor, x2: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const [out, in1, in2] = weight.shape as [number, number, number];
  const rows = x1.shape.slice(0, -1);
  if (x1.shape.at(-1) !== in1 || x2.shape.at(-1) !== in2 || `${rows}` !== `${x2.shape.slice(0, -1)}`) {
    const hint = `The inputs must be … × ${in1} and … × ${in2}, equal before the last size.`;
    throw ShapeError.of("bilinear", "inputs do not fit", { x1: x1.shape, x2: x2.shape, weight: weight.shape }, hint);
  }
  return scoped(() => {
    const count = sizeOf(rows);
    const left = reshape(x1, [count, in1]);
    const right = reshape(x2, [count, in2]);
    // [count, out · in1] → weigh by x1 and add up over in1.
    const half = matmul(right, reshape(weight, [out * in1, in2]), { transposeRhs: true });
    const product = sum(mul(reshape(half, [count, out, in1]), unsqueeze(left, 1)), 2);
    return reshape(bias === undefined ? product : add(product, bias), [...rows, out]);
  });
}
