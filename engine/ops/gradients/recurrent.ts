// Gradients of recurrent layers over whole sequences: one op walks back over time, and the gradient of the weight is one
// product of all steps. Where the walk itself is recorded, the sequence is computed again as a composition of other ops,
// whose gradients have gradients; so the …Backward ops need none.

import { isGradEnabled } from "../../autograd/no-grad.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { dispatch } from "../dispatch.ts";
import { cat, flatten, narrow } from "../functions/movement/movement.ts";
import { matmul } from "../functions/products/matmul.ts";
import { composedGru } from "../functions/recurrent/gru.ts";
import { composedLstm } from "../functions/recurrent/lstm.ts";
import { composedRnn } from "../functions/recurrent/rnn.ts";
import { sum } from "../functions/reduction/reduction.ts";
import { composed, once, part, refuse } from "./fused.ts";
import type { RuleTable } from "./rule.ts";

export const recurrentGradients = {
  rnn: (context) => {
    const { grad, params, inputs, output } = context;
    if (isGradEnabled())
      return composed(context, (pre, weight, h0) => composedRnn(pre, weight, h0, params.nonlinearity));
    const [pre, weight, h0] = inputs;
    const all = once(() => dispatch("rnnBackward", [grad, weight, output], params));
    return [
      () => part(all(), 0, pre.shape),
      () => productOfSteps(part(all(), 0, rowsOf(pre)), output),
      () => part(all(), pre.numel, h0.shape),
    ];
  },
  gru: (context) => {
    const { grad, inputs, output, reserve } = context;
    if (isGradEnabled()) return composed(context, composedGru);
    const [pre, weight, , h0] = inputs;
    const all = once(() => dispatch("gruBackward", [grad, weight, output, reserve], {}));
    const [rows, width] = rowsOf(pre);
    const hidden = width / 3;
    const fresh = once(() => part(all(), pre.numel, [rows, hidden]));
    return [
      () => part(all(), 0, pre.shape),
      () => {
        const opened = narrow(part(all(), 0, [rows, width]), 1, 0, 2 * hidden);
        return cat([productOfSteps(opened, output), productOfSteps(fresh(), output)]);
      },
      () => sum(fresh(), 0),
      () => part(all(), pre.numel + rows * hidden, h0.shape),
    ];
  },
  lstm: (context) => {
    const { grad, inputs, output, reserve } = context;
    if (isGradEnabled()) return composed(context, composedLstm);
    const [pre, weight, h0, c0] = inputs;
    const all = once(() => dispatch("lstmBackward", [grad, weight, output, reserve, c0], {}));
    return [
      () => part(all(), 0, pre.shape),
      () => productOfSteps(part(all(), 0, rowsOf(pre)), output),
      () => part(all(), pre.numel, h0.shape),
      () => part(all(), pre.numel + h0.numel, c0.shape),
    ];
  },
  rnnBackward: () => refuse("rnn"),
  gruBackward: () => refuse("gru"),
  lstmBackward: () => refuse("lstm"),
} satisfies Partial<RuleTable>;

/** The gradient of a weight U: that of U·h in all steps [T·N, …], times the states h before them: the first ones of `states`. */
function productOfSteps(gradient: Tensor, states: Tensor): Tensor {
  return matmul(gradient, narrow(flatten(states, 0, 1), 0, 0, gradient.shape[0]!), { transposeLhs: true });
}

/** T·N and the width of a row. */
function rowsOf({ shape }: Tensor): [rows: number, width: number] {
  return [shape[0]! * shape[1]!, shape[2]!];
}
