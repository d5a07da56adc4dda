// The plain backend plays a second device, so that this runs without a GPU: what is tested is where tensors live.

import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { createPlainBackend } from "../backends/cpu/plain-backend.ts";
import { configureEngine } from "../host.ts";
import {
  arange,
  type Device,
  device,
  full,
  memory,
  metrics,
  nn,
  ones,
  onMeta,
  optim,
  randint,
  randn,
  type Tensor,
  tensor,
  fit as train,
  zeros,
} from "../index.ts";

const second = Object.defineProperty(createPlainBackend(), "name", { value: "webgpu" });
let starts = 0;

beforeEach(() => {
  configureEngine({
    device: "cpu",
    devices: {
      webgpu: () => {
        starts++;
        return second;
      },
    },
  });
});
afterAll(() => configureEngine({ device: "cpu" }));

const there = { device: "webgpu" } as const;

describe("device", () => {
  it("says where new tensors live, and starts what is asked for once", () => {
    const before = starts;
    expect(device()).toBe("cpu");
    expect(device("webgpu")).toBe("webgpu");
    expect([zeros([2]).device, tensor([1]).device, arange(3).device]).toEqual(["webgpu", "webgpu", "webgpu"]);
    expect(zeros([2], { device: "cpu" }).device).toBe("cpu");
    expect(starts).toBe(before + 1);
    expect(onMeta(() => zeros([2], there)).device).toBe("meta");
  });

  it("refuses other names, and what this machine lacks", () => {
    expect(() => device("cuda" as Device)).toThrow('device: there is no device "cuda", expected "cpu" or "webgpu"');
    configureEngine({
      devices: {
        webgpu: () => {
          throw new Error("no adapter");
        },
      },
    });
    expect(() => device("webgpu")).toThrow("no adapter");
    expect(device()).toBe("cpu");
  });

  it("memory counts all devices, or one", () => {
    const kept = zeros([1000], there);
    expect(memory("webgpu").bytes).toBeGreaterThanOrEqual(4 * kept.numel);
    expect(memory().bytes).toBeGreaterThanOrEqual(memory("webgpu").bytes + memory("cpu").bytes);
  });
});

describe("ops", () => {
  it("run where their operands are, whatever the default", () => {
    const x = tensor([1, 2, 3], there);
    for (const name of ["cpu", "webgpu"] as const) {
      device(name);
      const results = [x.add(1), x.mul(x), x.sum(), x.at([0, -1]), x.relu(), x.reshape(1, 3), x.maskedFill(x.gt(1), 7)];
      expect(results.map((result) => result.device)).toEqual(results.map(() => "webgpu"));
    }
  });

  it("take scalars of the CPU along, and say which operand is where for everything else", () => {
    const x = tensor([1, 2], there);
    expect(x.mul(tensor(3)).toArraySync()).toEqual([3, 6]);
    expect(tensor(3).mul(x).device).toBe("webgpu");
    expect(() => x.add(tensor([1, 2]))).toThrow("add: operands live on different devices: [2] on webgpu, [2] on cpu");
    expect(() => x.add(tensor([1, 2]))).toThrow('Move them with .to("webgpu").');
  });

  it("in place keep a tensor where it is", () => {
    const x = zeros([2, 2], there);
    x.copy_(ones([2]));
    x.indexPut_([0, ":"], 5);
    expect(x.toArraySync()).toEqual([
      [5, 5],
      [1, 1],
    ]);
    expect([x.fill_(2).device, x.zero_().device]).toEqual(["webgpu", "webgpu"]);
  });
});

describe("to", () => {
  it("moves elements of any layout and dtype, and leaves alone what is there", () => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(x.to("cpu")).toBe(x);
    for (const each of [x, x.t(), x.at(":", "1:"), x.gt(2), x.to("int32"), zeros([0, 3])]) {
      const moved = each.to("webgpu");
      expect([moved.device, moved.dtype, moved.shape]).toEqual(["webgpu", each.dtype, each.shape]);
      expect(moved.to("cpu").toArraySync()).toEqual(each.toArraySync());
    }
  });

  it("lets gradients through, back to where they come from", () => {
    const w = tensor([1, 2], { requiresGrad: true });
    w.to("webgpu")
      .mul(tensor([3, 4], there))
      .sum()
      .backward();
    expect([w.grad!.device, w.grad!.toArraySync()]).toEqual(["cpu", [3, 4]]);
  });

  it("moves models with their gradients and buffers", () => {
    const model = new nn.Sequential(new nn.Linear(2, 3), new nn.BatchNorm1d(3));
    model
      .forward(randn([4, 2]))
      .sum()
      .backward();
    expect(model.to("webgpu")).toBe(model);
    const all = [...model.parameters(), ...Array.from(model.namedBuffers(), ([, buffer]) => buffer)];
    expect(new Set([...all, ...model.parameters().map(({ grad }) => grad!)].map(({ device }) => device))).toEqual(
      new Set(["webgpu"]),
    );
    expect(model.forward(randn([4, 2], there)).device).toBe("webgpu");
    expect(() => model.forward(randn([4, 2]))).toThrow("linear: operands live on different devices: [4, 2] on cpu");
  });

  it("state dicts go to where the model is", () => {
    const [from, to] = [new nn.Linear(2, 3), new nn.Linear(2, 3).to("webgpu")];
    to.loadStateDict(from.stateDict());
    expect([to.weight.device, to.weight.toArraySync()]).toEqual(["webgpu", from.weight.toArraySync()]);
  });
});

const optimizers = {
  SGD: (p: Tensor[]) => new optim.SGD(p, { lr: 0.1, momentum: 0.9 }),
  Adam: (p: Tensor[]) => new optim.Adam(p, { amsgrad: true }),
  AdamW: (p: Tensor[]) => new optim.AdamW(p),
  Adagrad: (p: Tensor[]) => new optim.Adagrad(p),
  Adadelta: (p: Tensor[]) => new optim.Adadelta(p),
  RMSprop: (p: Tensor[]) => new optim.RMSprop(p, { momentum: 0.9, centered: true }),
  NAdam: (p: Tensor[]) => new optim.NAdam(p),
  Adamax: (p: Tensor[]) => new optim.Adamax(p),
};

const networks: Record<string, { readonly make: () => nn.AnyModule; readonly x: () => Tensor }> = {
  convolution: {
    make: () =>
      new nn.Sequential(
        new nn.Conv2d(1, 2, 3),
        new nn.BatchNorm2d(2),
        new nn.ReLU(),
        new nn.AdaptiveAvgPool2d(2),
        new nn.Dropout(0.5),
        new nn.Flatten(),
        new nn.Linear(8, 3),
      ),
    x: () => randn([4, 1, 7, 7], there),
  },
  "adaptive maximum": {
    make: () => new nn.Sequential(new nn.AdaptiveMaxPool2d(2), new nn.Flatten(), new nn.Linear(4, 3)),
    x: () => randn([4, 1, 5, 5], there),
  },
  transformer: {
    make: () =>
      new nn.Sequential(
        new nn.Embedding(9, 4),
        new nn.PositionalEncoding(4, { batchFirst: true }),
        new nn.TransformerEncoderLayer(4, 2, { dimFeedforward: 8, batchFirst: true }),
        new nn.Flatten(),
        new nn.Linear(20, 3),
      ),
    x: () => randint(0, 9, [4, 5], there),
  },
};

class Recurrent extends nn.Module {
  readonly layer: nn.AnyModule;
  readonly head = new nn.Linear(4, 3);

  constructor(layer: nn.AnyModule) {
    super();
    this.layer = layer;
  }

  override forward(x: Tensor): Tensor {
    const [output] = this.layer.forward(x) as [Tensor];
    return this.head.forward(output.select(1, -1));
  }
}
for (const [name, Layer] of Object.entries({ RNN: nn.RNN, LSTM: nn.LSTM, GRU: nn.GRU, MGU: nn.MGU })) {
  networks[name] = {
    make: () => new Recurrent(new Layer(2, 4, { batchFirst: true, numLayers: 2, dropout: 0.1, bias: name !== "GRU" })),
    x: () => randn([4, 5, 2], there),
  };
}

describe("training away from the default device", () => {
  it.each(Object.entries(networks))("of %s: nothing is left on the other", async (_, { make, x }) => {
    const model = make().to("webgpu");
    const optimizer = new optim.Adam(model.parameters());
    const batch = [x(), randint(0, 3, [4], there)] as const;
    await train(model, [batch], {
      ...{ loss: nn.functional.crossEntropy, optimizer, epochs: 2, clipGradNorm: 1 },
      metrics: { accuracy: new metrics.Accuracy(), top2: new metrics.Accuracy({ topK: 2 }) },
    });
    expect(model.parameters().every(({ device }) => device === "webgpu")).toBe(true);
    const matrix = new metrics.ConfusionMatrix();
    matrix.update(model.forward(batch[0]) as Tensor, batch[1]);
    expect((await matrix.compute()).sum().itemSync()).toBe(4);
  });

  it.each(Object.entries(optimizers))("with %s", (_, make) => {
    const model = new nn.Linear(2, 3).to("webgpu");
    const optimizer = make(model.parameters());
    for (let step = 0; step < 2; step++) {
      optimizer.zeroGrad();
      model
        .forward(full([4, 2], 1, there))
        .sum()
        .backward();
      optimizer.step();
    }
    expect(model.weight.device).toBe("webgpu");
  });
});
