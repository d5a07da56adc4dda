// Activation functions against PyTorch, also far out and at kinks.

import * as engine from "#engine";
import { one, type Run, walkGoldens } from "./walk.ts";

interface Params extends engine.SoftplusOptions, engine.GeluOptions {
  readonly negativeSlope?: number;
  readonly alpha?: number;
  readonly min?: number;
  readonly max?: number;
  readonly dim: number;
}

const functions: Readonly<Record<string, Run<Params>>> = {
  leakyRelu: ([x], { negativeSlope }) => engine.leakyRelu(x!, negativeSlope),
  elu: ([x], { alpha }) => engine.elu(x!, alpha),
  selu: one(engine.selu),
  gelu: ([x], options) => engine.gelu(x!, options),
  silu: one(engine.silu),
  mish: one(engine.mish),
  softplus: ([x], options) => engine.softplus(x!, options),
  softsign: one(engine.softsign),
  hardtanh: ([x], { min, max }) => engine.hardtanh(x!, min, max),
  relu6: one(engine.relu6),
  hardSigmoid: one(engine.hardSigmoid),
  logSigmoid: one(engine.logSigmoid),
  glu: ([x], { dim }) => engine.glu(x!, dim),
  prelu: ([x, weight]) => engine.prelu(x!, weight!),
};

walkGoldens("activations", functions);
