// The gated recurrent unit whose reset gate acts after the product, a whole sequence or one step. Gates in PyTorch's order:
// r, z = σ(pre + U·h), n = tanh(pre + r⊙(U·h + c)), h′ = (1 - z)⊙n + z⊙h.

import type { Tensor } from "../../../tensor/tensor.ts";
import { dispatch } from "../../dispatch.ts";
import { stack } from "../movement/movement.ts";
import { add, mul, sigmoid, sub, tanh } from "../pointwise/pointwise.ts";
import { gate, recur, type Step, takeSteps } from "./steps.ts";

/** pre [T, N, 3H], weight [3H, H], bias c of n [H], h0 [N, H] → h0, h1 … hT [T + 1, N, H] */
export function gru(pre: Tensor, weight: Tensor, bias: Tensor, h0: Tensor): Tensor {
  return dispatch("gru", [pre, weight, bias, h0], {});
}

/** {@link gru} as a composition. */
export function composedGru(pre: Tensor, weight: Tensor, bias: Tensor, h0: Tensor): Tensor {
  return stack([h0, ...takeSteps(gruStep(weight, bias), pre, [h0]).hidden]);
}

export function gruStep(weight: Tensor, bias: Tensor): Step {
  const size = weight.shape[1]!;
  return (pre, [h]) => {
    const recurrent = recur(h!, weight);
    const opened = sigmoid(add(gate(pre, size, 0, 2), gate(recurrent, size, 0, 2)));
    const fresh = add(gate(recurrent, size, 2), bias);
    const n = tanh(add(gate(pre, size, 2), mul(gate(opened, size, 0), fresh)));
    return [between(n, h!, gate(opened, size, 1))];
  };
}

/** (1 - z)⊙n + z⊙h */
export function between(n: Tensor, h: Tensor, z: Tensor): Tensor {
  return add(n, mul(z, sub(h, n)));
}
