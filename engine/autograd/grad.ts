// Gradients as values: of a function (like JAX's grad) and of a tensor with respect to others (torch.autograd.grad).
// Neither touches anybody's `grad`.

import { ArgumentError, GradError } from "../core/errors.ts";
import { formatShape } from "../core/shape.ts";
import { zeros } from "../tensor/creation.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { propagate } from "./propagate.ts";
import type { GradEdge } from "./tape.ts";

export interface GradientsOptions {
  /** Gradient of the output, of its shape; needed unless the output is a single element. */
  readonly gradient?: Tensor;
  /** Record the computation, so that the result can be differentiated again. Default: false. */
  readonly createGraph?: boolean;
  /** Keep what the ops saved, so that the output can be used again. Default: that of `createGraph`. */
  readonly retainGraph?: boolean;
  /** Give zeros for inputs that the output does not depend on, instead of an error. Default: false. */
  readonly allowUnused?: boolean;
}

/**
 * The gradients of `output` with respect to each of `inputs`, leaves or tensors on the way; shapes are the inputs'.
 * PyTorch's `torch.autograd.grad`.
 *
 * Throws GradError for an input that needs no gradient or has no part in the output.
 *
 * @example
 * const x = tensor(3, { requiresGrad: true });
 * const [slope] = gradients(x.pow(3), [x], { createGraph: true });
 * slope; // tensor(27., grad_fn=<MulBackward>)
 * gradients(slope, [x])[0]; // tensor(18.)
 */
export function gradients<const T extends readonly Tensor[]>(
  output: Tensor,
  inputs: T,
  options: GradientsOptions = {},
): { [K in keyof T]: Tensor } {
  const { gradient, createGraph = false, retainGraph = createGraph, allowUnused = false } = options;
  const wanted = new Map<GradEdge, Tensor | undefined>();
  inputs.forEach(({ edge, shape }, i) => {
    if (edge !== undefined) {
      wanted.set(edge, undefined);
      return;
    }
    const hint = "Create it with { requiresGrad: true } before the output is computed.";
    throw new GradError("gradients", `input ${i} of shape ${formatShape(shape)} needs no gradient`, hint);
  });
  const deliver = (edge: GradEdge, grad: Tensor): void => {
    if (wanted.has(edge)) wanted.set(edge, grad.alias());
  };
  propagate(output, gradient, { caller: "gradients", createGraph, retainGraph, deliver });
  const found = inputs.map((input, i) => {
    const grad = wanted.get(input.edge!);
    if (grad !== undefined) return grad;
    if (allowUnused) return zeros(input.shape, { device: input.device });
    const hint = "Pass { allowUnused: true } to get zeros for it.";
    throw new GradError("gradients", `the output does not depend on input ${i}`, hint);
  });
  return found as { [K in keyof T]: Tensor };
}

/**
 * The function that computes the gradient of `f` with respect to its first argument. `f` gives a single element;
 * `grad(grad(f))` is the second derivative. JAX's `grad`.
 *
 * @example
 * const cube = (x: Tensor) => x.pow(3);
 * grad(cube)(tensor(2)); // tensor(12.)
 * grad(grad(cube))(tensor(2)); // tensor(12.)
 */
export function grad<Rest extends readonly unknown[]>(
  f: (x: Tensor, ...rest: Rest) => Tensor,
): (x: Tensor, ...rest: Rest) => Tensor {
  if (typeof f !== "function") {
    throw new ArgumentError(
      "grad",
      "takes a function",
      "For the gradient of a tensor call gradients(output, [input]).",
    );
  }
  return (x, ...rest) => {
    // Inside another grad, x is part of a graph that has to go on through here.
    const nested = x.requiresGrad;
    const argument = nested ? x : x.detach();
    if (!nested) argument.requiresGrad = true;
    return gradients(f(argument, ...rest), [argument], { createGraph: nested, allowUnused: true })[0];
  };
}
