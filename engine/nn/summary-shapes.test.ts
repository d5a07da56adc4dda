import { describe, expect, it } from "vitest";
import { manualSeed, nn, rand, type Tensor } from "../index.ts";

class Tagger extends nn.Module {
  readonly embed = new nn.Embedding(65, 16, { paddingIdx: 0 });
  readonly lstm = new nn.LSTM(16, 8, { numLayers: 2, bidirectional: true, batchFirst: true });
  readonly head = new nn.Linear(16, 5);

  override forward(words: Tensor): Tensor {
    return this.head.forward(this.lstm.forward(this.embed.forward(words))[0]);
  }
}

describe("summary", () => {
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
