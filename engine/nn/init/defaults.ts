// The first weights of layers, PyTorch's defaults: bit for bit for the same seed where they are uniform.

import { uniform, zeros } from "../../tensor/creation.ts";
import { Parameter } from "../parameter.ts";
import { kaimingUniform_ } from "./scaled.ts";

/**
 * Uniform in ±1/√fanIn, the default of Linear and Conv: torch's kaiming_uniform_(a=√5).
 *
 * K. He et al., Delving Deep into Rectifiers, 2015, https://arxiv.org/abs/1502.01852
 */
export function defaultWeight(shape: readonly number[]): Parameter {
  return kaimingUniform_(new Parameter(zeros(shape)), { a: Math.sqrt(5) });
}

/** Uniform in ±1/√fanIn: biases of Linear and Conv. */
export function defaultBias(size: number, fanIn: number): Parameter {
  return uniformParameter([size], 1 / Math.sqrt(fanIn));
}

/** Uniform in ±bound. */
export function uniformParameter(shape: readonly number[], bound: number): Parameter {
  return new Parameter(uniform(shape, -bound, bound));
}
