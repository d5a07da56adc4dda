// Elements that are alike: constant, uniform, normal.

import { context } from "../../core/context.ts";
import type { Generator } from "../../core/random.ts";
import { filled as filledTensor } from "../../tensor/creation.ts";
import type { Tensor } from "../../tensor/tensor.ts";

export interface RandomInitOptions {
  /** Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator | undefined;
}

/**
 * Uniform in [from, to). float32 of any shape, changed in place and returned. PyTorch's numbers, bit for bit.
 *
 * @example
 * manualSeed(42);
 * nn.init.uniform_(zeros([2]), -1, 1); // tensor([0.7645, 0.8300])
 */
export function uniform_<T extends Tensor>(tensor: T, from = 0, to = 1, { generator }: RandomInitOptions = {}): T {
  return filled(tensor, (values) => (generator ?? context.generator).fillUniform(values, from, to));
}

/**
 * Normal with that mean and standard deviation. float32 of any shape, changed in place and returned. PyTorch's numbers
 * to 1e-6.
 *
 * @example
 * manualSeed(42);
 * nn.init.normal_(zeros([2]), 0, 0.01); // tensor([0.0034, 0.0013])
 */
export function normal_<T extends Tensor>(tensor: T, mean = 0, std = 1, { generator }: RandomInitOptions = {}): T {
  return filled(tensor, (values) => (generator ?? context.generator).fillNormal(values, mean, std));
}

/**
 * The same value everywhere. Changed in place and returned.
 *
 * @example
 * nn.init.constant_(zeros([2]), 0.5); // tensor([0.5000, 0.5000])
 */
export function constant_<T extends Tensor>(tensor: T, value: number): T {
  return filled(tensor, (values) => values.fill(value));
}

/**
 * Zeros. Changed in place and returned.
 *
 * @example
 * nn.init.zeros_(ones([2])); // tensor([0., 0.])
 */
export function zeros_<T extends Tensor>(tensor: T): T {
  return constant_(tensor, 0);
}

/**
 * Ones. Changed in place and returned.
 *
 * @example
 * nn.init.ones_(zeros([2])); // tensor([1., 1.])
 */
export function ones_<T extends Tensor>(tensor: T): T {
  return constant_(tensor, 1);
}

/** Gives `tensor` the elements that `fill` writes into zeros. */
export function filled<T extends Tensor>(tensor: T, fill: (values: Float32Array) => void): T {
  const made = filledTensor(tensor.shape, "float32", { device: tensor.device }, (values) =>
    fill(values as Float32Array),
  );
  tensor.assign(made);
  made.dispose();
  return tensor;
}
