// A tensor that a module keeps but does not learn: running statistics, tables. Found by Module in the module's
// properties.

import { Tensor } from "../tensor/tensor.ts";

/**
 * A leaf tensor without a gradient that belongs to the module that holds it: it is saved and loaded with the
 * parameters, but no optimiser sees it. Shares the elements of the tensor it is made of; a module changes it by
 * `assign`.
 *
 * @example
 * class Scale extends nn.Module {
 *   largestSeen = new nn.Buffer(tensor(2));
 *   forward(x: Tensor) {
 *     return x.div(this.largestSeen);
 *   }
 * }
 * Object.keys(new Scale().stateDict()); // [largest_seen]
 * new Scale().parameters().length; // 0
 */
export class Buffer extends Tensor {
  constructor(value: Tensor) {
    const rows = value.detach().contiguous();
    super(rows.storage.retain(), rows);
  }
}
