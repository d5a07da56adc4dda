import { describe, expect, it } from "vitest";
import { tensorsLeftBy } from "../../test/tensors-left.ts";
import { manualSeed, models, nn, ones, onMeta, rand, type Tensor } from "../index.ts";

/** Keeps what it computes, in a property and in a buffer. */
class Keeping extends nn.Module {
  readonly hidden = new nn.Linear(2, 3);
  readonly out = new nn.Linear(3, 1);
  readonly average = new nn.Buffer(ones([3]));
  last: Tensor | undefined;

  override forward(x: Tensor): Tensor {
    this.last = this.hidden.forward(x);
    this.average.assign(this.last.mean(0));
    return this.out.forward(this.last);
  }
}

class Tagger extends nn.Module {
  readonly embed = new nn.Embedding(65, 16, { paddingIdx: 0 });
  readonly lstm = new nn.LSTM(16, 8, { numLayers: 2, bidirectional: true, batchFirst: true });
  readonly head = new nn.Linear(16, 5);

  override forward(words: Tensor): Tensor {
    return this.head.forward(this.lstm.forward(this.embed.forward(words))[0]);
  }
}

describe("summary", () => {
  it("tells shapes, parameters and multiply-accumulates, printed as Keras does", () => {
    const lines = String(models.leNet5().summary([1, 32, 32])).split("\n");
    expect(lines[2]).toBe("│ Layer (type)      │ Output Shape       │ Param # │    MACs │");
    expect(lines[4]).toBe("│ c1 (Conv2d)       │ (None, 6, 28, 28)  │     156 │ 117,600 │");
    expect(lines.slice(-4)).toEqual([
      " Total params: 61,706 (241.04 KB)",
      " Trainable params: 61,706 (241.04 KB)",
      " Non-trainable params: 0 (0.00 B)",
      " Total MACs: 416,520 (416.52 K)",
    ]);
  });

  it("leaves the model as it was", () => {
    const model = new Keeping();
    model.summary([2]);
    expect(model.last).toBeUndefined();
    expect([...model.average.dataSync()]).toEqual([1, 1, 1]);
    expect(Object.hasOwn(model.hidden, "forward")).toBe(false);
    expect(model.forward(ones([4, 2])).shape).toEqual([4, 1]);
  });

  it("takes neither time nor memory for large networks, wherever they live", () => {
    const large = onMeta(() => new nn.Sequential(new nn.Linear(100_000, 100_000), new nn.ReLU()));
    expect(large.summary([100_000]).totalMacs).toBe(1e10);
    const wide = new nn.Sequential(new nn.Conv2d(1, 64, 3, { padding: 1 }), new nn.Conv2d(64, 64, 3, { padding: 1 }));
    expect(wide.summary([1, 1000, 1000]).totalMacs).toBe(37_440_000_000);
    expect(tensorsLeftBy(() => wide.summary([1, 1000, 1000]))).toBe(0);
  });

  it("takes several inputs of different dtypes", () => {
    class Scores extends nn.Module<[words: Tensor, factors: Tensor]> {
      embed = new nn.Embedding(65, 16);
      out = new nn.Linear(16, 65);
      forward(words: Tensor, factors: Tensor) {
        return this.out.forward(this.embed.forward(words).mul(factors.unsqueeze(-1)));
      }
    }
    const words = new nn.Sequential(new nn.Embedding(65, 16), new nn.Linear(16, 65));
    expect(words.summary([7], { dtype: "int32" }).rows[1]).toMatchObject({
      outputShapes: [["None", 7, 65]],
      macs: 7 * 16 * 65,
    });
    const both = new Scores().summary([[7], [7]], { dtype: ["int32", "float32"] });
    expect(both.totalMacs).toBe(7 * 16 * 65);
    expect(() => new Scores().summary([[7], [7]], { dtype: ["int32"] })).toThrow("summary: 1 dtypes for 2 inputs");
  });

  it("tells all outputs of recurrent layers, with int32 input, and leaves the random numbers alone", () => {
    const model = new Tagger();
    manualSeed(5);
    const lines = String(model.summary([7], { dtype: "int32" })).split("\n");
    const drawn = rand([1]).itemSync();
    manualSeed(5);
    expect(rand([1]).itemSync()).toBe(drawn);
    expect(lines.slice(4, 7).map((line) => line.replaceAll(/ +/g, " "))).toEqual([
      "│ embed (Embedding) │ (None, 7, 16) │ 1,040 │ 0 │",
      "│ lstm (LSTM) │ [(None, 7, 16), (4, None, 8), (4, None, 8)] │ 3,328 │ 21,504 │",
      "│ head (Linear) │ (None, 7, 5) │ 85 │ 560 │",
    ]);
    expect(model.summary([7], { dtype: "int32" }).rows.map(({ outputShapes }) => outputShapes)).toEqual([
      [["None", 7, 16]],
      [
        ["None", 7, 16],
        [4, "None", 8],
        [4, "None", 8],
      ],
      [["None", 7, 5]],
    ]);
  });

  it("finds the batch wherever it is", () => {
    const rows = new nn.GRU(3, 4).summary([5, 3], { batchDim: 1 }).rows;
    expect(rows[0]!.outputShapes).toEqual([
      [5, "None", 4],
      [1, "None", 4],
    ]);
    expect(rows[0]!.outputShape).toEqual([5, 4]);
  });

  it("lists modules with parameters of their own beside those of their children, and adds up", () => {
    const layer = new nn.TransformerEncoderLayer(8, 2, { dimFeedforward: 16, batchFirst: true });
    const { rows, totalParameters } = new nn.TransformerEncoder(layer, 2).summary([5, 8]);
    expect(rows.slice(0, 3).map(({ name, parameters }) => [name, parameters])).toEqual([
      ["layers.0.self_attn", 216],
      ["layers.0.self_attn.out_proj", 72],
      ["layers.0.linear1", 144],
    ]);
    expect(rows.reduce((total, { parameters }) => total + parameters, 0)).toBe(totalParameters);
  });

  it("counts a shared module once, and takes several inputs", () => {
    const shared = new nn.Linear(4, 4);
    expect(new nn.Sequential(shared, new nn.ReLU(), shared).summary([4]).totalParameters).toBe(20);
    const { rows } = new nn.Bilinear(3, 4, 5).summary([[3], [4]]);
    expect(rows).toEqual([
      { name: "Bilinear", type: "Bilinear", outputShape: [5], outputShapes: [["None", 5]], parameters: 65, macs: 60 },
    ]);
  });

  it("runs a forward that reads values, or works for one sample only", () => {
    class Reader extends nn.Module {
      readonly fc = new nn.Linear(2, 2);
      override forward(x: Tensor): Tensor {
        return this.fc.forward(x).add(x.sum().itemSync()).reshape(1, 2);
      }
    }
    const model = new Reader();
    expect(model.summary([2]).rows[0]!.outputShapes).toEqual([["None", 2]]);
    expect(model.training).toBe(true);
  });

  it("puts each module's mode back", () => {
    const model = new nn.Sequential(new nn.Dropout(), new nn.Sequential(new nn.Dropout()));
    model.at(1).eval();
    model.summary([2]);
    expect(Array.from(model.namedModules(), ([, module]) => module.training)).toEqual([true, true, false, false]);
  });

  // I = 65, H = 128: the lecture's counts.
  it.each([
    ["RNN", 24_960],
    ["GRU", 74_880],
    ["LSTM", 99_840],
    ["MGU", 49_664],
  ] as const)("%s has %i parameters", (name, count) => {
    expect(new nn[name](65, 128).summary([3, 65], { batchDim: 1 }).totalParameters).toBe(count);
  });
});

/** By layer. */
const macsOf = (summary: nn.ModelSummary) => Object.fromEntries(summary.rows.map(({ name, macs }) => [name, macs]));

describe("multiply-accumulates", () => {
  it("counts groups, strides and transposed convolutions", () => {
    const macs = (layer: nn.Module) => layer.summary([8, 10, 10]).totalMacs;
    expect(macs(new nn.Conv2d(8, 16, 3))).toBe(16 * 8 * 8 * 8 * 9);
    expect(macs(new nn.Conv2d(8, 16, 3, { groups: 4, stride: 2 }))).toBe(16 * 4 * 4 * 2 * 9);
    expect(macs(new nn.ConvTranspose2d(8, 4, 2, { stride: 2 }))).toBe(8 * 10 * 10 * 4 * 4);
    expect(macs(new nn.AdaptiveAvgPool2d(3))).toBe(0);
  });

  it("counts recurrent layers, step by step", () => {
    const [T, I, H] = [5, 3, 4];
    const macs = (layer: nn.RNN | nn.LSTM | nn.GRU) => layer.summary([T, I], { batchDim: 1 }).totalMacs;
    expect(macs(new nn.RNN(I, H))).toBe(T * H * (I + H));
    expect(macs(new nn.LSTM(I, H))).toBe(4 * T * H * (I + H));
    expect(macs(new nn.GRU(I, H))).toBe(3 * T * H * (I + H));
    expect(macs(new nn.GRU(I, H, { resetAfter: false }))).toBe(3 * T * H * (I + H));
  });

  it("counts attention: projections, scores and sums of values", () => {
    const [L, E] = [6, 8];
    const layer = new nn.TransformerEncoderLayer(E, 2, { dimFeedforward: 16, batchFirst: true });
    const summary = layer.summary([L, E]);
    expect(macsOf(summary)).toMatchObject({
      self_attn: 3 * L * E * E + 2 * L * L * E,
      "self_attn.out_proj": L * E * E,
      linear1: L * E * 16,
      linear2: L * 16 * E,
      norm1: 0,
    });
    expect(summary.totalMacs).toBe(4 * L * E * E + 2 * L * L * E + 2 * L * E * 16);
  });

  it("lists modules that multiply by themselves, and adds up a shared layer's calls", () => {
    class Twice extends nn.Module {
      layer = new nn.Linear(4, 4);
      forward(x: Tensor) {
        return this.layer.forward(this.layer.forward(x)).matmul(ones([4, 2]));
      }
    }
    expect(macsOf(new Twice().summary([4]))).toEqual({ Twice: 8, layer: 32 });
  });

  it("are unknown for a model that reads values", () => {
    class Reading extends nn.Module {
      layer = new nn.Linear(2, 2);
      forward(x: Tensor) {
        return x.sum().itemSync() >= 0 ? this.layer.forward(x) : x;
      }
    }
    const summary = new Reading().summary([2]);
    expect(summary.rows[0]).toMatchObject({ outputShapes: [["None", 2]], parameters: 6, macs: undefined });
    expect(String(summary)).toContain("│       6 │    ? │");
  });
});
