// The worked numbers of the lectures on neurons, normalisation, initial weights, recurrent networks and attention, to
// 1e-5. `A9` … `H4` are rows of the lectures' checklist.

import { describe, expect, it } from "vitest";
import { arange, cat, indexSelect, manualSeed, matmul, nn, ones, rand, type Tensor, tensor, zeros } from "#engine";
import { expectClose } from "./golden.ts";
import { readLectures } from "./lecture-golden.ts";

type Matrix = readonly (readonly number[])[];

const { golden, unused } = readLectures<{
  readonly rnn: Readonly<Record<"RNN" | "LSTM_ifgo" | "GRU_rzn_torch" | "GRU_cho_lbr0" | "MGU", Matrix>> & {
    readonly recipe: string;
    readonly LSTM_cT: readonly number[];
  };
  readonly onnx_gate_perm: Readonly<Record<"LSTM" | "GRU", readonly number[]>> & { readonly verified: string };
}>("lecture-networks");

const F = nn.functional;

describe("neuron models", () => {
  const v = tensor([-2, -1, -0.5, 0, 0.5, 1, 2]);

  it.each([
    ["A9: step", F.step(v), [0, 0, 0, 1, 1, 1, 1]],
    ["A9: step from -1 to 1 at ½", F.step(v, { a: -1, b: 1, c: 0.5 }), [-1, -1, -1, -1, 1, 1, 1]],
    ["A10: ramp", F.ramp(v), [0, 0, 0.25, 0.5, 0.75, 1, 1]],
    ["A11: sigmoid", F.sigmoidNeuron(v), [0.119203, 0.268941, 0.377541, 0.5, 0.622459, 0.731059, 0.880797]],
    [
      "A11: sigmoid, steeper and shifted",
      F.sigmoidNeuron(v, { z: -0.5, x: 2, y: 1 }),
      [-0.493307, -0.452574, -0.380797, -0.231059, 0, 0.231059, 0.452574],
    ],
    ["A12: Gaussian", F.gaussianNeuron(v), [0.053991, 0.241971, 0.352065, 0.398942, 0.352065, 0.241971, 0.053991]],
    [
      "A12: Gaussian, narrower",
      F.gaussianNeuron(v, { mean: 0.5, std: 0.5 }),
      [3e-6, 0.008864, 0.107982, 0.483941, 0.797885, 0.483941, 0.008864],
    ],
  ])("%s", (_, output, expected) => {
    expectClose(output.dataSync(), expected, 1e-6);
  });

  it("A13: the sigmoid's slope is f(1 - f)", () => {
    const x = tensor([-2, 0, 1], { requiresGrad: true });
    const f = F.sigmoidNeuron(x);
    f.sum().backward();
    expectClose(x.grad!.dataSync(), f.mul(f.neg().add(1)).dataSync(), 1e-6);
  });
});

describe("training deep networks", () => {
  it("D5: spread of first weights, 784 → 256", () => {
    manualSeed(0);
    const w = () => zeros([256, 784]);
    const largest = (t: Tensor) => t.abs().max().itemSync();
    const spread = (t: Tensor) => t.std().itemSync();
    for (const [uniform, bound] of [
      [nn.init.xavierUniform_(w()), 0.075955],
      [nn.init.kaimingUniform_(w()), 0.087482],
      [new nn.Linear(784, 256).weight, 0.035714],
    ] as const) {
      expect(largest(uniform)).toBeLessThanOrEqual(bound + 1e-6);
      expect(largest(uniform)).toBeGreaterThan(bound * 0.999);
      expect(spread(uniform)).toBeCloseTo(bound / Math.sqrt(3), 3);
    }
    expect(spread(nn.init.xavierNormal_(w()))).toBeCloseTo(0.043853, 3);
    expect(spread(nn.init.kaimingNormal_(w()))).toBeCloseTo(0.050508, 3);
  });

  it("D6: dropout keeps the expectation and is the identity in evaluation", () => {
    manualSeed(0);
    const layer = new nn.Dropout(0.5);
    const output = layer.forward(ones([100_000]));
    expect(new Set(output.dataSync())).toEqual(new Set([0, 2]));
    expect(Math.abs(output.mean().itemSync() - 1)).toBeLessThan(0.01);
    const x = rand([3]);
    expect(layer.eval().forward(x)).toBe(x);
  });

  it("D10: batch and layer normalisation", () => {
    const norm = new nn.BatchNorm1d(1);
    expectClose(norm.forward(tensor([[1], [2], [3], [4]])).dataSync(), [-1.341635, -0.447212, 0.447212, 1.341635]);
    expectClose(norm.runningMean!.dataSync(), [0.25], 1e-6);
    expectClose(norm.runningVar!.dataSync(), [1.066667], 1e-6);
    expectClose(new nn.LayerNorm(3).forward(tensor([1, 2, 3])).dataSync(), [-1.224736, 0, 1.224736]);
  });
});

/** Weights of the lecture: ½·sin(0 + k, 1 + k, …), k = 0 … 3 for input weights, recurrent weights and both biases. */
function withLectureWeights<T extends nn.AnyModule>(layer: T): T {
  const state = layer.stateDict();
  const names = ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"].filter((name) => name in state);
  const values = names.map((name, k) => {
    const { shape, numel } = state[name]!;
    return [name, arange(numel).add(k).sin().mul(0.5).reshape(shape)] as const;
  });
  layer.loadStateDict(Object.fromEntries(values));
  return layer;
}

describe("recurrent networks", () => {
  const x = tensor([
    [1, 0],
    [0, 1],
    [-1, 0.5],
  ]);

  const { rnn } = golden;

  it("the recipe of the weights above is the lecture's", () => {
    expect(rnn.recipe).toContain(
      "w=0.5*sin(arange(n)+k) row-major; weight_ih k=0, weight_hh k=1, bias_ih k=2, bias_hh k=3",
    );
    expect(rnn.recipe).toContain("I=2,H=3; x=[[1,0],[0,1],[-1,.5]]; zero initial state");
  });

  it.each([
    ["G4: RNN", new nn.RNN(2, 3), "RNN"],
    ["G7: LSTM", new nn.LSTM(2, 3), "LSTM_ifgo"],
    ["G8: GRU", new nn.GRU(2, 3), "GRU_rzn_torch"],
    ["G8: GRU of the paper", new nn.GRU(2, 3, { resetAfter: false }), "GRU_cho_lbr0"],
    ["G9: MGU", new nn.MGU(2, 3), "MGU"],
  ] as const)("%s", (_, layer, name) => {
    const [output] = withLectureWeights(layer as nn.RNN).forward(x);
    expectClose(output.dataSync(), rnn[name].flat(), 1e-6);
  });

  it("G7: the LSTM's cell at the end", () => {
    const [, [, c]] = withLectureWeights(new nn.LSTM(2, 3)).forward(x);
    expectClose(c.dataSync(), rnn.LSTM_cT, 1e-6);
  });

  it("G4: the lecture's step without biases, as two products and as one", () => {
    const { weightIh, weightHh } = withLectureWeights(new nn.RNN(2, 3)).parametersOf();
    const [one, h] = [tensor([[1, 2]]), tensor([[0.1, 0.2, 0.3]])];
    const expected = [0.759758, 0.397035, -0.815664];
    expectClose(matmul(one, weightIh.t()).add(matmul(h, weightHh.t())).tanh().dataSync(), expected, 1e-6);
    const joined = matmul(cat([one, h], 1), cat([weightIh, weightHh], 1).t());
    expectClose(joined.tanh().dataSync(), expected, 1e-6);
  });

  // ONNX stacks the gates in another order: LSTM i, o, f, c for PyTorch's i, f, g, o; GRU z, r, h for r, z, n. Moving blocks of rows
  // loses nothing: every gate keeps its own rows, and the order of gates is all that the two formats disagree about.
  it.each([
    ["LSTM", new nn.LSTM(2, 3), ["i", "f", "c", "o"], ["i", "o", "f", "c"]],
    ["GRU", new nn.GRU(2, 3), ["r", "z", "h"], ["z", "r", "h"]],
  ] as const)("ONNX's order of gates is a permutation of the rows: %s", (name, layer, ours, onnx) => {
    const order = golden.onnx_gate_perm[name];
    expect(order.map((gate) => ours[gate])).toEqual(onnx);
    const { weightIh } = withLectureWeights(layer as nn.GRU).parametersOf();
    const rowsOf = (gates: readonly number[]) => gates.flatMap((gate) => [0, 1, 2].map((row) => gate * 3 + row));
    const moved = indexSelect(weightIh, 0, rowsOf(order));
    const back = indexSelect(moved, 0, rowsOf(order.map((_, gate) => order.indexOf(gate))));
    expect(order.toSorted()).toEqual(order.map((_, gate) => gate));
    expect(moved.dataSync()).not.toEqual(weightIh.dataSync());
    expect(back.dataSync()).toEqual(weightIh.dataSync());
    expect(golden.onnx_gate_perm.verified).toContain("onnxruntime");
  });

  it("G4: one product of [x h] is the sum of two", () => {
    manualSeed(1);
    const cell = new nn.RNNCell(2, 3);
    const [one, h] = [rand([4, 2]), rand([4, 3])];
    const joined = matmul(cat([one, h], 1), cat([cell.weightIh, cell.weightHh], 1).t());
    const bias = cell.biasIh!.add(cell.biasHh!);
    expectClose(cell.forward(one, h).dataSync(), joined.add(bias).tanh().dataSync(), 1e-6);
  });

  it("G10: a positive forgetBias makes every gated cell remember longer", () => {
    for (const kind of ["LSTM", "GRU", "MGU"] as const) {
      const kept = [0, 5].map((forgetBias) => {
        manualSeed(2);
        const layer = new nn[kind](2, 8, { forgetBias });
        const first = rand([1, 1, 2], { requiresGrad: true });
        const [output] = layer.forward(cat([first, zeros([30, 1, 2])]));
        output.select(0, -1).abs().sum().backward();
        return first.grad!.abs().sum().itemSync();
      });
      expect(kept[1]!).toBeGreaterThan(100 * kept[0]!);
    }
  });

  it("G10: forgetBias shifts one gate's first bias and nothing else", () => {
    for (const [kind, gate, sign] of [
      ["LSTM", 1, 1],
      ["GRU", 1, 1],
      ["MGU", 0, -1],
    ] as const) {
      const [plain, shifted] = [0, 2].map((forgetBias) => {
        manualSeed(3);
        return new nn[kind](2, 3, { forgetBias }).stateDict();
      });
      for (const [name, value] of Object.entries(plain!)) {
        const difference = Array.from(shifted![name]!.sub(value).dataSync());
        const expected = difference.map((_, i) => (name === "bias_ih_l0" && Math.floor(i / 3) === gate ? 2 * sign : 0));
        expectClose(difference, expected, 1e-6);
      }
    }
  });

  it("G11: a second layer reads the first one's output, and the way back sees the end first", () => {
    manualSeed(4);
    const layer = new nn.GRU(2, 3, { bidirectional: true });
    const x = rand([5, 1, 2]);
    const [output, h] = layer.forward(x);
    const [mirrored] = F.gruSequence(x.flip(0), [zeros([1, 3])], layer.parametersOf(0, { reverse: true }));
    expectClose(output.narrow(2, 3, 3).dataSync(), mirrored.flip(0).dataSync(), 1e-6);
    expectClose(h.select(0, 1).dataSync(), output.select(0, 0).narrow(1, 3, 3).dataSync(), 1e-7);
  });
});

describe("attention", () => {
  const q = tensor([
    [1, 0],
    [0, 1],
  ]);
  const values = tensor([
    [1, 2],
    [3, 4],
  ]);

  it("H4: weights and output, with and without the causal mask", () => {
    expectClose(F.attentionWeights(q, q).dataSync(), [0.669762, 0.330238, 0.330238, 0.669762], 1e-6);
    const output = F.scaledDotProductAttention(q, q, values);
    expectClose(output.dataSync(), [1.660477, 2.660477, 2.339523, 3.339523], 1e-6);
    const causal = F.scaledDotProductAttention(q, q, values, { causal: true });
    expectClose(causal.dataSync(), [1, 2, 2.339523, 3.339523], 1e-6);
    const mask = tensor([
      [true, false],
      [true, true],
    ]);
    expect(F.scaledDotProductAttention(q, q, values, { mask }).dataSync()).toEqual(causal.dataSync());
  });

  it("H4: positions as waves", () => {
    const encoding = new nn.PositionalEncoding(4).forward(zeros([3, 4]));
    expectClose(encoding.select(0, 0).dataSync(), [0, 1, 0, 1], 1e-7);
    expectClose(encoding.select(0, 1).dataSync(), [0.841471, 0.540302, 0.01, 0.99995], 1e-6);
    const batchFirst = new nn.PositionalEncoding(4, { batchFirst: true }).forward(zeros([2, 3, 4]));
    expect(batchFirst.select(0, 1).dataSync()).toEqual(encoding.dataSync());
    expect(
      new nn.PositionalEncoding(4)
        .forward(zeros([3, 2, 4]))
        .select(1, 1)
        .dataSync(),
    ).toEqual(encoding.dataSync());
  });

  it("H4: the lecture's network for turning six digits around has 26,474 parameters", () => {
    class Reverse extends nn.Module {
      readonly embed = new nn.Embedding(10, 32);
      // Six digits, and five of the six that follow.
      readonly position = new nn.Embedding(11, 32);
      readonly encoder = new nn.TransformerEncoder(
        new nn.TransformerEncoderLayer(32, 2, { dimFeedforward: 128, dropout: 0, batchFirst: true }),
        2,
        { norm: new nn.LayerNorm(32) },
      );
      readonly head = new nn.Linear(32, 10);

      override forward(digits: Tensor): Tensor {
        return this.head.forward(
          this.encoder.forward(this.embed.forward(digits).add(this.position.weight), { srcMask: F.causalMask(11) }),
        );
      }
    }
    const summary = new Reverse().summary([11], { dtype: "int32" });
    expect(summary.rows.at(-1)!.outputShape).toEqual([11, 10]);
    expect(summary.totalParameters).toBe(26_474);
  });
});

describe("the numbers prepared for the lectures", () => {
  it("are all used here that belong here", () => {
    expect(unused()).toEqual([]);
  });
});
