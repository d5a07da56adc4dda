// What the gradients of ops that end in an activation share.

import type { Tensor } from "../../tensor/tensor.ts";
import { dispatch } from "../dispatch.ts";
import { once } from "./fused.ts";
import type { GradContext } from "./rule.ts";

/** The gradient of what the op computed before it applied its activation. */
export function beforeActivation({
  grad,
  output,
  params: { activation },
}: Pick<GradContext<"linear" | "conv2d">, "grad" | "output" | "params">): () => Tensor {
  if (activation === "none") return () => grad;
  return once(() => dispatch(`${activation}Backward`, [grad, output!], {}));
}
