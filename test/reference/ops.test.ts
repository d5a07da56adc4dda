// Every op's values and gradients against PyTorch, in many shapes. Families of their own have tests of their own beside.

import * as engine from "#engine";
import { nn } from "#engine";
import { one, type Run, two, walkGoldens } from "./walk.ts";

/** Parameters of all cases under one type: each function reads its own. */
interface Params {
  readonly dim?: number;
  readonly keepdim?: boolean;
  readonly shape: readonly number[];
  readonly dims: readonly number[];
  readonly dim0: number;
  readonly dim1: number;
  readonly start: number;
  readonly length: number;
  readonly startDim: number;
  readonly index: number;
  readonly padding: readonly number[];
  readonly value?: number;
  readonly classes: number;
  readonly exponent: number;
  readonly kernelSize: number;
  readonly size: number;
  readonly alignCorners: boolean;
  readonly reduction: "mean" | "sum" | "none";
}

const options = (params: Params) => params as unknown as engine.ConvOptions & engine.PoolOptions;

const functions: Readonly<Record<string, Run<Params>>> = {
  add: two(engine.add),
  sub: two(engine.sub),
  mul: two(engine.mul),
  div: two(engine.div),
  pow: two(engine.pow),
  powScalar: ([x], { exponent }) => x!.pow(exponent),
  maximum: two(engine.maximum),
  eq: two(engine.eq),
  gt: two(engine.gt),
  lt: two(engine.lt),
  where: ([condition, a, b]) => engine.where(condition!, a!, b!),
  neg: one(engine.neg),
  exp: one(engine.exp),
  log: one(engine.log),
  sqrt: one(engine.sqrt),
  abs: one(engine.abs),
  tanh: one(engine.tanh),
  sigmoid: one(engine.sigmoid),
  relu: one(engine.relu),
  sum: ([x], { dim, keepdim = false }) => x!.sum(dim, { keepdim }),
  mean: ([x], { dim, keepdim = false }) => x!.mean(dim, { keepdim }),
  max: ([x], { dim, keepdim = false }) => (dim === undefined ? x!.max() : x!.max(dim, { keepdim }).values),
  argmax: ([x], { dim, keepdim = false }) => x!.argmax(dim, { keepdim }),
  reshape: ([x], { shape }) => x!.reshape(shape),
  permute: ([x], { dims }) => x!.permute(...dims),
  transpose: ([x], { dim0, dim1 }) => x!.transpose(dim0, dim1),
  expand: ([x], { shape }) => x!.expand(shape),
  flatten: ([x], { startDim }) => x!.flatten(startDim),
  unsqueeze: ([x], { dim }) => x!.unsqueeze(dim!),
  squeeze: ([x], { dim }) => x!.squeeze(dim),
  narrow: ([x], { dim, start, length }) => x!.narrow(dim!, start, length),
  select: ([x], { dim, index }) => x!.select(dim!, index),
  pad: ([x], { padding, value }) => nn.functional.pad(x!, padding, value),
  cat: (inputs, { dim }) => engine.cat(inputs, dim),
  stack: (inputs, { dim }) => engine.stack(inputs, dim),
  gather: ([x, index], { dim }) => x!.gather(dim!, index!),
  scatterAdd: ([x, index, source], { dim }) => engine.scatterAdd(x!, dim!, index!, source!),
  indexSelect: ([x, index], { dim }) => x!.indexSelect(dim!, index!),
  indexAdd: ([x, index, source], { dim }) => engine.indexAdd(x!, dim!, index!, source!),
  oneHot: ([index], { classes }) => nn.functional.oneHot(index!, classes),
  matmul: two(engine.matmul),
  conv2d: ([x, weight], params) => engine.conv2d(x!, weight!, options(params)),
  conv2dBias: ([x, weight, bias], params) => engine.conv2d(x!, weight!, { ...options(params), bias: bias! }),
  maxPool2d: ([x], params) => nn.functional.maxPool2d(x!, params.kernelSize, options(params)),
  avgPool2d: ([x], params) => nn.functional.avgPool2d(x!, params.kernelSize, options(params)),
  interpolate: ([x], { size, alignCorners }) => nn.functional.interpolate(x!, { size, alignCorners }),
  softmax: ([x], { dim }) => x!.softmax(dim!),
  logSoftmax: ([x], { dim }) => x!.logSoftmax(dim!),
  nllLoss: ([x, target], { reduction }) => nn.functional.nllLoss(x!, target!, { reduction }),
  crossEntropy: ([x, target], { reduction }) => nn.functional.crossEntropy(x!, target!, { reduction }),
  mseLoss: ([x, target], { reduction }) => nn.functional.mseLoss(x!, target!, { reduction }),
  linear: ([x, weight, bias]) => nn.functional.linear(x!, weight!, bias),
};

walkGoldens("ops", functions);
