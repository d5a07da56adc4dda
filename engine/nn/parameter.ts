// A tensor that a module learns. Found by Module in the module's properties.

import { Tensor } from "../tensor/tensor.ts";

/**
 * A leaf tensor that requires a gradient and counts as a parameter of the module that holds it. Shares the elements of
 * the tensor it is made of.
 *
 * @example
 * class Scale extends nn.Module {
 *   factor = new nn.Parameter(ones([1]));
 *   forward(x: Tensor) {
 *     return x.mul(this.factor);
 *   }
 * }
 * new Scale().parameters().length; // 1
 */
export class Parameter extends Tensor {
  constructor(value: Tensor) {
    const rows = value.detach().contiguous();
    super(rows.storage.retain(), rows);
    this.requiresGrad = true;
  }

  override toString(): string {
    return `Parameter containing:\n${super.toString()}`;
  }
}
