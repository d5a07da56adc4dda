// A random call for every op: shapes, parameters and what its operands hold. Typed by the table of ops: a new op without a row
// does not compile.

import type { ComputedOp } from "../../engine/backends/backend.ts";
import type { Values } from "../../engine/backends/webgpu/against-plain.ts";
import { sizeOf } from "../../engine/core/shape.ts";
import { infer } from "../../engine/ops/inference/inference.ts";
import type {
  AvgPoolParams,
  ConvParams,
  MaxPoolParams,
  NormalizeParams,
  Pair,
  Reduction,
} from "../../engine/ops/table.ts";
import type { Draw } from "./draw.ts";
import { type Call, exactly } from "./oracle.ts";

type Drawer<P extends ComputedOp> = (d: Draw) => Call<P>;
type Plain = Record<string, never>;
const none: Plain = {};

const one = (d: Draw) => ({ inputs: [d.any(d.shape(d.integer(1, 3)))], params: none });
const two = (d: Draw) => {
  const shape = d.shape(d.integer(1, 3));
  return { inputs: [d.any(shape), d.any(d.part(shape))], params: none };
};
/** Angles, exponents: of all sizes that a result has. */
const upTo = (scale: number) => (d: Draw) => ({ inputs: [d.pick(d.any([50]), d.finite([50], scale))], params: none });
const subset = (d: Draw, rank: number) => {
  const dims = Array.from({ length: rank }, (_, dim) => dim).filter(() => d.next() < 0.6);
  return dims.length > 0 ? dims : [d.integer(0, rank - 1)];
};
const reduced = (kind: "finite" | "ties") => (d: Draw) => {
  const shape = d.shape(3, 300);
  return { inputs: [d[kind](shape)], params: { dims: subset(d, 3), keepdim: d.pick(true, false) } };
};
const positioned = (d: Draw) => ({
  inputs: [d.ties(d.shape(3, 300))],
  params: { dim: d.integer(0, 2), keepdim: d.pick(true, false) },
});
const alongDim =
  (kind: "finite" | "any" | "ties", operands = 1, longest = 60) =>
  (d: Draw) => {
    const shape = d.shape(3, longest);
    return { inputs: Array.from({ length: operands }, () => d[kind](shape)), params: { dim: d.integer(0, 2) } };
  };

/** base, index and source of gather, scatter and the like. */
const scattered = (d: Draw) => {
  const base = d.shape(2);
  const dim = d.integer(0, 1);
  const shape = base.map((size, i) => (i === dim ? d.integer(1, 30) : d.integer(1, size)));
  return { base: d.finite(base), index: d.index(shape, base[dim]!), source: d.finite(shape), dim };
};

const matrices = (d: Draw) => {
  const [m, k, n] = [d.integer(1, 70), d.integer(1, 300), d.integer(1, 70)];
  const [transposeLhs, transposeRhs] = [d.pick(true, false), d.pick(true, false)];
  const batch = d.pick([], [2], [2, 1]);
  const lhs = d.finite([...batch, ...(transposeLhs ? [k, m] : [m, k])]);
  return { inputs: [lhs, d.finite(transposeRhs ? [n, k] : [k, n])], params: { transposeLhs, transposeRhs } };
};

const pair = (d: Draw, min: number, max: number): Pair => [d.integer(min, max), d.integer(min, max)];
const convolution = (d: Draw) => {
  const groups = d.pick(1, 1, 2);
  const [channels, filters] = [d.integer(1, 5), groups * d.integer(1, 12)];
  const params: ConvParams = { stride: pair(d, 1, 2), padding: pair(d, 0, 2), dilation: pair(d, 1, 2), groups };
  const x = d.finite([d.integer(1, 3), groups * channels, d.integer(7, 14), d.integer(7, 14)]);
  const weight = d.finite([filters, channels, ...pair(d, 1, 4)]);
  const { shape } = infer("conv2d", [meta(x), meta(weight)], { ...params, activation: "none" });
  return { x, weight, params, grad: () => d.finite(shape), bias: () => d.finite([filters]) };
};
const image = (d: Draw) => [d.integer(1, 2), d.integer(1, 3), d.integer(6, 17), d.integer(6, 17)];
const windows = (d: Draw) => {
  const kernelSize = pair(d, 1, 4);
  const padding: Pair = [d.integer(0, kernelSize[0] >> 1), d.integer(0, kernelSize[1] >> 1)];
  return { kernelSize, padding, stride: pair(d, 1, 3), ceilMode: d.pick(true, false) };
};
const maxima = (d: Draw): MaxPoolParams => ({ ...windows(d), dilation: d.pick<Pair>([1, 1], [1, 1], [2, 1]) });
const means = (d: Draw): AvgPoolParams => ({ ...windows(d), countIncludePad: d.pick(true, false) });
const resized = (d: Draw) => {
  const [inputShape, size] = [image(d), pair(d, 1, 20)];
  const alignCorners = d.pick(true, false);
  const along = (axis: 0 | 1) => {
    const [from, to] = [inputShape[2 + axis]!, size[axis]];
    if (alignCorners) return to > 1 ? (from - 1) / (to - 1) : 0;
    return from / to;
  };
  return { inputShape, size, params: { scale: [along(0), along(1)] as Pair, alignCorners } };
};

/** T, N and H, and operands of so many gates. */
const sequence = (d: Draw, gates: number) => {
  const [steps, rows, hidden] = [d.integer(1, 8), d.integer(1, 5), d.integer(1, 20)];
  return {
    pre: d.finite([steps, rows, gates * hidden]),
    weight: d.finite([gates * hidden, hidden], 0.4),
    bias: d.finite([hidden]),
    state: () => d.finite([rows, hidden]),
    hidden,
  };
};
const reluOrTanh = (d: Draw) => ({ nonlinearity: d.pick("tanh" as const, "relu" as const) });

const grouped = (d: Draw) => {
  const affine = d.pick("group" as const, "element" as const);
  const params: NormalizeParams = {
    ...{ batch: d.integer(1, 4), groups: d.integer(1, 40), length: d.integer(2, 60) },
    ...{ affine, eps: 1e-3 },
  };
  const count = affine === "group" ? params.groups : params.length;
  const shape = [params.batch, params.groups, params.length];
  return { params, inputs: [d.finite(shape), d.finite([count]), d.finite([count])] };
};

const scored = (d: Draw, reductions: readonly Reduction[] = ["mean", "sum", "none"]) => {
  const [rows, classes] = [d.integer(2, 40), d.integer(2, 40)];
  const reduction = d.pick(...reductions);
  return {
    ...{ scores: d.finite([rows, classes], 10), target: d.index([rows], classes) },
    ...{ grad: () => d.finite(reduction === "none" ? [rows] : []) },
    ...{ params: { reduction, ignoreIndex: 1 }, shape: [rows, classes] },
  };
};
const squared = (d: Draw) => {
  const shape = d.shape(2);
  const reduction = d.pick("mean" as const, "sum" as const, "none" as const);
  return { x: d.finite(shape), y: d.finite(shape), grad: () => d.finite(reduction === "none" ? shape : []), reduction };
};

export const calls: { readonly [P in ComputedOp]: Drawer<P> } = {
  add: two,
  sub: two,
  mul: two,
  div: two,
  pow: (d) => d.pick(two(d), { inputs: [d.finite([60], 30), d.finite([60], 20)], params: none }),
  maximum: two,
  minimum: two,
  remainder: two,
  eq: (d) => ({ inputs: [d.ties([4, 30]), d.ties([30])], params: none }),
  ne: (d) => ({ inputs: [d.ties([4, 30]), d.ties([30])], params: none }),
  gt: (d) => ({ inputs: [d.ties([4, 30]), d.ties([30])], params: none }),
  ge: (d) => ({ inputs: [d.ties([4, 30]), d.ties([30])], params: none }),
  lt: (d) => ({ inputs: [d.ties([4, 30]), d.ties([30])], params: none }),
  le: (d) => ({ inputs: [d.ties([4, 30]), d.ties([30])], params: none }),
  where: (d) => ({ inputs: [d.bool([4, 1]), d.any([30]), d.any([4, 30])], params: none }),
  neg: one,
  exp: upTo(90),
  log: one,
  sqrt: one,
  abs: one,
  sign: one,
  floor: upTo(9),
  ceil: upTo(9),
  round: upTo(9),
  trunc: upTo(9),
  log1p: upTo(2),
  expm1: upTo(3),
  sin: upTo(20),
  cos: upTo(20),
  tan: upTo(20),
  erf: upTo(5),
  tanh: upTo(10),
  sigmoid: upTo(90),
  relu: one,
  tanhBackward: (d) => ({ inputs: [d.finite([80]), d.finite([80])], params: none }),
  sigmoidBackward: (d) => ({ inputs: [d.finite([80]), d.share([80])], params: none }),
  reluBackward: (d) => ({ inputs: [d.any([80]), d.any([80])], params: none }),
  clamp: (d) => ({ inputs: [d.any([80])], params: { min: d.pick(-Infinity, -1, 0.3), max: d.pick(Infinity, 1, 7) } }),
  cast: (d) =>
    d.pick(
      { inputs: [d.whole([80], -(2 ** 31), 2 ** 31 - 1)], params: { dtype: "float32" } },
      { inputs: [d.finite([80], 2 ** 31)], params: { dtype: "int32" } },
      { inputs: [d.any([80])], params: { dtype: "bool" } },
    ),
  sum: reduced("finite"),
  mean: reduced("finite"),
  amax: reduced("ties"),
  amin: reduced("ties"),
  argmax: positioned,
  argmin: positioned,
  prod: (d) => ({ inputs: [d.finite(d.shape(3), 2)], params: { dim: d.integer(0, 2), keepdim: false } }),
  cumsum: alongDim("finite", 1, 700),
  recurrence: alongDim("finite", 2, 300),
  argsort: (d) => ({
    inputs: [d.ties(d.shape(3, 300))],
    params: { dim: d.integer(0, 2), descending: d.pick(true, false) },
  }),
  contiguous: one,
  pad: (d) => ({ inputs: [d.any([3, 20])], params: { padding: [pair(d, 0, 3), pair(d, 0, 3)], value: d.next() } }),
  cat: (d) => ({ inputs: [d.any([3, 20]), d.any([3, d.integer(1, 9)])], params: { dim: 1 } }),
  gather: (d) => {
    const { base, index, dim } = scattered(d);
    return { inputs: [base, index], params: { dim } };
  },
  scatterAdd: (d) => {
    const { base, index, source, dim } = scattered(d);
    return { inputs: [base, index, source], params: { dim } };
  },
  scatter: (d) => {
    const { base, index, source, dim } = scattered(d);
    return { inputs: [base, index, source], params: { dim } };
  },
  indexSelect: (d) => ({ inputs: [d.any([7, 20]), d.index([d.integer(1, 30)], 7)], params: { dim: 0 } }),
  indexAdd: (d) => {
    const count = d.integer(1, 60);
    return { inputs: [d.finite([7, 20]), d.index([count], 7), d.finite([count, 20])], params: { dim: 0 } };
  },
  oneHot: (d) => ({ inputs: [d.index([30], 9)], params: { classes: 9 } }),
  matmul: matrices,
  linear: (d) => {
    const [rows, from, to] = [d.integer(1, 70), d.integer(1, 300), d.integer(1, 70)];
    const inputs = [d.finite([rows, from]), d.finite([to, from]), ...(d.pick(true, false) ? [d.finite([to])] : [])];
    return { inputs, params: { activation: d.pick("none", "tanh", "sigmoid", "relu") } };
  },
  rnn: (d) => {
    const { pre, weight, state } = sequence(d, 1);
    return { inputs: [pre, weight, state()], params: reluOrTanh(d) };
  },
  rnnBackward: (d) => {
    const { pre, weight, state } = sequence(d, 1);
    const params = reluOrTanh(d);
    const { output } = forward("rnn", { inputs: [pre, weight, state()], params });
    return { inputs: [d.finite(output.shape), weight, output], params };
  },
  gru: (d) => {
    const { pre, weight, bias, state } = sequence(d, 3);
    return { inputs: [pre, weight, bias, state()], params: none };
  },
  gruBackward: (d) => {
    const { pre, weight, bias, state } = sequence(d, 3);
    const { output, reserve } = forward("gru", { inputs: [pre, weight, bias, state()], params: none });
    return { inputs: [d.finite(output.shape), weight, output, reserve], params: none };
  },
  lstm: (d) => {
    const { pre, weight, state } = sequence(d, 4);
    return { inputs: [pre, weight, state(), state()], params: none };
  },
  lstmBackward: (d) => {
    const { pre, weight, state } = sequence(d, 4);
    const cell = state();
    const { output, reserve } = forward("lstm", { inputs: [pre, weight, state(), cell], params: none });
    return { inputs: [d.finite(output.shape), weight, output, reserve, cell], params: none };
  },
  normalize: grouped,
  normalizeBackward: (d) => {
    const { inputs, params } = grouped(d);
    const { output, reserve } = forward("normalize", { inputs, params });
    return { inputs: [d.finite(output.shape), inputs[0]!, inputs[1]!, reserve], params };
  },
  conv2d: (d) => {
    const { x, weight, bias, params } = convolution(d);
    const inputs = [x, weight, ...(d.pick(true, false) ? [bias()] : [])];
    return { inputs, params: { ...params, activation: d.pick("none", "tanh", "sigmoid", "relu") } };
  },
  conv2dInput: (d) => {
    const { x, weight, grad, params } = convolution(d);
    return { inputs: [grad(), weight], params: { ...params, inputShape: x.shape } };
  },
  conv2dWeight: (d) => {
    const { x, weight, grad, params } = convolution(d);
    return { inputs: [x, grad()], params: { ...params, weightShape: weight.shape } };
  },
  maxPool2d: (d) => ({ inputs: [d.ties(image(d))], params: maxima(d) }),
  maxPool2dInput: (d) => {
    const [x, params] = [d.ties(image(d)), maxima(d)];
    return { inputs: [x, d.finite(infer("maxPool2d", [meta(x)], params).shape)], params };
  },
  maxPool2dIndices: (d) => ({ inputs: [d.ties(image(d))], params: maxima(d) }),
  avgPool2d: (d) => ({ inputs: [d.finite(image(d))], params: means(d) }),
  avgPool2dInput: (d) => {
    const [inputShape, params] = [image(d), means(d)];
    const { shape } = infer("avgPool2d", [{ shape: inputShape, dtype: "float32" }], params);
    return { inputs: [d.finite(shape)], params: { ...params, inputShape } };
  },
  bilinear: (d) => {
    const { inputShape, size, params } = resized(d);
    return { inputs: [d.finite(inputShape)], params: { ...params, size } };
  },
  bilinearInput: (d) => {
    const { inputShape, size, params } = resized(d);
    return { inputs: [d.finite([...inputShape.slice(0, 2), ...size])], params: { ...params, inputShape } };
  },
  mseLoss: (d) => {
    const { x, y, reduction } = squared(d);
    return { inputs: [x, y], params: { reduction } };
  },
  mseLossBackward: (d) => {
    const { x, y, grad, reduction } = squared(d);
    return { inputs: [grad(), x, y], params: { reduction } };
  },
  softmax: (d) => ({ inputs: [d.finite(d.shape(3, 90), 30)], params: { dim: d.integer(0, 2) } }),
  logSoftmax: (d) => ({ inputs: [d.finite(d.shape(3, 90), 30)], params: { dim: d.integer(0, 2) } }),
  softmaxBackward: (d) => {
    const params = { dim: d.integer(0, 2) };
    const { output } = forward("softmax", { inputs: [d.finite(d.shape(3, 90), 5)], params });
    return { inputs: [d.finite(output.shape), output], params };
  },
  logSoftmaxBackward: (d) => {
    const params = { dim: d.integer(0, 2) };
    const { output } = forward("logSoftmax", { inputs: [d.finite(d.shape(3, 90), 5)], params });
    return { inputs: [d.finite(output.shape), output], params };
  },
  nllLoss: (d) => {
    const { scores, target, params } = scored(d);
    return { inputs: [scores, target], params };
  },
  nllLossBackward: (d) => {
    const { target, grad, params, shape } = scored(d);
    return { inputs: [grad(), target], params: { ...params, shape } };
  },
  crossEntropy: (d) => {
    const { scores, target, params } = scored(d);
    return { inputs: [scores, target], params };
  },
  crossEntropyBackward: (d) => {
    const { scores, target, grad, params, shape } = scored(d);
    const { reserve } = forward("crossEntropy", { inputs: [scores, target], params });
    return { inputs: [grad(), target, reserve], params: { ...params, shape } };
  },
};

/** What a forward op hands to its gradient, in float32. */
function forward<P extends ComputedOp>(op: P, call: Call<P>): { readonly output: Values; readonly reserve: Values } {
  const { shape, values, reserve } = exactly(op, call);
  return {
    output: { shape, values: Float32Array.from(values) },
    reserve: { shape: [reserve.length], values: Float32Array.from(reserve) },
  };
}

function meta({ shape }: Values) {
  if (sizeOf(shape) === 0) throw new RangeError("an empty operand proves nothing");
  return { shape, dtype: "float32" } as const;
}
