import { describe, expect, it } from "vitest";
import { configureEngine } from "../host.ts";
import { io, manualSeed, nn, ones, optim, rand, type Tensor, tensor, zeros } from "../index.ts";
import { stateKeyOf } from "./state-dict.ts";

class Net extends nn.Module {
  readonly inputLayer = new nn.Linear(2, 3);
  readonly norm = new nn.BatchNorm1d(3);
  readonly scale = new nn.Buffer(tensor([2]));

  override forward(x: Tensor): Tensor {
    return this.norm.forward(this.inputLayer.forward(x)).mul(this.scale);
  }
}

describe("names in state dicts", () => {
  it.each([
    ["runningMean", "running_mean"],
    ["weightIhL0Reverse", "weight_ih_l0_reverse"],
    ["inProjWeight", "in_proj_weight"],
    ["fc1", "fc1"],
    ["fc1A", "fc1_a"],
    ["W", "W"],
    ["Wq", "Wq"],
    ["hidden_layer", "hidden_layer"],
  ])("%s is %s", (property, key) => {
    expect(stateKeyOf(property)).toBe(key);
  });

  it("are PyTorch's, parameters before buffers, module by module", () => {
    expect(Object.keys(new Net().stateDict())).toEqual([
      "scale",
      "input_layer.weight",
      "input_layer.bias",
      "norm.weight",
      "norm.bias",
      "norm.running_mean",
      "norm.running_var",
      "norm.num_batches_tracked",
    ]);
    expect(Object.keys(new nn.LSTM(1, 1, { numLayers: 2, bidirectional: true }).stateDict()).slice(-6)).toEqual([
      "bias_ih_l1",
      "bias_hh_l1",
      "weight_ih_l1_reverse",
      "weight_hh_l1_reverse",
      "bias_ih_l1_reverse",
      "bias_hh_l1_reverse",
    ]);
  });

  it("of keys given by the user stay as they are", () => {
    const model = new nn.Sequential({ firstLayer: new nn.Linear(1, 1, { bias: false }) });
    expect(Object.keys(model.stateDict())).toEqual(["firstLayer.weight"]);
  });

  it("that meet are told", () => {
    class Twice extends nn.Module {
      readonly aB = new nn.Buffer(ones([1]));
      readonly a_b = new nn.Buffer(ones([1]));
      override forward(x: Tensor): Tensor {
        return x;
      }
    }
    expect(() => new Twice().stateDict()).toThrow("stateDict: two tensors of Twice are a_b");
  });

  it("of a shared module come twice, its parameters once", () => {
    const shared = new nn.Linear(2, 2);
    const model = new nn.Sequential(shared, new nn.Tanh(), shared);
    expect(Object.keys(model.stateDict())).toEqual(["0.weight", "0.bias", "2.weight", "2.bias"]);
    expect(model.parameters().length).toBe(2);
    expect(Array.from(model.namedModules(), ([name]) => name)).toEqual(["", "0", "1"]);
    expect(
      new nn.Sequential(new nn.Linear(2, 2), new nn.Tanh(), new nn.Linear(2, 2)).loadStateDict(model.stateDict()),
    ).toEqual({
      missingKeys: [],
      unexpectedKeys: [],
    });
  });
});

describe("buffers", () => {
  it("are saved and loaded, but not learned", () => {
    const net = new Net();
    expect(Array.from(net.namedBuffers(), ([name]) => name)).toEqual([
      "scale",
      "norm.running_mean",
      "norm.running_var",
      "norm.num_batches_tracked",
    ]);
    expect(net.parameters().length).toBe(4);
    expect(net.scale.requiresGrad).toBe(false);
    const { "norm.running_var": _, ...state } = net.stateDict();
    expect(() => net.loadStateDict({ ...state, "norm.extra": ones([1]) })).toThrow(
      "the state dict does not fit Net: missing keys norm.running_var; unexpected keys norm.extra",
    );
    expect(() => net.loadStateDict({ ...net.stateDict(), "norm.num_batches_tracked": zeros([]) })).toThrow(
      "norm.num_batches_tracked is [] float32, expected [] int32",
    );
  });

  it("come back from a safetensors file", async () => {
    const files = new Map<string, Uint8Array>();
    configureEngine({
      writeFile: async (path, bytes) => void files.set(path, bytes),
      readFile: async (path) => files.get(path)!,
    });
    const net = new Net();
    for (let i = 0; i < 3; i++) net.forward(rand([8, 2]));
    await io.saveSafetensors("net", net.stateDict());
    const other = new Net();
    other.loadStateDict(await io.loadSafetensors("net"));
    expect(other.norm.numBatchesTracked!.itemSync()).toBe(3);
    expect(other.norm.runningMean!.dataSync()).toEqual(net.norm.runningMean!.dataSync());
    const x = rand([4, 2]);
    expect(other.eval().forward(x).dataSync()).toEqual(net.eval().forward(x).dataSync());
  });

  it("change in training and not in evaluation, and a state dict taken before does not", () => {
    const norm = new nn.BatchNorm1d(1);
    const before = norm.stateDict();
    norm.forward(tensor([[1], [2], [3], [4]]));
    expect(before.running_mean!.itemSync()).toBe(0);
    expect(norm.runningMean!.itemSync()).toBeCloseTo(0.25, 6);
    norm.eval().forward(tensor([[100], [200]]));
    expect(norm.runningMean!.itemSync()).toBeCloseTo(0.25, 6);
    expect(norm.numBatchesTracked!.itemSync()).toBe(1);
  });
});

describe("freezing", () => {
  it("keeps training away from what is frozen", () => {
    manualSeed(3);
    const net = new Net();
    net.inputLayer.requiresGrad(false);
    const before = net.inputLayer.weight.toArraySync();
    const optimizer = new optim.SGD(net.parameters(), { lr: 1 });
    net
      .forward(rand([8, 2]))
      .mul(rand([8, 3]))
      .sum()
      .backward();
    optimizer.step();
    expect(net.inputLayer.weight.grad).toBeUndefined();
    expect(net.inputLayer.weight.toArraySync()).toEqual(before);
    expect(net.norm.bias!.toArraySync()).not.toEqual([0, 0, 0]);
    expect(net.summary([2]).trainableParameters).toBe(6);
    net.requiresGrad();
    expect(net.parameters().every((parameter) => parameter.requiresGrad)).toBe(true);
  });

  it("apply visits children before parents, each once", () => {
    const shared = new nn.Tanh();
    const names: string[] = [];
    new nn.Sequential(new nn.Sequential(shared, new nn.Linear(1, 1)), shared).apply((module) => {
      names.push(module.constructor.name);
      if (module instanceof nn.Linear) nn.init.ones_(module.weight);
    });
    expect(names).toEqual(["Tanh", "Linear", "Sequential", "Sequential"]);
  });
});
