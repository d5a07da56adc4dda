// Numeric gradients: the proof that a gradient rule is right. Compares backward() with central differences, and the
// gradient of the gradient likewise; used by tests and by lectures.

import { GradError } from "../core/errors.ts";
import { formatShape, sizeOf } from "../core/shape.ts";
import { cat, reshape } from "../ops/functions/movement/movement.ts";
import { mul } from "../ops/functions/pointwise/pointwise.ts";
import { sum } from "../ops/functions/reduction/reduction.ts";
import { tensor } from "../tensor/creation.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { backward } from "./backward.ts";
import { gradients } from "./grad.ts";

export interface GradcheckOptions {
  /** Step to either side. Default: 1e-2, which suits float32. */
  readonly eps?: number;
  /** Allowed absolute difference. Default: 1e-3. */
  readonly atol?: number;
  /** Allowed difference relative to the numeric gradient. Default: 1e-2. */
  readonly rtol?: number;
}

/**
 * True if the gradients of `fn` at `inputs` agree with (f(x + ε) - f(x - ε)) / 2ε, for every input that requires one;
 * otherwise a GradError that names the element. Outputs of several elements are weighted, so that no two errors cancel.
 *
 * @example
 * gradcheck((x) => x.tanh(), [randn([2, 3], { requiresGrad: true })]); // true
 */
export function gradcheck(
  fn: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  { eps = 1e-2, atol = 1e-3, rtol = 1e-2 }: GradcheckOptions = {},
): true {
  const leaves = inputs.map((input) => (input.requiresGrad ? recorded(input) : input.detach()));
  const output = fn(...leaves);
  const weights = Float64Array.from({ length: output.numel }, (_, i) => Math.fround(Math.cos(1 + i)));
  // What was not recorded has no gradient, and the numeric one will have to be 0 too.
  if (output.requiresGrad) backward(sum(mul(output, tensor(weights, { shape: output.shape, device: output.device }))));

  leaves.forEach((leaf, which) => {
    if (!leaf.requiresGrad) return;
    const analytic = leaf.grad?.dataSync() ?? new Float32Array(leaf.numel);
    const values = leaf.dataSync();
    const at = (index: number, value: number): Float64Array => {
      const moved = values.slice();
      moved[index] = value;
      const args = leaves.map((other, i) =>
        i === which ? tensor(moved, { shape: leaf.shape, device: leaf.device }) : other,
      );
      return Float64Array.from(fn(...args).dataSync());
    };
    for (let index = 0; index < values.length; index++) {
      // What float32 makes of the step, so that its rounding does not count as an error.
      const [right, left] = [Math.fround(values[index]! + eps), Math.fround(values[index]! - eps)];
      const [upper, lower] = [at(index, right), at(index, left)];
      const numeric = weights.reduce(
        (total, weight, i) => total + (weight * (upper[i]! - lower[i]!)) / (right - left),
        0,
      );
      if (Math.abs(numeric - analytic[index]!) <= atol + rtol * Math.abs(numeric)) continue;
      const place = `input ${which} of shape ${formatShape(leaf.shape)}, element ${index}`;
      throw new GradError(
        "gradcheck",
        `${place}: numeric ${numeric.toPrecision(6)}, backward ${analytic[index]!.toPrecision(6)}`,
      );
    }
  });
  return true;
}

/**
 * {@link gradcheck} of the gradient of `fn`: true if its second derivatives agree with central differences of the first,
 * with respect to the inputs that require a gradient and to the gradient of the output.
 *
 * @example
 * gradgradcheck((x) => x.tanh(), [randn([2, 3], { requiresGrad: true })]); // true
 */
export function gradgradcheck(
  fn: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  options: GradcheckOptions = {},
): true {
  const asked = inputs.map((input) => input.requiresGrad);
  const first = (...all: Tensor[]): Tensor => {
    const args = inputs.map((_, i) => (asked[i] && !all[i]!.requiresGrad ? recorded(all[i]!) : all[i]!));
    const gradient = all[inputs.length]!;
    const wanted = args.filter((_, i) => asked[i]);
    const found = gradients(fn(...args), wanted, { gradient, createGraph: true, allowUnused: true });
    return cat(found.map((grad) => reshape(grad, [-1])));
  };
  const { shape } = fn(...inputs.map((input) => input.detach()));
  const weights = Float64Array.from({ length: sizeOf(shape) }, (_, i) => Math.cos(2 + i));
  return gradcheck(first, [...inputs, tensor(weights, { shape, requiresGrad: true })], options);
}

function recorded(x: Tensor): Tensor {
  const leaf = x.detach();
  leaf.requiresGrad = true;
  return leaf;
}
