// Initial weights, PyTorch's defaults bit for bit for the same seed.

import { uniform } from "../tensor/creation.ts";
import { Parameter } from "./parameter.ts";

/**
 * Uniform in ±1/√fanIn, the default of Linear and Conv for weights and biases: torch's kaiming_uniform_(a=√5).
 *
 * K. He et al., Delving Deep into Rectifiers, 2015, https://arxiv.org/abs/1502.01852
 */
export function defaultWeight(shape: readonly number[], fanIn: number): Parameter {
  // Written as torch computes it, so that the last bit agrees.
  const gain = Math.sqrt(2 / (1 + Math.sqrt(5) ** 2));
  const bound = Math.sqrt(3) * (gain / Math.sqrt(fanIn));
  return new Parameter(uniform(shape, -bound, bound));
}

export function defaultBias(size: number, fanIn: number): Parameter {
  const bound = 1 / Math.sqrt(fanIn);
  return new Parameter(uniform([size], -bound, bound));
}
