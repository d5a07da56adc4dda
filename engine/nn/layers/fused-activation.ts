// Which layers compute the activation that follows them in the same pass, so that their result is written once and read
// never. Sequential asks.

import type { Activation } from "../../ops/table.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { AnyModule } from "../module.ts";
import { ReLU, Sigmoid, Tanh } from "./activation.ts";
import { Conv2d } from "./convolution.ts";
import { Linear } from "./linear.ts";

interface Activating {
  activated(x: Tensor, activation: Activation): Tensor;
}

const activations: ReadonlyMap<unknown, Activation> = new Map([
  [Tanh.prototype.forward, "tanh"],
  [Sigmoid.prototype.forward, "sigmoid"],
  [ReLU.prototype.forward, "relu"],
]);

const forwards: ReadonlySet<unknown> = new Set([Linear.prototype.forward, Conv2d.prototype.forward]);

/**
 * Both layers in one pass; undefined where they are not made for it, a subclass has a `forward` of its own, or a hook wants
 * to see what lies between them.
 */
export function fusedActivation(layer: AnyModule, next: AnyModule | undefined): ((x: Tensor) => Tensor) | undefined {
  const activation = next && activations.get(next.forward);
  if (activation === undefined || !forwards.has(layer.forward)) return undefined;
  return (x) => (layer as AnyModule & Activating).activated(x, activation);
}
