import { describe, expect, it } from "vitest";
import { tensorsLeftBy } from "../../test/tensors-left.ts";
import { manualSeed, models, nn, ones, optim, rand, Tensor, tensor, zeros } from "../index.ts";

class Net extends nn.Module {
  readonly hidden = new nn.Linear(2, 3);
  readonly body = new nn.Sequential({ act: new nn.Tanh(), drop: new nn.Dropout(), out: new nn.Linear(3, 1) });

  override forward(x: Tensor): Tensor {
    return this.body.forward(this.hidden.forward(x));
  }
}

describe("a module", () => {
  it("finds its parameters in its properties and names them as PyTorch does", () => {
    const names = Array.from(new Net().namedParameters(), ([name]) => name);
    expect(names).toEqual(["hidden.weight", "hidden.bias", "body.out.weight", "body.out.bias"]);
    expect(Object.keys(new nn.Sequential(new nn.Linear(1, 1), new nn.Tanh(), new nn.Linear(1, 1)).stateDict())).toEqual(
      ["0.weight", "0.bias", "2.weight", "2.bias"],
    );
  });

  it("prints as in PyTorch", () => {
    expect(String(new Net())).toBe(
      [
        "Net(",
        "  (hidden): Linear(in_features=2, out_features=3, bias=True)",
        "  (body): Sequential(",
        "    (act): Tanh()",
        "    (drop): Dropout(p=0.5, inplace=False)",
        "    (out): Linear(in_features=3, out_features=1, bias=True)",
        "  )",
        ")",
      ].join("\n"),
    );
    expect(String(new nn.MaxPool2d(2))).toBe(
      "MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)",
    );
  });

  it("loads what another one saved", () => {
    const [a, b] = [new Net().eval(), new Net().eval()];
    expect(b.loadStateDict(a.stateDict())).toEqual({ missingKeys: [], unexpectedKeys: [] });
    expect(b.forward(ones([1, 2])).itemSync()).toBe(a.forward(ones([1, 2])).itemSync());
  });

  it("names missing and unexpected keys and wrong shapes, and then changes nothing", () => {
    const net = new Net();
    const { "hidden.bias": _, ...state } = net.stateDict();
    const weight = net.hidden.weight.toArraySync();
    const wrong = { ...state, "hidden.weight": zeros([3, 3]), extra: ones([1]) };
    expect(() => net.loadStateDict(wrong)).toThrow(
      "the state dict does not fit Net: missing keys hidden.bias; unexpected keys extra; hidden.weight is [3, 3] float32, expected [3, 2] float32",
    );
    expect(net.hidden.weight.toArraySync()).toEqual(weight);
    expect(net.loadStateDict(state, { strict: false }).missingKeys).toEqual(["hidden.bias"]);
  });

  it("gives a state dict that training does not change", () => {
    const layer = new nn.Linear(1, 1);
    const before = layer.stateDict().weight!;
    layer.weight.assign(tensor([[99]]));
    expect(before.itemSync()).not.toBe(99);
  });

  it("drops out in training only, and keeps the expectation", () => {
    manualSeed(1);
    const layer = new nn.Dropout(0.25);
    const x = ones([10_000]);
    const output = layer.forward(x);
    expect(new Set(output.dataSync())).toEqual(new Set([0, Math.fround(4 / 3)]));
    expect(output.mean().itemSync()).toBeCloseTo(1, 1);
    expect(layer.eval().forward(x)).toBe(x);
    expect(layer.train().training).toBe(true);
  });

  it("gives layers by name or position, with their types", () => {
    const named = models.leNet5();
    expect(named.get("c1").weight.shape).toEqual([6, 1, 5, 5]);
    const listed = new nn.Sequential(new nn.Linear(2, 4), new nn.Tanh());
    expect(listed.at(0).outFeatures).toBe(4);
    expect(listed.at(-1)).toBeInstanceOf(nn.Tanh);
    expect(() => listed.at(2)).toThrow("there is no layer 2 of 2");
    expect(listed.slice(0, -1).length).toBe(1);
    expect(
      listed
        .slice(0, -1)
        .forward(ones([1, 2]))
        .dataSync(),
    ).toEqual(
      listed
        .at(0)
        .forward(ones([1, 2]))
        .dataSync(),
    );
    expect(() => new nn.Sequential(new nn.Tanh()).get("c9")).toThrow("there is no layer c9, only 0");
  });
});

describe("types", () => {
  it("of inputs and outputs are those of forward", () => {
    class Step extends nn.Module<[x: Tensor, h: Tensor], [output: Tensor, h: Tensor]> {
      readonly cell = new nn.GRUCell(2, 3);
      override forward(x: Tensor, h: Tensor): [output: Tensor, h: Tensor] {
        const next = this.cell.forward(x, h);
        return [next.relu(), next];
      }
    }
    const step = new Step();
    step.registerForwardHook((_, [x, h], [output]) => {
      expect([x.shape, h.shape, output.shape]).toEqual([
        [4, 2],
        [4, 3],
        [4, 3],
      ]);
    });
    expect(step.forward(ones([4, 2]), zeros([4, 3]))[1].shape).toEqual([4, 3]);
    // @ts-expect-error: two inputs.
    expect(() => step.forward(ones([4, 2]))).toThrow();
    const plain: nn.Module = new nn.TransformerEncoderLayer(4, 2, { dimFeedforward: 4 });
    expect(plain.forward(ones([3, 4])).shape).toEqual([3, 4]);
    // @ts-expect-error: an LSTM gives more than one tensor.
    expect(new nn.Sequential(new nn.Linear(2, 3), new nn.LSTM(3, 4)).length).toBe(2);
  });
});

describe("a recurrent layer", () => {
  it("drops outputs between layers in training only", () => {
    manualSeed(1);
    const layer = new nn.LSTM(2, 8, { numLayers: 2, dropout: 0.5 });
    const x = ones([5, 1, 2]);
    const run = () => layer.forward(x)[0].toArraySync();
    expect(run()).not.toEqual(run());
    layer.eval();
    expect(run()).toEqual(run());
  });
});

describe("training steps", () => {
  it.each([
    ["LSTM", [5, 2, 4], () => new nn.LSTM(4, 4, { bidirectional: true, numLayers: 2 })],
    ["GRU of the paper", [5, 2, 4], () => new nn.GRU(4, 4, { resetAfter: false })],
    ["batch normalisation", [6, 4], () => new nn.BatchNorm1d(4, { momentum: null })],
    ["instance normalisation", [2, 4, 3], () => new nn.InstanceNorm1d(4, { trackRunningStats: true, affine: true })],
  ] as const)("of %s leave no tensor behind", (_, shape, make) => {
    const model: nn.AnyModule = make();
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
    const x = rand(shape);
    const step = () => {
      const result: Tensor | readonly [Tensor, Tensor | readonly Tensor[]] = model.forward(x);
      const outputs = result instanceof Tensor ? [result] : (result.flat(2) as Tensor[]);
      const loss = outputs[0]!.sum();
      loss.backward();
      optimizer.step();
      for (const parameter of model.parameters()) parameter.grad?.dispose();
      model.zeroGrad();
      for (const tensor of [loss, ...outputs]) tensor.dispose();
    };
    expect(tensorsLeftBy(step)).toBe(0);
  });
});

describe("losses", () => {
  it("start at ln 10 for ten classes", () => {
    const loss = new nn.CrossEntropyLoss().forward(zeros([4, 10]), tensor([0, 3, 9, 1], { dtype: "int32" }));
    expect(loss.itemSync()).toBeCloseTo(Math.log(10), 6);
    expect(new nn.MSELoss({ reduction: "sum" }).forward(ones([2]), zeros([2])).itemSync()).toBe(2);
  });
});
