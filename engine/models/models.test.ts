// Numbers that the lectures tell about the architectures, and a first training step of those that are trained there.

import { describe, expect, it } from "vitest";
import { device, manualSeed, models, nn, onMeta, optim, rand, randint, type Tensor, tensor, zeros } from "../index.ts";

const summaryOf = (make: () => nn.Module, shape: readonly number[]) => onMeta(make).summary(shape);
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** Of the convolutions: shares of parameters and products, in percent, and MiB of the outputs of one image. */
function convolutionsOf({ rows, totalParameters, totalMacs }: nn.ModelSummary) {
  const convolutions = rows.filter(({ type }) => type === "Conv2d");
  const percent = (part: number, whole: number) => ((part / whole) * 100).toFixed(1);
  const outputs = convolutions.map(({ outputShape }) => outputShape!.reduce((size, length) => size * length));
  return {
    parameters: percent(sum(convolutions.map(({ parameters }) => parameters)), totalParameters),
    macs: percent(sum(convolutions.map(({ macs }) => macs!)), totalMacs!),
    outputs: ((sum(outputs) * 4) / 2 ** 20).toFixed(2),
  };
}

describe("what the models cost", () => {
  it.each([
    ["leNet5", [1, 32, 32], 416_520],
    ["alexNet", [3, 224, 224], 714_188_480],
    ["alexNet2012", [3, 227, 227], 724_406_816],
    ["vgg16", [3, 224, 224], 15_470_264_320],
    ["vgg19", [3, 224, 224], 19_632_062_464],
    ["googLeNet2014", [3, 224, 224], 1_582_671_872],
    ["googLeNet", [3, 224, 224], 1_498_376_192],
    ["resNet18", [3, 224, 224], 1_814_073_344],
    ["resNet50", [3, 224, 224], 4_089_184_256],
    ["resNet152", [3, 224, 224], 11_513_626_624],
    ["denseNet121", [3, 224, 224], 2_834_219_008],
    ["resNet20", [3, 32, 32], 40_551_040],
    ["resNet56", [3, 32, 32], 125_485_696],
    ["resNet8", [3, 16, 16], 3_060_352],
    ["tinyVgg", [1, 28, 28], 4_729_728],
    ["miniInception", [1, 28, 28], 828_464],
  ] as const)("%s: multiply-accumulates for %j", (name, shape, macs) => {
    expect(summaryOf(models[name], shape).totalMacs).toBe(macs);
  });

  it.each([
    ["resNet8", 75_290],
    ["resNet20", 269_722],
    ["resNet56", 853_018],
  ] as const)("%s has %i parameters, with its shortcuts and without", (name, parameters) => {
    expect(summaryOf(models[name], [3, 32, 32]).totalParameters).toBe(parameters);
    expect(summaryOf(() => models[name]({ shortcut: "none" }), [3, 32, 32]).totalParameters).toBe(parameters);
    const projected = summaryOf(() => models[name]({ shortcut: "projection" }), [3, 32, 32]);
    expect(projected.totalParameters - parameters).toBe(16 * 32 + 2 * 32 + 32 * 64 + 2 * 64);
  });

  it("LeNet-5 layer by layer, of 1998 and of today", () => {
    const counts = ({ rows }: nn.ModelSummary) => rows.map(({ parameters }) => parameters).filter(Boolean);
    expect(counts(models.leNet1998().summary([1, 32, 32]))).toEqual([156, 12, 1516, 32, 48_120, 10_164]);
    expect(counts(models.leNet5().summary([1, 32, 32]))).toEqual([156, 2416, 48_120, 10_164, 850]);
    const small = models.leNet5({ imageSize: 28 }).summary([1, 28, 28]);
    expect(small.totalParameters).toBe(44_426);
  });

  it("LeNet-5 of 1998 has 340,908 connections", () => {
    const { rows } = models.leNet1998().summary([1, 32, 32]);
    const size = (name: string) =>
      rows
        .find((row) => row.name === name)!
        .outputShape!.slice(1)
        .reduce((a, b) => a * b, 1);
    // Every parameter of a map leads to each of its pixels; an average has four connections and a bias.
    const parameters = (name: string) => rows.find((row) => row.name === name)!.parameters;
    const averages = 5 * (6 * size("s2") + 16 * size("s4"));
    const others = ["c1", "c3", "c5", "f6"].map((name) => parameters(name) * size(name));
    expect(sum(others) + averages + 84 * 10).toBe(340_908);
  });

  it("AlexNet computes in its convolutions, and learns in its fully connected layers", () => {
    expect(convolutionsOf(summaryOf(models.alexNet2012, [3, 227, 227]))).toMatchObject({
      parameters: "3.8",
      macs: "91.9",
    });
    expect(convolutionsOf(summaryOf(models.alexNet, [3, 224, 224]))).toEqual({
      parameters: "4.0",
      macs: "91.8",
      outputs: "1.85",
    });
  });

  it("VGG: fully connected layers hold 89 % and 86 % of the parameters; its maps take 51.7 MiB", () => {
    const summary = summaryOf(models.vgg16, [3, 224, 224]);
    expect(convolutionsOf(summary)).toMatchObject({ parameters: "10.6", outputs: "51.68" });
    expect(convolutionsOf(summaryOf(models.vgg19, [3, 224, 224]))).toMatchObject({ parameters: "13.9" });
    expect(summary.rows.find(({ name }) => name === "classifier.0")!.parameters).toBe(102_764_544);
  });

  it("an inception module: 64 + 128 + 32 + 32 channels, and a tenth of the products by a 1 × 1 before the 5 × 5", () => {
    const block = new models.Inception(192, { one: 64, three: [96, 128], five: [16, 32], pool: 32 });
    const { rows } = block.summary([192, 28, 28]);
    expect(block.outChannels).toBe(256);
    const branch = rows.filter(({ name }) => name.startsWith("branch3"));
    expect(sum(branch.map(({ macs }) => macs!))).toBe(12_443_648);
    expect(new nn.Conv2d(192, 32, 5, { padding: 2 }).summary([192, 28, 28]).totalMacs).toBe(120_422_400);
  });

  it("a dense block has c + layers · k channels", () => {
    const { rows } = summaryOf(models.denseNet121, [3, 224, 224]);
    const channels = rows.filter(({ name }) => /transition\d\.norm|norm5/.test(name)).map((row) => row.outputShape![0]);
    expect(channels).toEqual([64 + 6 * 32, 128 + 12 * 32, 256 + 24 * 32, 512 + 16 * 32]);
  });
});

describe("built without elements", () => {
  it("a model takes weights as if it had drawn some", () => {
    const drawn = models.resNet8().eval();
    const model = onMeta(() => models.resNet8()).eval();
    model.loadStateDict(drawn.stateDict());
    const x = rand([2, 3, 16, 16]);
    expect(model.forward(x).dataSync()).toEqual(drawn.forward(x).dataSync());
    expect(model.conv1.weight.device).toBe(device());
  });
});

describe("parts", () => {
  it("a shortcut by padding passes every second pixel on, between channels of zeros", () => {
    const block = new models.BasicBlock(2, 4, { stride: 2, shortcut: "padding" });
    const x = tensor([
      [
        [
          [1, 2],
          [3, 4],
        ],
        [
          [5, 6],
          [7, 8],
        ],
      ],
    ]);
    expect(block.downsample!.forward(x).toArraySync()).toEqual([[[[0]], [[1]], [[5]], [[0]]]]);
    expect(Object.keys(block.stateDict()).filter((name) => name.startsWith("downsample"))).toEqual([]);
  });

  it("a plain block adds nothing", () => {
    const blocks = (["none", "padding"] as const).map((shortcut) => new models.BasicBlock(2, 2, { shortcut }));
    blocks[1]!.loadStateDict(blocks[0]!.stateDict());
    const x = rand([1, 2, 4, 4]);
    const [plain, residual] = blocks.map((block) => block.eval().forward(x));
    const isPositive = plain!.gt(0);
    // Above 0, where the last ReLU hides nothing, they differ by the input.
    const difference = residual!.sub(plain!).sub(x).mul(isPositive.to("float32"));
    expect(difference.abs().max().itemSync()).toBeLessThan(1e-5);
  });

  it("a table of connections keeps other maps out", () => {
    const layer = new models.TableConv2d(3, [[0, 1], [2]], 2);
    const nothing = layer.forward(zeros([1, 3, 2, 2]));
    const changedBy = (map: number) => {
      const white = tensor([0, 1, 2]).eq(map).to("float32").reshape(1, 3, 1, 1).expand([1, 3, 2, 2]);
      return layer.forward(white).ne(nothing).flatten().toArraySync();
    };
    expect([0, 1, 2].map(changedBy)).toEqual([
      [true, false],
      [true, false],
      [false, true],
    ]);
  });

  it("LeNet-5 of 1998 recognises its own drawings of the digits", () => {
    const output = models.leNet1998().get("output");
    const distances = output.forward(output.centres);
    expect(distances.argmax(1).toArraySync()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(new Set(output.centres.dataSync())).toEqual(new Set([-1, 1]));
  });
});

describe("training of the small ones", () => {
  const kinds: Readonly<Record<string, readonly [make: () => nn.Module, shape: readonly number[]]>> = {
    leNet1998: [models.leNet1998, [1, 32, 32]],
    tinyVgg: [models.tinyVgg, [1, 28, 28]],
    miniInception: [models.miniInception, [1, 16, 16]],
    resNet8: [models.resNet8, [3, 16, 16]],
    "a dense block": [
      () => {
        const block = new models.DenseBlock(3, 8, { growthRate: 4 });
        const mean = [new nn.AdaptiveAvgPool2d(1), new nn.Flatten(), new nn.Linear(block.outChannels, 10)];
        return new nn.Sequential(new nn.Conv2d(1, 8, 3, { padding: 1 }), block, ...mean);
      },
      [1, 8, 8],
    ],
  };

  it.each(Object.entries(kinds))("%s: a step lowers the loss, through every parameter", (_, [make, shape]) => {
    manualSeed(3);
    const model = make();
    const [x, y] = [rand([16, ...shape]), randint(0, 10, [16])];
    const lossOf = (): Tensor => nn.functional.crossEntropy(model.forward(x), y);
    const before = lossOf();
    before.backward();
    const untouched = [...model.namedParameters()].filter(([, { grad }]) => !((grad?.abs().sum().itemSync() ?? 0) > 0));
    expect(untouched.map(([name]) => name)).toEqual([]);
    new optim.SGD(model.parameters(), { lr: 1e-3 }).step();
    expect(lossOf().itemSync()).toBeLessThan(before.itemSync());
  });
});
