// The worked numbers of the lectures, to 1e-5: convolutions by hand, pooling, losses, one step of back-propagation, optimisers,
// sizes of networks. Recurrent networks and attention: lecture-networks.test.ts.

import { describe, expect, it } from "vitest";
import {
  conv2d,
  Generator,
  manualSeed,
  models,
  nn,
  onMeta,
  optim,
  rand,
  randperm,
  softmax,
  type Tensor,
  tensor,
} from "#engine";
import { expectClose, readGolden } from "./golden.ts";
import { lectureTopics, readLectures } from "./lecture-golden.ts";

type Matrix = readonly (readonly number[])[];

const { golden, unused } = readLectures<{
  readonly softmax_seed1: { x: readonly number[]; y: readonly number[] };
  readonly PconvF_seed1: { F: Matrix; P1: Matrix; y1: number; P2: Matrix; y2: number };
  readonly conv_seed0: Readonly<Record<string, Matrix>>;
  readonly volume_conv_seed1: {
    patches: readonly Matrix[];
    filter_each: Matrix;
    bias: number;
    per_channel: readonly number[];
    y: number;
  };
  readonly padding_seed1: { image: Matrix; filter: Matrix; bias: number; stride1_pad1: Matrix; stride2_pad1: Matrix };
  readonly pool_seed1: { x: Matrix; max2s2: Matrix; avg2s2: Matrix };
  readonly pool_seed4: { x: Matrix; max2s2: Matrix; avg2s2: Matrix };
  readonly conv_seed3_seed4: { x: Matrix; k: Matrix; y: Matrix };
  readonly toeplitz_seed3: { x: readonly number[]; k: Matrix; M: Matrix; y: readonly number[]; Mt_ones: Matrix };
  readonly loss_seed4: Readonly<Record<"p" | "y" | "mse_pred" | "mse_target", readonly number[]>> &
    Readonly<Record<"bce" | "bce_if_y_0_0_1" | "mse", number>>;
  readonly net342_seed2: Readonly<Record<"W1" | "W2" | "W1n" | "W2n" | "o", Matrix>> &
    Readonly<Record<"b1" | "b2" | "b1n" | "b2n" | "x" | "t" | "h" | "dk" | "dh", readonly number[]>> & { eta: number };
  readonly torch_rng: Readonly<Record<string, string | readonly number[] | Matrix>>;
  readonly optim: Readonly<Record<string, Matrix>>;
  readonly params: Readonly<Record<string, number>>;
}>("lectures");

/** A matrix as one image of one channel. */
const image = (matrix: Matrix) => tensor(matrix).unsqueeze(0).unsqueeze(0);

function expectMatrix(actual: Tensor, expected: Matrix): void {
  expectClose(actual.dataSync(), expected.flat());
}

describe("the lectures' numbers", () => {
  it("softmax", () => {
    expectClose(softmax(tensor(golden.softmax_seed1.x), 0).dataSync(), golden.softmax_seed1.y);
  });

  it("a filter over a cross, 12 and 9", () => {
    const { F, P1, y1, P2, y2 } = golden.PconvF_seed1;
    expect(conv2d(image(P1), image(F)).itemSync()).toBe(y1);
    expect(conv2d(image(P2), image(F)).itemSync()).toBe(y2);
  });

  it("convolution of 4 × 5 by 3 × 3: padding, stride, flipped kernel, gradients", () => {
    const {
      image: pixels,
      filter,
      valid,
      pad1,
      stride2,
      stride2pad1,
      true_convolution: flipped,
      dSum_dK,
      dSum_dX,
    } = golden.conv_seed0;
    const x = image(pixels!).detach();
    const k = image(filter!).detach();
    x.requiresGrad = true;
    k.requiresGrad = true;
    const output = conv2d(x, k);
    expectMatrix(output, valid!);
    expectMatrix(conv2d(x, k, { padding: 1 }), pad1!);
    expectMatrix(conv2d(x, k, { stride: 2 }), stride2!);
    expectMatrix(conv2d(x, k, { stride: 2, padding: 1 }), stride2pad1!);
    const reversed = image(filter!.map((row) => row.toReversed()).toReversed());
    expectMatrix(conv2d(x, reversed), flipped!);
    output.sum().backward();
    expectMatrix(k.grad!, dSum_dK!);
    expectMatrix(x.grad!, dSum_dX!);
  });

  it("convolution of a volume, channel by channel", () => {
    const { patches, filter_each: filter, bias, per_channel: channels, y } = golden.volume_conv_seed1;
    const volume = tensor(patches).unsqueeze(0);
    const weight = tensor([filter, filter, filter]);
    expectClose(conv2d(volume, weight.unsqueeze(1), { groups: 3 }).dataSync(), channels);
    expect(conv2d(volume, weight.unsqueeze(0), { bias: tensor([bias]) }).itemSync()).toBe(y);
  });

  it("padding with a bias", () => {
    const { image: pixels, filter, bias, stride1_pad1: stride1, stride2_pad1: stride2 } = golden.padding_seed1;
    const options = { padding: 1, bias: tensor([bias]) };
    expectMatrix(conv2d(image(pixels), image(filter), options), stride1);
    expectMatrix(conv2d(image(pixels), image(filter), { ...options, stride: 2 }), stride2);
  });

  it.each(["pool_seed1", "pool_seed4"] as const)("pooling, %s", (name) => {
    const { x, max2s2, avg2s2 } = golden[name];
    expectMatrix(nn.functional.maxPool2d(image(x), 2), max2s2);
    expectMatrix(nn.functional.avgPool2d(image(x), 2), avg2s2);
  });

  it("an X-shaped filter over a binary image", () => {
    const { x, k, y } = golden.conv_seed3_seed4;
    expectMatrix(conv2d(image(x), image(k)), y);
  });

  it("convolution as a Toeplitz matrix, and its transpose as the gradient", () => {
    const { x, k, M, y, Mt_ones } = golden.toeplitz_seed3;
    const pixels = tensor(x).reshape(1, 1, 3, 3).detach();
    pixels.requiresGrad = true;
    const output = conv2d(pixels, image(k));
    expectClose(output.dataSync(), y);
    expectClose(tensor(M).matmul(tensor(x)).dataSync(), y);
    output.sum().backward();
    expectMatrix(pixels.grad!, Mt_ones);
  });

  it("one step of back-propagation in a 3-4-2 network of sigmoids", () => {
    const net = golden.net342_seed2;
    const layers = { hidden: new nn.Linear(3, 4), out: new nn.Linear(4, 2) };
    const state = { weight: tensor(net.W1), bias: tensor(net.b1) };
    layers.hidden.loadStateDict(state);
    layers.out.loadStateDict({ weight: tensor(net.W2), bias: tensor(net.b2) });
    const hidden = layers.hidden.forward(tensor(net.x)).sigmoid();
    const output = layers.out.forward(hidden).sigmoid();
    expectClose(hidden.dataSync(), net.h);
    expectClose(output.dataSync(), [0.563102, 0.51939]);
    const error = tensor(net.t).sub(output);
    const loss = error.mul(error).sum().div(2);
    expectClose([loss.itemSync()], [0.230323]);
    loss.backward();
    // The lecture's δ is the negative gradient of the weighted sum, which is the bias's.
    expectClose(layers.out.bias!.grad!.neg().dataSync(), net.dk);
    expectClose(layers.hidden.bias!.grad!.neg().dataSync(), net.dh);
    const parameters = [...layers.hidden.parameters(), ...layers.out.parameters()];
    new optim.SGD(parameters, { lr: net.eta }).step();
    expectMatrix(layers.hidden.weight, net.W1n);
    expectClose(layers.hidden.bias!.dataSync(), net.b1n);
    expectMatrix(layers.out.weight, net.W2n);
    expectClose(layers.out.bias!.dataSync(), net.b2n);
  });

  it("the fixture's outputs of that network are rows of the LSTM, and of no use here", () => {
    const { rnn } = readGolden<{ readonly rnn: { readonly LSTM_ifgo: Matrix } }>("lectures");
    expect(golden.net342_seed2.o).toEqual(rnn.LSTM_ifgo);
  });

  it("C2: binary cross-entropy, of three predictions that are wrong, wrong and right", () => {
    const { p, y, bce, bce_if_y_0_0_1: misread } = golden.loss_seed4;
    const binaryCrossEntropy = (target: readonly number[]) =>
      nn.functional.binaryCrossEntropy(tensor(p), tensor(target)).itemSync();
    expectClose([binaryCrossEntropy(y)], [bce]);
    // The slide's marks, taken for labels.
    expectClose([binaryCrossEntropy([0, 0, 1])], [misread]);
  });

  it("C3: mean squared error", () => {
    const { mse_pred: prediction, mse_target: target, mse } = golden.loss_seed4;
    expectClose([nn.functional.mseLoss(tensor(prediction), tensor(target)).itemSync()], [mse]);
  });

  it("A5: logistic error ln(1 + e^-s) of a signal s that should be positive, ln 2 without weights", () => {
    const errors = [2.126928, 1.313262, Math.LN2, 0.313262, 0.126928];
    const signal = tensor([-2, -1, 0, 1, 2]);
    expectClose(nn.functional.softplus(signal.neg()).dataSync(), errors);
    const loss = nn.functional.binaryCrossEntropyWithLogits(signal, tensor([1, 1, 1, 1, 1]), { reduction: "none" });
    expectClose(loss.dataSync(), errors);
  });

  const optimisers: Readonly<Record<string, (parameters: readonly Tensor[]) => optim.Optimizer>> = {
    SGD_0p05: (p) => new optim.SGD(p, { lr: 0.05 }),
    Momentum_0p05_0p9: (p) => new optim.SGD(p, { lr: 0.05, momentum: 0.9 }),
    Nesterov_0p05_0p9: (p) => new optim.SGD(p, { lr: 0.05, momentum: 0.9, nesterov: true }),
    Adagrad_0p01: (p) => new optim.Adagrad(p),
    Adagrad_0p5: (p) => new optim.Adagrad(p, { lr: 0.5 }),
    RMSprop_0p01: (p) => new optim.RMSprop(p),
    Adadelta_1: (p) => new optim.Adadelta(p),
    Adam_1e3: (p) => new optim.Adam(p),
    Adam_0p1: (p) => new optim.Adam(p, { lr: 0.1 }),
    AdamW_0p1_wd0p01: (p) => new optim.AdamW(p, { lr: 0.1, weightDecay: 0.01 }),
  };
  const rows = Object.entries(golden.optim).filter(([name]) => name !== "f");

  it.each(rows)("%s on ½(10·w₁² + w₂²) after 1, 2, 10 and 100 steps", (name, expected) => {
    const w = tensor([1, 1], { requiresGrad: true });
    const optimizer = optimisers[name]!([w]);
    const reached: number[][] = [];
    for (let step = 1; step <= 100; step++) {
      optimizer.zeroGrad();
      w.mul(w)
        .mul(tensor([10, 1]))
        .sum()
        .div(2)
        .backward();
      optimizer.step();
      if ([1, 2, 10, 100].includes(step)) reached.push([...w.dataSync()]);
    }
    expectClose(reached.flat(), expected.flat());
  });

  it.each([
    [0.01, 0.817073],
    [0.1, 0.107374],
    [0.5, 0],
    [0.9, 0.107374],
    [1, 1],
    [1.1, 6.191736],
  ])("gradient descent on w² from 1 with learning rate %f reaches %f in 10 steps", (lr, reached) => {
    const w = tensor(1, { requiresGrad: true });
    const optimizer = new optim.SGD([w], { lr });
    for (let step = 0; step < 10; step++) {
      optimizer.zeroGrad();
      w.mul(w).backward();
      optimizer.step();
    }
    expectClose([w.itemSync()], [reached]);
  });

  it("PyTorch's random numbers", () => {
    const rows = golden.torch_rng;
    manualSeed(42);
    expectClose(rand([3]).dataSync(), rows["manual_seed(42).rand(3)"] as readonly number[], 1e-7);
    manualSeed(42);
    expectMatrix(new nn.Linear(2, 2).weight, rows["manual_seed(42) Linear(2,2).weight"] as Matrix);
    manualSeed(0);
    expect(randperm(10).toArraySync()).toEqual(rows["manual_seed(0) randperm(10)"]);
    expect(rows.mt19937).toBe("init_genrand(seed); rand float32 = (u32 & 0xFFFFFF)/2^24");
    const words = new Generator(42);
    const uniform = Array.from({ length: 3 }, () => (words.nextUint32() & 0xffffff) / 2 ** 24);
    expectClose(uniform, rows["manual_seed(42).rand(3)"] as readonly number[], 1e-7);
  });

  const networks: Readonly<Record<string, readonly [make: () => nn.Module, shape: readonly number[]]>> = {
    lenet5_1998: [models.leNet1998, [1, 32, 32]],
    lenet5_modern_32: [models.leNet5, [1, 32, 32]],
    alexnet_2012: [models.alexNet2012, [3, 227, 227]],
    alexnet_torchvision: [models.alexNet, [3, 224, 224]],
    vgg16: [models.vgg16, [3, 224, 224]],
    vgg19: [models.vgg19, [3, 224, 224]],
    googlenet_2014_noaux: [models.googLeNet2014, [3, 224, 224]],
    googlenet_torchvision_noaux: [models.googLeNet, [3, 224, 224]],
    resnet18: [models.resNet18, [3, 224, 224]],
    resnet34: [models.resNet34, [3, 224, 224]],
    resnet50: [models.resNet50, [3, 224, 224]],
    resnet101: [models.resNet101, [3, 224, 224]],
    resnet152: [models.resNet152, [3, 224, 224]],
    densenet121: [models.denseNet121, [3, 224, 224]],
  };

  it.each(Object.keys(golden.params))("parameters of %s", (name) => {
    const [make, shape] = networks[name]!;
    const summary = onMeta(make).summary(shape);
    expect(summary.totalParameters).toBe(golden.params[name]);
    expect(summary.rows.at(-1)!.outputShape).toEqual([shape[0] === 1 ? 10 : 1000]);
  });
});

describe("the numbers prepared for the lectures", () => {
  it("are divided among the test files", () => {
    const { note, ...numbers } = readGolden<Readonly<Record<string, unknown>>>("lectures");
    expect(Object.values<readonly string[]>(lectureTopics).flat().toSorted()).toEqual(Object.keys(numbers).toSorted());
    expect(note).toContain("PyTorch 1.13");
  });

  it("are all used here that belong here", () => {
    expect(unused()).toEqual([]);
  });
});
