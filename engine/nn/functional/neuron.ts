// The neuron models of the lectures: what a single unit makes of its weighted input v, before activations were
// differentiable. Any shape; the result is float32.
// A. Jain, J. Mao, K. Mohiuddin, Artificial Neural Networks: A Tutorial, 1996, https://doi.org/10.1109/2.485891

import { ArgumentError } from "../../core/errors.ts";
import { clamp, square } from "../../ops/functions/pointwise/elementary.ts";
import { add, div, exp, ge, mul, sigmoid, sub, where } from "../../ops/functions/pointwise/pointwise.ts";
import { scoped } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";

export interface StepOptions {
  /** Output below the threshold. Default: 0. */
  readonly a?: number;
  /** Output from the threshold on. Default: 1. */
  readonly b?: number;
  /** The threshold. Default: 0. */
  readonly c?: number;
}

export interface RampOptions {
  /** Output below c. Default: 0. */
  readonly a?: number;
  /** Output above d. Default: 1. */
  readonly b?: number;
  /** Where the ramp begins. Default: -1. */
  readonly c?: number;
  /** Where the ramp ends. Default: 1. */
  readonly d?: number;
}

export interface SigmoidNeuronOptions {
  /** Added to the output. Default: 0. */
  readonly z?: number;
  /** Steepness. Default: 1. */
  readonly x?: number;
  /** Shift: the middle is at v = y/x. Default: 0. */
  readonly y?: number;
}

export interface GaussianNeuronOptions {
  /** Where the output is largest. Default: 0. */
  readonly mean?: number;
  /** Width. Default: 1. */
  readonly std?: number;
}

/**
 * a where v < c, b elsewhere: the perceptron's unit. No gradient: it is 0 wherever it exists.
 *
 * @example
 * nn.functional.step(tensor([-1, 0, 1])); // tensor([0., 1., 1.])
 */
export function step(v: Tensor, { a = 0, b = 1, c = 0 }: StepOptions = {}): Tensor {
  return scoped(() => where(ge(v, c), b, a));
}

/**
 * a where v < c, b where v > d, and a + (v - c)(b - a)/(d - c) between. Gradient: (b - a)/(d - c) between c and d, else
 * 0. Throws an ArgumentError unless c < d.
 *
 * @example
 * nn.functional.ramp(tensor([-2, 0, 0.5, 2])); // tensor([0.0000, 0.5000, 0.7500, 1.0000])
 */
export function ramp(v: Tensor, { a = 0, b = 1, c = -1, d = 1 }: RampOptions = {}): Tensor {
  if (!(c < d)) throw new ArgumentError("ramp", `c must be below d, got ${c} and ${d}`, "Use step for a jump.");
  return scoped(() => add(mul(sub(clamp(v, { min: c, max: d }), c), (b - a) / (d - c)), a));
}

/**
 * z + 1/(1 + e^(-x·v + y)). Gradient: x·σ(1 - σ) with σ the output less z.
 *
 * @example
 * nn.functional.sigmoidNeuron(tensor([-1, 0, 1]), { x: 2 }); // tensor([0.1192, 0.5000, 0.8808])
 */
export function sigmoidNeuron(v: Tensor, { z = 0, x = 1, y = 0 }: SigmoidNeuronOptions = {}): Tensor {
  return scoped(() => add(sigmoid(sub(mul(v, x), y)), z));
}

/**
 * exp(-½((v - mean)/std)²)/(√(2π)·std): large where v is near the mean. Gradient: -(v - mean)/std² times the output.
 * Throws an ArgumentError unless std > 0.
 *
 * @example
 * nn.functional.gaussianNeuron(tensor([-1, 0, 1])); // tensor([0.2420, 0.3989, 0.2420])
 */
export function gaussianNeuron(v: Tensor, { mean = 0, std = 1 }: GaussianNeuronOptions = {}): Tensor {
  if (!(std > 0)) throw new ArgumentError("gaussianNeuron", `std must be above 0, got ${std}`);
  return scoped(() => {
    const squares = square(div(sub(v, mean), std));
    return div(exp(mul(squares, -0.5)), Math.sqrt(2 * Math.PI) * std);
  });
}
