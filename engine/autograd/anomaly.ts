// Tracing NaN and infinity to the op that made them. Off unless asked for: every result is read back and looked at.
// dispatch.ts calls `checkAnomaly` after each op while it is on.

import { context } from "../core/context.ts";
import type { TypedArray } from "../core/dtype.ts";
import { AnomalyError } from "../core/errors.ts";
import { formatShape, type Shape } from "../core/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { during } from "./during.ts";

/**
 * Runs `fn` and throws an AnomalyError at the first op, forward or in a gradient, that makes NaN or infinity of finite
 * inputs, or that meets NaN in a leaf. An asynchronous `fn` counts until its promise settles. Slow: for finding the
 * mistake, not for training. Infinity that comes in from outside, as in a mask, is let through.
 *
 * @example
 * const p = tensor([0.5, 0], { requiresGrad: true });
 * let found = "";
 * try {
 *   detectAnomaly(() => p.log().sum());
 * } catch (error) {
 *   found = (error as Error).message.split("\n")[0]!;
 * }
 * found; // log: made -Infinity at [1] of [2] from inputs between 0 and 0.5
 */
export function detectAnomaly<T>(fn: () => T): T {
  return during(context.openAnomalyChecks, fn);
}

/** Whether results are being looked at. */
export function isDetectingAnomalies(): boolean {
  return context.openAnomalyChecks.size > 0;
}

/** Throws if `output` holds what its inputs did not. */
export function checkAnomaly(op: string, inputs: readonly Tensor[], output: Tensor): void {
  if (output.dtype !== "float32") return;
  const values = output.dataSync();
  const at = firstOf(values, (value) => !Number.isFinite(value));
  if (at < 0) return;
  const read = inputs.filter(({ dtype }) => dtype === "float32").map((input) => ({ input, values: input.dataSync() }));
  for (const { input, values: given } of read) {
    const bad = input.isLeaf ? firstOf(given, Number.isNaN) : -1;
    if (bad < 0) continue;
    const place = `${placeOf(bad, input.shape)} of a leaf of shape ${formatShape(input.shape)}`;
    throw new AnomalyError(
      op,
      `was given NaN at ${place}`,
      "Look at the data, or at the step that wrote the parameter.",
    );
  }
  if (read.some(({ values: given }) => firstOf(given, (value) => !Number.isFinite(value)) >= 0)) return;
  const made = `made ${values[at]} at ${placeOf(at, output.shape)} of ${formatShape(output.shape)}`;
  const ranges = read.filter(({ values: given }) => given.length > 0).map(({ values: given }) => rangeOf(given));
  throw new AnomalyError(op, `${made}${ranges.length > 0 ? ` from inputs ${ranges.join(" and ")}` : ""}`, hints[op]);
}

/** What usually helps. */
const hints: Readonly<Record<string, string>> = {
  log: "log(0) is -Infinity: keep the argument above 0 with clamp({ min: 1e-7 }), or use logSoftmax or a loss with logits.",
  div: "Something was divided by 0: add a small number to the denominator.",
  sqrt: "The root of a negative number is NaN, and its gradient at 0 is infinite: add a small number under the root.",
  exp: "exp overflows above 88: subtract the maximum first, or use softmax or logsumexp.",
  pow: "Fractional powers need positive bases.",
  mul: "The product left float32's range: lower the learning rate, clip the gradients or scale the inputs.",
};

function firstOf(values: TypedArray, test: (value: number) => boolean): number {
  for (let i = 0; i < values.length; i++) if (test(values[i]!)) return i;
  return -1;
}

/** Position in the tensor of the n-th element, row by row. */
function placeOf(n: number, shape: Shape): string {
  let rest = n;
  const position = shape.toReversed().map((size) => {
    const at = rest % size;
    rest = Math.floor(rest / size);
    return at;
  });
  return formatShape(position.reverse());
}

function rangeOf(values: TypedArray): string {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low === high ? `equal to ${short(low)}` : `between ${short(low)} and ${short(high)}`;
}

const short = (value: number): string => String(Number(value.toPrecision(4)));
