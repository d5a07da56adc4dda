// The activations with which products and convolutions end, as WGSL.

import type { Activation } from "../../../ops/table.ts";

const activations: Readonly<Record<Activation, (x: string) => string>> = {
  none: (x) => x,
  tanh: (x) => `tanhOf(${x})`,
  sigmoid: (x) => `sigmoidOf(${x})`,
  relu: (x) => `largerOf(${x}, 0.0)`,
};

/** The expression `x`, activated. */
export function activated(activation: Activation, x: string): string {
  return activations[activation](x);
}
