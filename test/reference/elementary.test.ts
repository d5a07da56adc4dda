// Elementary functions, comparisons and logic against PyTorch.

import * as engine from "#engine";
import { one, type Run, two, walkGoldens } from "./walk.ts";

interface Params {
  readonly min?: number;
  readonly max?: number;
  readonly value: number | string;
}

const functions: Readonly<Record<string, Run<Params>>> = {
  log1p: one(engine.log1p),
  expm1: one(engine.expm1),
  log2: one(engine.log2),
  log10: one(engine.log10),
  sin: one(engine.sin),
  cos: one(engine.cos),
  tan: one(engine.tan),
  erf: one(engine.erf),
  sign: one(engine.sign),
  floor: one(engine.floor),
  ceil: one(engine.ceil),
  round: one(engine.round),
  trunc: one(engine.trunc),
  square: one(engine.square),
  rsqrt: one(engine.rsqrt),
  reciprocal: one(engine.reciprocal),
  isnan: one(engine.isnan),
  isinf: one(engine.isinf),
  isfinite: one(engine.isfinite),
  logicalNot: one(engine.logicalNot),
  logicalAnd: two(engine.logicalAnd),
  logicalOr: two(engine.logicalOr),
  logicalXor: two(engine.logicalXor),
  minimum: two(engine.minimum),
  remainder: two(engine.remainder),
  ne: two(engine.ne),
  ge: two(engine.ge),
  le: two(engine.le),
  clamp: ([x], bounds) => x!.clamp(bounds),
  clampBetween: ([x, min, max]) => x!.clamp({ min: min!, max: max! }),
  lerp: ([start, end, weight]) => start!.lerp(end!, weight!),
  maskedFill: ([x, mask], { value }) => x!.maskedFill(mask!, value === "-inf" ? -Infinity : Number(value)),
};

walkGoldens("elementary", functions);
