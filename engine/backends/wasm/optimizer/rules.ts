// The steps of optimisers for one element, as ops/update-table.ts defines them.

import type { UpdateName, UpdateOptions, UpdateTable } from "../../../ops/update-table.ts";
import { type FunctionBuilder, type Local, madd, nmadd, type Value } from "../assembler/index.ts";

type Vector = Local<"f32x4">;

/** What a kernel is made of. Values given may be used several times. */
export interface Rule<U extends UpdateName> {
  readonly states: UpdateTable[U]["states"];
  /** The numbers that `step` is given, of an update's options. */
  readonly numbers: (options: UpdateOptions<U>) => readonly number[];
  readonly step: (
    f: FunctionBuilder,
    elements: readonly Vector[],
    numbers: readonly Vector[],
  ) => readonly Value<"f32x4">[];
}

function slopeOf(f: FunctionBuilder, p: Vector, gradient: Vector, scale: Vector, decay: Vector): Vector {
  return f.local("f32x4", madd(p, decay, gradient.mul(scale)));
}

const sgd: Rule<"sgd"> = {
  states: 0,
  numbers: ({ gradientScale, weightDecay, lr }) => [gradientScale, weightDecay, lr],
  step: (f, [p, gradient], [scale, decay, lr]) => [nmadd(slopeOf(f, p!, gradient!, scale!, decay!), lr!, p!)],
};

const momentum: Rule<"momentum"> = {
  states: 1,
  // p - lr·(share of g · g + share of v · v) is both kinds of step.
  numbers: ({ gradientScale, weightDecay, lr, momentum, gradientShare, nesterov }) => [
    ...[gradientScale, weightDecay, lr, momentum, gradientShare],
    ...(nesterov ? [1, momentum] : [0, 1]),
  ],
  step: (f, [p, gradient, before], [scale, decay, lr, momentum, share, ofSlope, ofVelocity]) => {
    const slope = slopeOf(f, p!, gradient!, scale!, decay!);
    const velocity = f.local("f32x4", madd(before!, momentum!, slope.mul(share!)));
    const step = madd(velocity, ofVelocity!, slope.mul(ofSlope!));
    return [nmadd(step, lr!, p!), velocity];
  },
};

const adam: Rule<"adam"> = {
  states: 2,
  numbers: ({ gradientScale, weightDecay, beta1, beta2, eps, shrink, stepSize, rootScale }) => [
    ...[gradientScale, weightDecay, beta1, 1 - beta1, beta2, 1 - beta2, eps, shrink, stepSize, rootScale],
  ],
  step: (f, [p, gradient, mean, square], numbers) => {
    const [scale, decay, beta1, rest1, beta2, rest2, eps, shrink, stepSize, rootScale] = numbers;
    const slope = slopeOf(f, p!, gradient!, scale!, decay!);
    const nextMean = f.local("f32x4", madd(mean!, beta1!, slope.mul(rest1!)));
    const nextSquare = f.local("f32x4", madd(square!, beta2!, slope.mul(slope).mul(rest2!)));
    const step = nextMean.div(madd(nextSquare.sqrt(), rootScale!, eps!));
    return [nmadd(step, stepSize!, p!.mul(shrink!)), nextMean, nextSquare];
  },
};

export const rules: { readonly [U in UpdateName]: Rule<U> } = { sgd, momentum, adam };
