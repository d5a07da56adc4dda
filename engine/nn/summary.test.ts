import { describe, expect, it } from "vitest";
import { memory, models, nn, ones, onMeta, type Tensor } from "../index.ts";

class Net extends nn.Module {
  hidden = new nn.Linear(2, 3);
  body = new nn.Sequential({ act: new nn.Tanh(), drop: new nn.Dropout(), out: new nn.Linear(3, 1) });
  readonly seen: Tensor[] = [];
  last: Tensor | undefined;
  mean = new nn.Buffer(ones([3]));

  forward(x: Tensor): Tensor {
    this.last = this.hidden.forward(x);
    this.mean.assign(this.last.mean(0));
    return this.body.forward(this.last);
  }
}

/** Multiply-accumulates by layer. */
const macsOf = (summary: nn.ModelSummary) => Object.fromEntries(summary.rows.map(({ name, macs }) => [name, macs]));

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
    const net = new Net();
    net.body.eval();
    const { rows } = net.summary([2]);
    expect(rows.map(({ name, outputShape }) => [name, outputShape])).toEqual([
      ["hidden", [3]],
      ["body.act", [3]],
      ["body.drop", [3]],
      ["body.out", [1]],
    ]);
    expect([net.training, net.hidden.training, net.body.training]).toEqual([true, true, false]);
    expect(net.last).toBeUndefined();
    expect([...net.mean.dataSync()]).toEqual([1, 1, 1]);
    expect(Object.hasOwn(net.hidden, "forward")).toBe(false);
    expect(net.forward(ones([4, 2])).shape).toEqual([4, 1]);
  });

  it("takes neither time nor memory for large networks, wherever they live", () => {
    const { bytes } = memory();
    const large = onMeta(() => new nn.Sequential(new nn.Linear(100_000, 100_000), new nn.ReLU()));
    expect(large.summary([100_000]).totalMacs).toBe(1e10);
    expect(memory().bytes).toBe(bytes);
    const wide = new nn.Sequential(new nn.Conv2d(1, 64, 3, { padding: 1 }), new nn.Conv2d(64, 64, 3, { padding: 1 }));
    const before = memory().bytes;
    expect(wide.summary([1, 1000, 1000]).totalMacs).toBe(37_440_000_000);
    expect(memory().bytes).toBe(before);
  });

  it("begins with numbers of words, and takes several inputs of different dtypes", () => {
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

  it("runs a model that reads values, with nothing counted", () => {
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
