// The simple recurrent network of Elman: h′ = φ(pre + U·h), a whole sequence or one step.

import type { Tensor } from "../../../tensor/tensor.ts";
import { dispatch } from "../../dispatch.ts";
import type { Nonlinearity } from "../../table.ts";
import { stack } from "../movement/movement.ts";
import { add, relu, tanh } from "../pointwise/pointwise.ts";
import { recur, type Step, takeSteps } from "./steps.ts";

/** pre [T, N, H], weight [H, H], h0 [N, H] → h0, h1 … hT [T + 1, N, H] */
export function rnn(pre: Tensor, weight: Tensor, h0: Tensor, nonlinearity: Nonlinearity): Tensor {
  return dispatch("rnn", [pre, weight, h0], { nonlinearity });
}

/** {@link rnn} as a composition. */
export function composedRnn(pre: Tensor, weight: Tensor, h0: Tensor, nonlinearity: Nonlinearity): Tensor {
  return stack([h0, ...takeSteps(rnnStep(weight, nonlinearity), pre, [h0]).hidden]);
}

export function rnnStep(weight: Tensor, nonlinearity: Nonlinearity): Step {
  const phi = nonlinearity === "relu" ? relu : tanh;
  return (pre, [h]) => [phi(add(pre, recur(h!, weight)))];
}
