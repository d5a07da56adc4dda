import { describe, expect, it } from "vitest";
import { configureEngine } from "../host.ts";
import {
  ArgumentError,
  type Callback,
  data,
  EarlyStopping,
  evaluate,
  type FitOptions,
  io,
  ModelCheckpoint,
  manualSeed,
  metrics,
  nn,
  optim,
  predict,
  randn,
  ShapeError,
  type Tensor,
  TrainingError,
  tensor, // Under another name: Biome takes train( in a test file for a focused test.
  fit as train,
  zeros,
} from "../index.ts";

const { crossEntropy, mseLoss } = nn.functional;

/** y = 3x on 10 samples, in batches of 4, 4 and 2. */
const x = tensor(Array.from({ length: 10 }, (_, i) => [i / 10]));
const regression = new data.DataLoader(new data.TensorDataset(x, x.mul(3)), { batchSize: 4 });

/** Two classes apart, in batches of 8. */
function classification(samples = 24) {
  manualSeed(2);
  const points = randn([samples, 2]);
  const labels = points.select(1, 0).gt(0).to("int32");
  return new data.DataLoader(new data.TensorDataset(points, labels), { batchSize: 8 });
}

function line(weight = 0): nn.Linear {
  const model = new nn.Linear(1, 1, { bias: false });
  model.loadStateDict({ weight: tensor([[weight]]) });
  return model;
}

const sgd = (model: nn.Module, lr = 0.1) => new optim.SGD(model.parameters(), { lr });
const weightOf = (model: nn.Linear) => model.weight.itemSync();

describe("fit", () => {
  it("takes the plain loop's path, and tells its exact losses", async () => {
    const plain = line();
    const losses: number[] = [];
    const optimizer = sgd(plain);
    for (let epoch = 0; epoch < 3; epoch++) {
      let sum = 0;
      for (const [input, target] of regression) {
        const loss = mseLoss(plain.forward(input), target);
        optimizer.zeroGrad();
        loss.backward();
        optimizer.step();
        sum += loss.itemSync() * input.shape[0]!;
      }
      losses.push(sum / 10);
    }
    const model = line();
    const history = await train(model, regression, { loss: mseLoss, optimizer: sgd(model), epochs: 3 });
    expect(weightOf(model)).toBe(weightOf(plain));
    expect(history.values("loss")).toEqual(losses);
    expect(history.epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    expect(history.stopped).toBeUndefined();
  });

  it("measures on training and validation data, in the right modes", async () => {
    const loader = classification();
    const model = new nn.Sequential(new nn.Linear(2, 8), new nn.Dropout(0.5), new nn.Linear(8, 2));
    const modes: boolean[] = [];
    const forward = (net: nn.Module, [points, labels]: readonly Tensor[]) => {
      modes.push(net.training);
      return { output: net.forward(points!), target: labels! };
    };
    const history = await train(model, loader, {
      loss: new nn.CrossEntropyLoss(),
      optimizer: new optim.Adam(model.parameters(), { lr: 0.05 }),
      epochs: 2,
      validation: loader,
      metrics: { accuracy: new metrics.Accuracy(), f1: new metrics.F1Score() },
      forward,
    });
    expect(modes).toEqual([true, true, true, false, false, false, true, true, true, false, false, false]);
    expect(Object.keys(history.epochs[1]!)).toEqual([
      "epoch",
      "loss",
      "accuracy",
      "f1",
      "valLoss",
      "valAccuracy",
      "valF1",
      "lr",
    ]);
    const again = await evaluate(model, loader, { loss: crossEntropy, metrics: { accuracy: new metrics.Accuracy() } });
    expect(again).toEqual({ loss: history.epochs[1]!.valLoss, accuracy: history.epochs[1]!.valAccuracy });
    expect(model.training).toBe(true);
  });

  it("calls the hooks of all callbacks in order, and waits for them", async () => {
    const calls: string[] = [];
    const logger = (name: string): Callback => ({
      onTrainBegin: ({ epochs, batches }) => void calls.push(`${name} begin ${epochs} ${batches}`),
      onEpochBegin: (epoch) => void calls.push(`${name} epoch ${epoch}`),
      onBatchEnd: ({ epoch, batch, step }) => void calls.push(`${name} ${epoch}.${batch} ${step}`),
      onEpochEnd: async ({ epoch }) => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        calls.push(`${name} epoch ${epoch} over`);
      },
      onTrainEnd: (history) => void calls.push(`${name} end ${history.epochs.length}`),
    });
    const model = line();
    await train(model, regression, {
      loss: mseLoss,
      optimizer: sgd(model),
      epochs: 2,
      callbacks: [logger("a"), {}, logger("b")],
    });
    expect(calls.filter((call) => call.startsWith("a"))).toEqual([
      "a begin 2 3",
      "a epoch 1",
      "a 1.1 1",
      "a 1.2 2",
      "a 1.3 3",
      "a epoch 1 over",
      "a epoch 2",
      "a 2.1 4",
      "a 2.2 5",
      "a 2.3 6",
      "a epoch 2 over",
      "a end 2",
    ]);
    expect(calls.slice(0, 4)).toEqual(["a begin 2 3", "b begin 2 3", "a epoch 1", "b epoch 1"]);
    expect(calls.slice(-4)).toEqual(["a epoch 2 over", "b epoch 2 over", "a end 2", "b end 2"]);
  });

  it("hands on every batch's values, though it reads them together", async () => {
    const values: [number, number][] = [];
    const loader = classification(400);
    const model = new nn.Linear(2, 2);
    const direct: number[] = [];
    const history = await train(model, loader, {
      loss: crossEntropy,
      optimizer: sgd(model),
      metrics: { accuracy: new metrics.Accuracy() },
      callbacks: [{ onBatchEnd: ({ loss, accuracy }) => void values.push([loss, accuracy!]) }],
      onBatch: ({ loss }) => void direct.push(loss.itemSync()),
    });
    expect(values.map(([loss]) => loss)).toEqual(direct);
    expect(direct.length).toBe(50);
    const mean = values.reduce((sum, [, accuracy]) => sum + accuracy, 0) / 50;
    expect(history.epochs[0]!.accuracy).toBeCloseTo(mean, 12);
  });

  it("ends after the current batch when a signal comes, and still gives the history", async () => {
    const model = line();
    const stop = new AbortController();
    let batches = 0;
    const options: FitOptions = {
      loss: mseLoss,
      optimizer: sgd(model),
      epochs: 5,
      validation: regression,
      signal: stop.signal,
      onBatch: () => {
        if (++batches === 5) stop.abort();
      },
    };
    const history = await train(model, regression, options);
    expect(batches).toBe(5);
    expect(history.stopped).toBe("by signal");
    expect(history.epochs.map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(Object.keys(history.epochs[1]!)).toEqual(["epoch", "loss", "lr"]);
    expect(String(history)).toMatch(/\n *2 +[\d.]+ +-\nstopped: by signal$/);
    const nothing = await train(model, regression, options);
    expect([nothing.epochs.length, String(nothing)]).toEqual([0, "no epochs\nstopped: by signal"]);
  });

  it("ends when a callback says so", async () => {
    const model = line();
    const callback: Callback = { onEpochEnd: ({ epoch }, run) => epoch === 2 && run.stop("good enough") } as Callback;
    const history = await train(model, regression, {
      loss: mseLoss,
      optimizer: sgd(model),
      epochs: 9,
      callbacks: [callback],
    });
    expect([history.epochs.length, history.stopped]).toEqual([2, "good enough"]);
  });

  it("stops with the epoch and the batch when the loss is no number", async () => {
    const model = line(1e20);
    const seen: number[] = [];
    const failure = await train(model, regression, {
      loss: mseLoss,
      optimizer: sgd(model),
      callbacks: [{ onBatchEnd: ({ loss }) => void seen.push(loss) }],
    }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TrainingError);
    expect(failure).toMatchObject({ epoch: 1, batch: 1, loss: Infinity });
    expect(String(failure)).toContain("fit: the loss became Infinity in epoch 1, batch 1\n");
    expect(String(failure)).toContain("detectAnomaly(fn)");
    expect(seen).toEqual([Infinity]);
  });

  it("names the first batch whose loss is no number, though it is read later", async () => {
    const model = line();
    let batch = 0;
    const failing = (output: Tensor, target: Tensor) => mseLoss(output, target).mul(++batch === 8 ? Number.NaN : 1);
    const training = train(model, regression, { loss: failing, optimizer: sgd(model), epochs: 4 });
    await expect(training).rejects.toThrow("the loss became NaN in epoch 3, batch 2");
    expect(model.training).toBe(true);
  });

  it("steps schedules by epoch or by batch, as they are meant", async () => {
    const { CyclicLR, ReduceLROnPlateau, StepLR } = optim.lrScheduler;
    const run = async (make: (optimizer: optim.SGD) => Partial<FitOptions>) => {
      const model = line(3);
      const optimizer = sgd(model, 0.5);
      const history = await train(model, regression, { loss: mseLoss, optimizer, epochs: 3, ...make(optimizer) });
      return [...history.values("lr"), optimizer.lr];
    };
    expect(await run((o) => ({ schedule: new StepLR(o, { stepSize: 1, gamma: 0.5 }) }))).toEqual([
      0.5, 0.25, 0.125, 0.0625,
    ]);
    const cycle = { baseLr: 0, maxLr: 0.5, stepSizeUp: 3, cycleMomentum: false };
    expect(await run((o) => ({ schedule: new CyclicLR(o, cycle) }))).toEqual([0.5, 0, 0.5, 0.5]);
    expect(await run((o) => ({ schedule: new CyclicLR(o, cycle), scheduleEvery: "epoch" }))).toHaveLength(4);
    const plateau = { patience: 0, factor: 0.5 };
    expect(await run((o) => ({ schedule: new ReduceLROnPlateau(o, plateau) }))).toEqual([0.5, 0.5, 0.25, 0.125]);
    const failing = run((o) => ({ schedule: new ReduceLROnPlateau(o), monitor: "valLoss" }));
    await expect(failing).rejects.toThrow("there is no value valLoss to monitor, expected one of loss, lr");
  });

  it("clips gradients", async () => {
    const model = line();
    await train(model, [[tensor([[1]]), tensor([[100]])]], {
      loss: mseLoss,
      optimizer: sgd(model, 1),
      clipGradNorm: 0.5,
    });
    expect(weightOf(model)).toBeCloseTo(0.5, 5);
  });

  it("takes any batches with a forward of one's own, and losses that it made itself", async () => {
    const model = line();
    const batches = [{ input: tensor([[1], [2]]) }, { input: tensor([[3]]) }];
    const history = await train(model, batches, {
      optimizer: sgd(model, 0.01),
      epochs: 2,
      forward: (net, { input }) => ({ loss: net.forward(input).sub(input).pow(2).mean() }),
    });
    expect(history.epochs[0]!.loss).toBeCloseTo((2 * 2.5 + 9 * 0.95 ** 2) / 3, 5);
  });

  it.each([
    [ArgumentError, "fit: epochs must be whole and at least 1, got 0", { epochs: 0 }],
    [ArgumentError, "fit: a metric cannot be named loss", { metrics: { loss: new metrics.MeanSquaredError() } }],
    [ArgumentError, "fit: expected a loss, got none", { loss: undefined }],
    [ArgumentError, "EarlyStopping: patience must be at least 0, got -1", { earlyStopping: { patience: -1 } }],
    [
      ArgumentError,
      "EarlyStopping: there is no value valAccuracy to monitor, expected one of loss, lr",
      { earlyStopping: { monitor: "valAccuracy" } },
    ],
    [
      ShapeError,
      "fit: the loss must be one number, loss [4, 1]",
      { loss: (a: Tensor, b: Tensor) => mseLoss(a, b, { reduction: "none" }) },
    ],
    [ArgumentError, "fit: forward must give output and target, or loss", { forward: () => ({}) }],
  ] as const)("refuses options: %o %s", async (kind, message, options) => {
    const model = line();
    const training = () => train(model, regression, { loss: mseLoss, optimizer: sgd(model), ...options } as FitOptions);
    await expect(async () => training()).rejects.toThrow(kind);
    await expect(async () => training()).rejects.toThrow(message);
  });

  it("refuses loaders without batches, and batches without targets", async () => {
    const model = line();
    const options = { loss: mseLoss, optimizer: sgd(model), epochs: 2 };
    await expect(train(model, regression[Symbol.iterator](), options)).rejects.toThrow(
      "fit: the loader gave no batches in epoch 2\nA generator runs only once",
    );
    await expect(train(model, [[zeros([1, 1])]], options)).rejects.toThrow("expected batches of [input, target]");
    await expect(evaluate(model, [], { loss: mseLoss })).rejects.toThrow("evaluate: the loader gave no batches");
    await expect(evaluate(model, regression, {})).rejects.toThrow("expected a loss or metrics, got neither");
    await expect(predict(model, [])).rejects.toThrow("predict: the loader gave no batches");
  });
});

describe("early stopping", () => {
  /** The loss of epoch e is given: the weight is e, and the loss says what it is worth. */
  const course = (losses: readonly number[], options: Partial<FitOptions>) => {
    const model = line(0);
    let epoch = 0;
    const optimizer = {
      ...{ paramGroups: [{ lr: 1 }], parameters: model.parameters(), zeroGrad: () => {} },
      step: () => model.weight.assign(tensor([[++epoch]])),
    };
    const loss = (output: Tensor) => output.mul(0).sum().add(losses[epoch]!);
    return {
      model,
      training: train(model, [[tensor([[1]]), tensor([[1]])]], { loss, optimizer, epochs: 8, ...options }),
    };
  };

  it("ends training and gives the best weights back", async () => {
    const { model, training } = course([5, 3, 4, 2, 3, 3, 3, 1], {
      earlyStopping: { patience: 3, restoreBestWeights: true },
    });
    const history = await training;
    expect(history.epochs.length).toBe(7);
    expect(history.stopped).toBe("early stopping, loss has not been better than 2 for 3 epochs");
    expect(weightOf(model)).toBe(4);
  });

  it("gives the best weights back also when it did not end training", async () => {
    const stopping = new EarlyStopping({ patience: 9, restoreBestWeights: true });
    const { model, training } = course([5, 3, 4, 2, 3, 3, 3, 3], { earlyStopping: stopping });
    expect((await training).stopped).toBeUndefined();
    expect([weightOf(model), stopping.best]).toEqual([4, 2]);
  });

  it("looks at the validation first, counts only progress that is large enough, and knows what is better", () => {
    const stopping = new EarlyStopping({ monitor: "valAccuracy", patience: 1, minDelta: 0.1 });
    expect([0.5, 0.7, 0.75].map((value) => stopping.step(value))).toEqual([false, false, true]);
    expect(() => stopping.step(zeros([]) as never)).toThrow("step needs a number, got object");
  });

  it("works in a loop of one's own", () => {
    const model = line();
    const stopping = new EarlyStopping({ patience: 2, restoreBestWeights: true });
    const ends = [3, 2, 4, 5].map((loss, epoch) => {
      model.weight.assign(tensor([[epoch]]));
      return stopping.step(loss, model);
    });
    expect([ends, weightOf(model)]).toEqual([[false, false, false, true], 1]);
  });

  it("leaves checkpoints of the best weights in memory and in files", async () => {
    const files = new Map<string, Uint8Array>();
    configureEngine({
      writeFile: async (path, bytes) => void files.set(path, bytes),
      readFile: async (path) => files.get(path)!,
    });
    const checkpoint = new ModelCheckpoint({ path: ({ epoch }) => `epoch-${epoch}.safetensors` });
    await course([5, 3, 4, 2, 3, 3, 3, 3], { callbacks: [checkpoint] }).training;
    expect([checkpoint.bestEpoch, checkpoint.best!.weight!.itemSync()]).toEqual([4, 4]);
    expect([...files.keys()]).toEqual(["epoch-1.safetensors", "epoch-2.safetensors", "epoch-4.safetensors"]);
    expect((await io.loadSafetensors("epoch-4.safetensors")).weight!.itemSync()).toBe(4);
  });
});

describe("predict and evaluate", () => {
  it("join the batches, record no gradients and leave the model's mode", async () => {
    const model = new nn.Sequential(new nn.Linear(1, 1, { bias: false }), new nn.Dropout(0.9));
    model.loadStateDict({ "0.weight": tensor([[2]]) });
    const output = await predict(model, regression);
    expect([output.shape, output.requiresGrad, model.training]).toEqual([[10, 1], false, true]);
    expect(output.select(0, 9).itemSync()).toBeCloseTo(1.8, 6);
    expect((await predict(model.eval(), x)).toArraySync()).toEqual(output.toArraySync());
    expect(model.training).toBe(false);
    const error = { mae: new metrics.MeanAbsoluteError() };
    expect((await evaluate(model, regression, { metrics: error })).mae).toBeCloseTo(0.45, 6);
  });
});

it("a history prints as a table", async () => {
  const model = line();
  const optimizer = sgd(model, 0.25);
  const schedule = new optim.lrScheduler.ExponentialLR(optimizer, { gamma: 1e-4 });
  const batch = [tensor([[1], [1]]), tensor([[3], [3]])];
  const history = await train(model, [batch], { loss: mseLoss, optimizer, epochs: 2, schedule, validation: [batch] });
  expect(String(history).split("\n")).toEqual([
    "epoch  loss  valLoss       lr",
    "    1     9     2.25     0.25",
    "    2  2.25     2.25  2.50e-5",
  ]);
});
