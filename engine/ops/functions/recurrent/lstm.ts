// Long short-term memory, a whole sequence or one step. Gates in PyTorch's order: i, f, o = σ(pre + U·h), g = tanh(pre + U·h),
// c′ = f⊙c + i⊙g, h′ = o⊙tanh(c′).

import type { Tensor } from "../../../tensor/tensor.ts";
import { dispatch } from "../../dispatch.ts";
import { stack } from "../movement/movement.ts";
import { add, mul, sigmoid, tanh } from "../pointwise/pointwise.ts";
import { gate, recur, type Step, takeSteps } from "./steps.ts";

/** pre [T, N, 4H], weight [4H, H], h0, c0 [N, H] → h0, h1 … hT, cT [T + 2, N, H] */
export function lstm(pre: Tensor, weight: Tensor, h0: Tensor, c0: Tensor): Tensor {
  return dispatch("lstm", [pre, weight, h0, c0], {});
}

/** {@link lstm} as a composition. */
export function composedLstm(pre: Tensor, weight: Tensor, h0: Tensor, c0: Tensor): Tensor {
  const { hidden, last } = takeSteps(lstmStep(weight), pre, [h0, c0]);
  return stack([h0, ...hidden, last[1]!]);
}

export function lstmStep(weight: Tensor): Step {
  const size = weight.shape[1]!;
  return (pre, [h, c]) => {
    const values = add(pre, recur(h!, weight));
    const [i, f] = [sigmoid(gate(values, size, 0)), sigmoid(gate(values, size, 1))];
    const [g, o] = [tanh(gate(values, size, 2)), sigmoid(gate(values, size, 3))];
    const next = add(mul(f, c!), mul(i, g));
    return [mul(o, tanh(next)), next];
  };
}
