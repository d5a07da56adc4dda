// Normalisation of groups with a common mean and deviation, as one op and as a composition.

import type { Tensor } from "../../tensor/tensor.ts";
import { dispatch } from "../dispatch.ts";
import type { NormalizeParams } from "../table.ts";
import { reshape } from "./movement/movement.ts";
import { rsqrt, square } from "./pointwise/elementary.ts";
import { add, mul, sub } from "./pointwise/pointwise.ts";
import { mean } from "./reduction/reduction.ts";

/** (x - mean)/√(variance + ε) · weight + bias over the groups that `params` describe; weight and bias of rank 1. */
export function normalize(x: Tensor, weight: Tensor, bias: Tensor, params: NormalizeParams): Tensor {
  return dispatch("normalize", [x, weight, bias], params);
}

/** {@link normalize} as a composition. */
export function composedNormalize(x: Tensor, weight: Tensor, bias: Tensor, params: NormalizeParams): Tensor {
  const { batch, groups, length, affine, eps } = params;
  const grouped = reshape(x, [batch, groups, length]);
  const centred = sub(grouped, mean(grouped, [0, 2], { keepdim: true }));
  const normal = mul(centred, rsqrt(add(mean(square(centred), [0, 2], { keepdim: true }), eps)));
  const along = (values: Tensor) => reshape(values, affine === "group" ? [1, groups, 1] : [1, 1, length]);
  return reshape(add(mul(normal, along(weight)), along(bias)), x.shape);
}
