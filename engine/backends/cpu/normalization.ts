// CPU kernels of normalisation: moments in double precision, one group after the other.

import type { TypedArray } from "../../core/dtype.ts";
import type { NormalizeParams } from "../../ops/table.ts";
import type { KernelTable } from "../backend.ts";

export const normalizationKernels = {
  normalize: ([x, weight, bias], y, params) => {
    const { batch, groups, length, affine, eps } = params;
    const moments = y.reserve!;
    const count = batch * length;
    for (let group = 0; group < groups; group++) {
      let sum = 0;
      eachElement(params, group, (at) => {
        sum += x.buffer[at]!;
      });
      const mean = sum / count;
      let squares = 0;
      eachElement(params, group, (at) => {
        squares += (x.buffer[at]! - mean) ** 2;
      });
      const inverse = 1 / Math.sqrt(squares / count + eps);
      moments[group] = mean;
      moments[groups + group] = squares / count;
      moments[2 * groups + group] = inverse;
      eachElement(params, group, (at, i) => {
        const own = affine === "group" ? group : i;
        y.buffer[at] = (x.buffer[at]! - mean) * inverse * weight.buffer[own]! + bias.buffer[own]!;
      });
    }
  },
  normalizeBackward: ([grad, x, weight, { buffer: moments }], y, params) => {
    const { batch, groups, length, affine } = params;
    // In float64: sums over very many rows would round to one side.
    const affineSums = new Float64Array(2 * weight.buffer.length);
    for (let group = 0; group < groups; group++) {
      const [mean, inverse] = [moments[group]!, moments[2 * groups + group]!];
      let [sum, product] = [0, 0];
      eachElement(params, group, (at, i) => {
        const own = affine === "group" ? group : i;
        const normal = (x.buffer[at]! - mean) * inverse;
        const slope = grad.buffer[at]! * weight.buffer[own]!;
        sum += slope;
        product += slope * normal;
        affineSums[own]! += grad.buffer[at]! * normal;
        affineSums[weight.buffer.length + own]! += grad.buffer[at]!;
      });
      eachElement(params, group, (at, i) => {
        const own = affine === "group" ? group : i;
        const normal = (x.buffer[at]! - mean) * inverse;
        const slope = grad.buffer[at]! * weight.buffer[own]!;
        y.buffer[at] = inverse * (slope - (sum + normal * product) / (batch * length));
      });
    }
    y.buffer.set(affineSums, batch * groups * length);
  },
} satisfies Partial<KernelTable<TypedArray>>;

/** Visits the elements of a group: where each is, and which of its run. */
function eachElement(
  { batch, groups, length }: NormalizeParams,
  group: number,
  visit: (at: number, i: number) => void,
): void {
  for (let n = 0; n < batch; n++) {
    const start = (n * groups + group) * length;
    for (let i = 0; i < length; i++) visit(start + i, i);
  }
}
