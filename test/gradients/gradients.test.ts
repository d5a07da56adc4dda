// Every row of the gradient table against numeric gradients. The table of cases is typed by op name: a new op without a
// case does not compile, and an op that gets a gradient without one fails here.

import { describe, expect, it } from "vitest";
import { GradError, gradcheck, gradgradcheck, manualSeed, rand, randn, type Tensor, tensor } from "#engine";
import { saved } from "../../engine/autograd/saved.ts";
import { dispatch } from "../../engine/ops/dispatch.ts";
import type { Inputs, OpName, Params } from "../../engine/ops/table.ts";

interface Case<P extends OpName> {
  readonly inputs: () => Inputs<P, Tensor>;
  readonly params: Params<P>;
}

/** Cases, or why there can be none. */
type Row<P extends OpName> = readonly Case<P>[] | string;

const normal = (...shape: number[]) => randn(shape, { requiresGrad: true });
const positive = (...shape: number[]) => {
  const values = rand(shape).add(0.5);
  values.requiresGrad = true;
  return values;
};
/** Values at least 0.3 apart and away from 0: no step of the check crosses a kink or swaps a maximum. */
const apart = (...shape: number[]) => {
  const n = shape.reduce((product, size) => product * size, 1);
  const values = Float64Array.from({ length: n }, (_, i) => (((i * 7) % n) - n / 2) * 0.3 + 0.15);
  return tensor(values, { shape, requiresGrad: true });
};
const index = (...values: number[]) => tensor(values, { dtype: "int32" });
const none = {};
const conv = { stride: [2, 1], padding: [1, 0], dilation: [1, 2], groups: 2 } as const;
const pool = { kernelSize: [2, 3], stride: [1, 2], padding: [1, 1], ceilMode: false } as const;
const maxPool = { ...pool, dilation: [1, 1] } as const;
const avgPool = { ...pool, countIncludePad: true } as const;
const clipped = {
  kernelSize: [2, 2],
  stride: [2, 2],
  padding: [1, 1],
  ceilMode: true,
  countIncludePad: false,
} as const;

/** Of ops that are gradients, whose own gradients are those of a composition. */
const rowwise = { batch: 1, groups: 5, length: 3, affine: "element", eps: 0.1 } as const;
const composed = "where the gradient is differentiated, other ops compute it";

const rows: { readonly [P in OpName]: Row<P> } = {
  add: [
    { inputs: () => [normal(2, 3), normal(3)], params: none },
    { inputs: () => [normal(), normal(2, 1)], params: none },
  ],
  sub: [{ inputs: () => [normal(2, 1), normal(1, 3)], params: none }],
  mul: [{ inputs: () => [normal(2, 3), normal(2, 1)], params: none }],
  div: [{ inputs: () => [normal(2, 3), positive(3)], params: none }],
  pow: [{ inputs: () => [positive(2, 3), normal(3)], params: none }],
  maximum: [{ inputs: () => [apart(2, 3), apart(2, 3).mul(-1).detach()].map(leaf) as [Tensor, Tensor], params: none }],
  minimum: [{ inputs: () => [apart(2, 3), apart(2, 3).mul(-1).detach()].map(leaf) as [Tensor, Tensor], params: none }],
  remainder: [{ inputs: () => [apart(2, 3), leaf(apart(3).add(2))], params: none }],
  eq: "comparisons are constant nearly everywhere",
  ne: "comparisons are constant nearly everywhere",
  gt: "comparisons are constant nearly everywhere",
  ge: "comparisons are constant nearly everywhere",
  lt: "comparisons are constant nearly everywhere",
  le: "comparisons are constant nearly everywhere",
  where: [{ inputs: () => [randn([2, 3]).gt(0), normal(3), normal(2, 1)], params: none }],
  neg: [{ inputs: () => [normal(2, 3)], params: none }],
  exp: [{ inputs: () => [normal(2, 3)], params: none }],
  log: [{ inputs: () => [positive(2, 3)], params: none }],
  sqrt: [{ inputs: () => [positive(2, 3)], params: none }],
  abs: [{ inputs: () => [apart(2, 3)], params: none }],
  sign: [{ inputs: () => [apart(2, 3)], params: none }],
  floor: [{ inputs: () => [apart(2, 3)], params: none }],
  ceil: [{ inputs: () => [apart(2, 3)], params: none }],
  round: [{ inputs: () => [apart(2, 3)], params: none }],
  trunc: [{ inputs: () => [apart(2, 3)], params: none }],
  log1p: [{ inputs: () => [positive(2, 3)], params: none }],
  expm1: [{ inputs: () => [normal(2, 3)], params: none }],
  sin: [{ inputs: () => [normal(2, 3)], params: none }],
  cos: [{ inputs: () => [normal(2, 3)], params: none }],
  tan: [{ inputs: () => [leaf(rand([2, 3]))], params: none }],
  erf: [{ inputs: () => [normal(2, 3)], params: none }],
  tanh: [{ inputs: () => [normal(2, 3)], params: none }],
  sigmoid: [{ inputs: () => [normal(2, 3)], params: none }],
  relu: [{ inputs: () => [apart(2, 3)], params: none }],
  clamp: [
    { inputs: () => [apart(3, 4)], params: { min: -1, max: 1 } },
    { inputs: () => [apart(3, 4)], params: { min: -Infinity, max: 0.5 } },
  ],
  cast: [{ inputs: () => [normal(2, 3)], params: { dtype: "float32" } }],
  sum: [
    { inputs: () => [normal(2, 3, 2)], params: { dims: [0, 2], keepdim: false } },
    { inputs: () => [normal()], params: { dims: [], keepdim: false } },
  ],
  mean: [{ inputs: () => [normal(2, 3, 2)], params: { dims: [1], keepdim: true } }],
  amax: [{ inputs: () => [apart(2, 3, 2)], params: { dims: [0, 1], keepdim: false } }],
  amin: [{ inputs: () => [apart(2, 3, 2)], params: { dims: [1, 2], keepdim: true } }],
  argmin: "positions are not differentiable",
  prod: [
    { inputs: () => [normal(2, 3)], params: { dim: 1, keepdim: false } },
    {
      inputs: () => [
        tensor(
          [
            [2, 0, 3],
            [0, 0, 1],
            [1, 2, 3],
          ],
          { requiresGrad: true },
        ),
      ],
      params: { dim: 1, keepdim: true },
    },
  ],
  cumsum: [{ inputs: () => [normal(2, 3, 2)], params: { dim: 1 } }],
  recurrence: [
    { inputs: () => [normal(2, 4), normal(2, 4)], params: { dim: 1 } },
    { inputs: () => [normal(3, 2), normal(3, 2)], params: { dim: 0 } },
  ],
  argsort: "positions are not differentiable",
  tanhBackward: [{ inputs: () => [normal(2, 3), normal(2, 3)], params: none }],
  sigmoidBackward: [{ inputs: () => [normal(2, 3), normal(2, 3)], params: none }],
  reluBackward: [{ inputs: () => [normal(2, 3), apart(2, 3)], params: none }],
  argmax: "positions are not differentiable",
  reshape: [{ inputs: () => [normal(2, 3)], params: { shape: [3, 2] } }],
  permute: [{ inputs: () => [normal(2, 3, 4)], params: { dims: [2, 0, 1] } }],
  expand: [{ inputs: () => [normal(3, 1)], params: { shape: [2, 3, 2] } }],
  flip: [{ inputs: () => [normal(2, 3, 2)], params: { dims: [0, 2] } }],
  slice: [
    { inputs: () => [normal(2, 4, 2)], params: { dim: 1, start: 1, length: 2, step: 1 } },
    { inputs: () => [normal(2, 7)], params: { dim: 1, start: 1, length: 3, step: 2 } },
    { inputs: () => [normal(5, 2)], params: { dim: 0, start: 2, length: 1, step: 4 } },
  ],
  contiguous: [{ inputs: () => [normal(2, 3)], params: none }],
  pad: [
    {
      inputs: () => [normal(2, 3)],
      params: {
        padding: [
          [1, 0],
          [0, 2],
        ],
        value: 5,
      },
    },
  ],
  toDevice: [{ inputs: () => [normal(2, 3)], params: { from: "cpu", to: "cpu" } }],
  cat: [{ inputs: () => [normal(2, 1), normal(2, 3)], params: { dim: 1 } }],
  gather: [{ inputs: () => [normal(2, 3), index(0, 2, 2, 1, 1, 0).reshape(2, 3)], params: { dim: 1 } }],
  scatterAdd: [{ inputs: () => [normal(2, 3), index(0, 0, 2, 1).reshape(2, 2), normal(2, 2)], params: { dim: 1 } }],
  scatter: [
    { inputs: () => [normal(2, 3), index(2, 0, 1, 1).reshape(2, 2), normal(2, 2)], params: { dim: 1 } },
    { inputs: () => [normal(3, 2), index(0, 2, 1, 0, 0, 1).reshape(3, 2), normal(3, 2)], params: { dim: 0 } },
  ],
  indexSelect: [{ inputs: () => [normal(3, 2), index(2, 0, 2)], params: { dim: 0 } }],
  indexAdd: [{ inputs: () => [normal(2, 3), index(2, 2), normal(2, 2)], params: { dim: 1 } }],
  oneHot: "classes are not differentiable",
  matmul: [false, true].flatMap((transposeLhs) =>
    [false, true].map((transposeRhs) => ({
      inputs: () =>
        [
          transposeLhs ? normal(2, 1, 3, 2) : normal(2, 1, 2, 3),
          transposeRhs ? normal(3, 4, 3) : normal(3, 3, 4),
        ] as const,
      params: { transposeLhs, transposeRhs },
    })),
  ),
  linear: [
    { inputs: () => [normal(3, 4), normal(2, 4)], params: { activation: "none" } },
    { inputs: () => [normal(3, 4), normal(2, 4), normal(2)], params: { activation: "tanh" } },
    { inputs: () => [positive(3, 4), positive(2, 4), positive(2)], params: { activation: "relu" } },
  ],
  rnn: [
    { inputs: () => [normal(3, 2, 3), normal(3, 3), normal(2, 3)], params: { nonlinearity: "tanh" } },
    // Positive throughout, away from the kink.
    {
      inputs: () => [positive(3, 2, 2), leaf(positive(2, 2).mul(0.3)), positive(2, 2)],
      params: { nonlinearity: "relu" },
    },
  ],
  rnnBackward: composed,
  gru: [
    { inputs: () => [normal(3, 2, 6), normal(6, 2), normal(2), normal(2, 2)], params: none },
    { inputs: () => [normal(1, 1, 9), normal(9, 3), normal(3), normal(1, 3)], params: none },
  ],
  gruBackward: composed,
  lstm: [
    { inputs: () => [normal(3, 2, 8), normal(8, 2), normal(2, 2), normal(2, 2)], params: none },
    { inputs: () => [normal(1, 1, 12), normal(12, 3), normal(1, 3), normal(1, 3)], params: none },
  ],
  lstmBackward: composed,
  normalize: [
    {
      inputs: () => [normal(2, 3, 4), normal(3), normal(3)],
      params: { batch: 2, groups: 3, length: 4, affine: "group", eps: 0.1 },
    },
    { inputs: () => [normal(5, 3), normal(3), normal(3)], params: rowwise },
  ],
  normalizeBackward: composed,
  conv2d: [
    { inputs: () => [normal(2, 4, 4, 5), normal(2, 2, 3, 2)], params: { ...conv, activation: "none" } },
    { inputs: () => [normal(2, 4, 4, 5), normal(2, 2, 3, 2), normal(2)], params: { ...conv, activation: "sigmoid" } },
  ],
  conv2dInput: [
    { inputs: () => [normal(1, 2, 2, 3), normal(2, 2, 3, 2)], params: { ...conv, inputShape: [1, 4, 4, 5] } },
  ],
  conv2dWeight: [
    { inputs: () => [normal(2, 4, 4, 5), normal(2, 2, 2, 3)], params: { ...conv, weightShape: [2, 2, 3, 2] } },
  ],
  maxPool2d: [
    { inputs: () => [apart(1, 2, 4, 5)], params: maxPool },
    { inputs: () => [apart(1, 1, 5, 6)], params: { ...maxPool, dilation: [2, 1], ceilMode: true } },
  ],
  maxPool2dInput: [{ inputs: () => [apart(1, 2, 4, 5), normal(1, 2, 5, 3)], params: maxPool }],
  maxPool2dIndices: "positions are not differentiable",
  avgPool2d: [
    { inputs: () => [normal(1, 2, 4, 5)], params: avgPool },
    { inputs: () => [normal(1, 1, 4, 5)], params: clipped },
  ],
  avgPool2dInput: [
    { inputs: () => [normal(1, 2, 5, 3)], params: { ...avgPool, inputShape: [1, 2, 4, 5] } },
    { inputs: () => [normal(1, 1, 3, 3)], params: { ...clipped, inputShape: [1, 1, 4, 5] } },
  ],
  bilinear: [
    { inputs: () => [normal(1, 2, 2, 3)], params: { size: [3, 5], scale: [2 / 3, 3 / 5], alignCorners: false } },
    { inputs: () => [normal(1, 1, 3, 3)], params: { size: [5, 2], scale: [0.5, 2], alignCorners: true } },
  ],
  bilinearInput: [
    {
      inputs: () => [normal(1, 2, 3, 5)],
      params: { inputShape: [1, 2, 2, 3], scale: [2 / 3, 3 / 5], alignCorners: false },
    },
  ],
  softmax: [{ inputs: () => [normal(2, 4)], params: { dim: 1 } }],
  logSoftmax: [{ inputs: () => [normal(3, 2)], params: { dim: 0 } }],
  softmaxBackward: [{ inputs: () => [normal(2, 4), normal(2, 4)], params: { dim: 1 } }],
  logSoftmaxBackward: [{ inputs: () => [normal(3, 2), normal(3, 2)], params: { dim: 0 } }],
  mseLoss: (["mean", "sum", "none"] as const).map((reduction) => ({
    inputs: () => [normal(2, 3), normal(2, 3)] as const,
    params: { reduction },
  })),
  mseLossBackward: composed,
  crossEntropy: (["mean", "sum", "none"] as const).map((reduction) => ({
    inputs: () => [normal(3, 4), index(1, -9, 2)] as const,
    params: { reduction, ignoreIndex: -9 },
  })),
  crossEntropyBackward: composed,
  nllLossBackward: [
    { inputs: () => [normal(), index(1, -9, 2)], params: { reduction: "mean", ignoreIndex: -9, shape: [3, 4] } },
    { inputs: () => [normal(3), index(1, -9, 2)], params: { reduction: "none", ignoreIndex: -9, shape: [3, 4] } },
  ],
  nllLoss: (["mean", "sum", "none"] as const).map((reduction) => ({
    inputs: () => [normal(2, 3, 2), index(0, 2, 1, 1).reshape(2, 2)] as const,
    params: { reduction, ignoreIndex: reduction === "sum" ? -100 : 2 },
  })),
};

/** Steps: their gradient is the constant 0, which nothing was computed from. */
const flat: ReadonlySet<OpName> = new Set(["sign", "floor", "ceil", "round", "trunc"] as const);

function leaf(x: Tensor): Tensor {
  const copy = x.detach();
  copy.requiresGrad = true;
  return copy;
}

describe("gradients agree with central differences", () => {
  it("covers every op of the table", () => {
    expect(Object.keys(rows).sort()).toEqual(Object.keys(saved).sort());
  });

  for (const op of Object.keys(rows) as OpName[]) checkRow(op, rows[op]);
});

function checkRow<P extends OpName>(op: P, row: Row<P>): void {
  if (typeof row === "string") {
    it(`${op} has none: ${row}`, () => {
      manualSeed(1);
      const result = resultOf(op);
      if (row === composed) expect(() => result.sum().backward()).toThrow(GradError);
      else expect(result.dtype).not.toBe("float32");
    });
    return;
  }
  it.each(row.map((each) => [JSON.stringify(each.params), each] as const))(`${op} %s`, (_, { inputs, params }) => {
    manualSeed(1);
    const check = () =>
      gradcheck((...leaves) => dispatch(op, leaves as unknown as Inputs<P, Tensor>, params), inputs());
    expect(check()).toBe(true);
  });
  if (flat.has(op)) return;
  it.each(row.map((each) => [JSON.stringify(each.params), each] as const))(
    `${op} %s, gradient of the gradient`,
    (_, { inputs, params }) => {
      manualSeed(2);
      const fn = (...leaves: Tensor[]) => dispatch(op, leaves as unknown as Inputs<P, Tensor>, params);
      expect(gradgradcheck(fn, inputs(), { atol: 5e-3, rtol: 2e-2 })).toBe(true);
    },
  );
}

/** Ops without a gradient must not look as if they had one: their results are whole numbers or booleans, or refuse. */
function resultOf(op: OpName): Tensor {
  const x = randn([1, 1, 4, 4], { requiresGrad: true });
  const results: Partial<Record<OpName, () => Tensor>> = {
    eq: () => x.eq(0),
    ne: () => x.ne(0),
    gt: () => x.gt(0),
    ge: () => x.ge(0),
    lt: () => x.lt(0),
    le: () => x.le(0),
    argmax: () => x.argmax(),
    argmin: () => x.argmin(),
    argsort: () => x.argsort(),
    oneHot: () => dispatch("oneHot", [index(1)], { classes: 2 }),
    maxPool2dIndices: () => dispatch("maxPool2dIndices", [x], maxPool),
    mseLossBackward: () => dispatch("mseLossBackward", [normal(), randn([2]), randn([2])], { reduction: "sum" }),
    crossEntropyBackward: () => {
      const params = { reduction: "sum", ignoreIndex: -9, shape: [1, 2] } as const;
      return dispatch("crossEntropyBackward", [normal(), index(1), randn([2])], params);
    },
    normalizeBackward: () =>
      dispatch("normalizeBackward", [normal(5, 3), randn([5, 3]), randn([3]), randn([15])], rowwise),
    rnnBackward: () =>
      dispatch("rnnBackward", [normal(2, 1, 2), randn([2, 2]), randn([2, 1, 2])], { nonlinearity: "tanh" }),
    gruBackward: () => dispatch("gruBackward", [normal(2, 1, 2), randn([6, 2]), randn([2, 1, 2]), randn([8])], none),
    lstmBackward: () => {
      const [states, reserve] = [randn([3, 1, 2]), randn([10])];
      return dispatch("lstmBackward", [normal(3, 1, 2), randn([8, 2]), states, reserve, randn([1, 2])], none);
    },
  };
  return results[op]!();
}
