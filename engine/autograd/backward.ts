// Back-propagation into the leaves: every leaf's `grad` grows by its gradient. Called by Tensor.backward.

import { add } from "../ops/functions/pointwise/pointwise.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { propagate } from "./propagate.ts";
import { LeafNode } from "./tape.ts";

export interface BackwardOptions {
  /** Record the walk itself: `grad` can then be differentiated again. Default: false. */
  readonly createGraph?: boolean;
  /** Keep what the ops saved, so that `backward()` can run again. Default: that of `createGraph`. */
  readonly retainGraph?: boolean;
}

/** Adds the gradient of `root` with respect to every leaf that needs one to that leaf's `grad`. */
export function backward(
  root: Tensor,
  gradient?: Tensor,
  { createGraph = false, retainGraph = createGraph }: BackwardOptions = {},
): void {
  propagate(root, gradient, {
    caller: "backward",
    createGraph,
    retainGraph,
    deliver: (edge, grad) => {
      if (!(edge instanceof LeafNode)) return;
      const { tensor } = edge;
      const before = tensor.peekGrad();
      tensor.replaceGrad(before === undefined ? grad.alias() : add(before, grad));
    },
  });
}
