import { describe, expect, it } from "vitest";
import { tensorsLeftBy } from "../../test/tensors-left.ts";
import { ArgumentError, manualSeed, nn, optim, randn, type Tensor, tensor, zeros } from "../index.ts";

const leaf = (values: number[]) => tensor(values, { requiresGrad: true });

function withGrad(values: number[], grad: number[]): Tensor {
  const made = leaf(values);
  made.grad = tensor(grad);
  return made;
}

describe("parameter groups", () => {
  it("have options of their own over the optimiser's", () => {
    const [a, b] = [withGrad([1], [1]), withGrad([1], [1])];
    const optimizer = new optim.SGD([{ params: [a] }, { params: [b], lr: 0.5 }], { lr: 0.25 });
    optimizer.step();
    expect([a.itemSync(), b.itemSync()]).toEqual([0.75, 0.5]);
    expect(optimizer.paramGroups.map(({ lr }) => lr)).toEqual([0.25, 0.5]);
  });

  it("may be changed between steps, one by one or all at once", () => {
    const [a, b] = [withGrad([1], [1]), withGrad([1], [1])];
    const optimizer = new optim.SGD([{ params: [a] }, { params: [b] }], { lr: 1 });
    optimizer.paramGroups[0]!.lr = 0.5;
    optimizer.step();
    expect([a.itemSync(), b.itemSync(), optimizer.lr]).toEqual([0.5, 0, 0.5]);
    optimizer.lr = 0.125;
    expect(optimizer.paramGroups.map(({ lr }) => lr)).toEqual([0.125, 0.125]);
  });

  it("can be added later", () => {
    const late = withGrad([1], [1]);
    const optimizer = new optim.SGD([leaf([1])], { lr: 0.25 });
    optimizer.addParamGroup({ params: [late], lr: 0.5 });
    optimizer.step();
    expect(late.itemSync()).toBe(0.5);
  });

  it("print as PyTorch's", () => {
    expect(String(new optim.Adagrad([leaf([1])]))).toBe(
      [
        "Adagrad (",
        "Parameter Group 0",
        "    eps: 1e-10",
        "    initialAccumulatorValue: 0",
        "    lr: 0.01",
        "    lrDecay: 0",
        "    maximize: false",
        "    weightDecay: 0",
        ")",
      ].join("\n"),
    );
  });
});

describe("options and parameters are refused", () => {
  const [a] = [leaf([1])];
  it.each([
    ["SGD: lr must be a number of at least 0, got -1", () => new optim.SGD([a], { lr: -1 })],
    ["SGD: lr must be a number of at least 0, got NaN", () => new optim.SGD([a], { lr: Number.NaN })],
    [
      "Adam: betas must be two numbers of at least 0 and below 1, got [0.9, 1]",
      () => new optim.Adam([a], { betas: [0.9, 1] }),
    ],
    ["AdamW: amsgrad must be true or false, got yes", () => new optim.AdamW([a], { amsgrad: "yes" as never })],
    ["Adadelta: rho must be a number from 0 to 1, got 2", () => new optim.Adadelta([a], { rho: 2 })],
    [
      "SGD: nesterov needs a momentum and no dampening, got momentum 0 and dampening 0",
      () => new optim.SGD([a], { nesterov: true }),
    ],
    ["SGD: nesterov needs", () => new optim.SGD([{ params: [a], momentum: 0 }], { nesterov: true, momentum: 0.9 })],
    [
      "Adam: there is no option learningRate, expected one of lr, betas, eps",
      () => new optim.Adam([a], { learningRate: 1 } as never),
    ],
    ["Adam: there are no parameters to optimise", () => new optim.Adam([])],
    ["Adam: expected a list of parameters, got Linear", () => new optim.Adam(new nn.Linear(1, 1) as never)],
    ["Adam: parameters must be tensors, got number", () => new optim.Adam([1 as never])],
    ["Adam: only leaf tensors can be optimised", () => new optim.Adam([a.mul(2)])],
    ["Adam: a parameter was given twice", () => new optim.Adam([{ params: [a] }, { params: [a] }])],
    ["clipGradNorm: maxNorm must be at least 0, got -1", () => optim.clipGradNorm([a], -1)],
    ["clipGradNorm: normType must be above 0, got 0", () => optim.clipGradNorm([a], 1, { normType: 0 })],
    ["clipGradValue: clipValue must be at least 0, got -1", () => optim.clipGradValue([a], -1)],
  ])("%s", (message, act) => {
    expect(act).toThrow(ArgumentError);
    expect(act).toThrow(message);
  });
});

const makers: readonly [string, (parameters: Iterable<Tensor>) => optim.Optimizer][] = [
  ["SGD", (p) => new optim.SGD(p, { lr: 0.1, momentum: 0.9, nesterov: true })],
  ["Adagrad", (p) => new optim.Adagrad(p, { lrDecay: 0.1 })],
  ["Adadelta", (p) => new optim.Adadelta(p)],
  ["RMSprop", (p) => new optim.RMSprop(p, { centered: true, momentum: 0.5 })],
  ["Adam", (p) => new optim.Adam(p, { amsgrad: true })],
  ["AdamW", (p) => new optim.AdamW(p)],
  ["NAdam", (p) => new optim.NAdam(p)],
  ["Adamax", (p) => new optim.Adamax(p)],
  ["RAdam", (p) => new optim.RAdam(p, { betas: [0.9, 0.8] })],
];

function makeRun(make: (parameters: Iterable<Tensor>) => optim.Optimizer) {
  manualSeed(4);
  const model = new nn.Sequential(new nn.Linear(3, 4), new nn.Tanh(), new nn.Linear(4, 1));
  const [x, y] = [randn([8, 3]), randn([8, 1])];
  const optimizer = make(model.parameters());
  const train = (steps: number) => {
    for (let step = 0; step < steps; step++) {
      optimizer.zeroGrad();
      nn.functional.mseLoss(model.forward(x), y).backward();
      optimizer.step();
    }
  };
  const values = () => model.parameters().map((parameter) => [...parameter.dataSync()]);
  return { model, optimizer, train, values };
}

describe.each(makers)("%s", (_, make) => {
  it("goes on from state dicts as if never interrupted, bit for bit", () => {
    const whole = makeRun(make);
    whole.train(7);
    const [weights, state] = [whole.model.stateDict(), whole.optimizer.stateDict()];
    whole.train(7);
    const resumed = makeRun(make);
    resumed.model.loadStateDict(weights);
    resumed.optimizer.loadStateDict(state);
    resumed.train(7);
    expect(resumed.values()).toEqual(whole.values());
  });

  it("leaves no tensors behind but its state, and skips parameters without gradients", () => {
    const [used, unused] = [withGrad([1, 2], [0.5, -1]), leaf([3])];
    const optimizer = make([used, unused]);
    // The first direction of SGD shares the gradient's elements; from the second step on the state is its own.
    for (let step = 0; step < 2; step++) optimizer.step();
    expect(tensorsLeftBy(() => optimizer.step())).toBe(0);
    expect(unused.itemSync()).toBe(3);
    expect(Object.keys(optimizer.stateDict().state)).toEqual(["0"]);
  });
});

describe("a state dict", () => {
  it("has PyTorch's layout and names", () => {
    const optimizer = new optim.AdamW([withGrad([1, 2], [0.5, -1])], { amsgrad: true, lr: 0.5 });
    optimizer.step();
    const { state, param_groups } = optimizer.stateDict();
    expect(Object.keys(state["0"]!)).toEqual(["step", "exp_avg", "exp_avg_sq", "max_exp_avg_sq"]);
    expect(param_groups).toEqual([
      { lr: 0.5, betas: [0.9, 0.999], eps: 1e-8, weight_decay: 0.01, amsgrad: true, maximize: false, params: [0] },
    ]);
  });

  it("does not change with later steps, nor with those of an optimiser that loaded it", () => {
    const optimizer = new optim.SGD([withGrad([1], [1])], { momentum: 0.5 });
    optimizer.step();
    const saved = optimizer.stateDict();
    optimizer.step();
    const other = new optim.SGD([withGrad([1], [1])], { momentum: 0.5 });
    other.loadStateDict(saved);
    other.step();
    expect((saved.state["0"]!.momentum_buffer as Tensor).itemSync()).toBe(1);
  });

  it.each([
    ["expected 1 parameter groups, got 2", new optim.Adam([{ params: [leaf([1])] }, { params: [leaf([1])] }])],
    ["expected 1 parameters in group 0, got 2", new optim.Adam([leaf([1]), leaf([1])])],
    ["exp_avg of parameter 0 must be [1], got [2]", new optim.Adam([withGrad([1, 2], [1, 1])])],
  ])("that does not fit is refused: %s", (message, other) => {
    other.step();
    const optimizer = new optim.Adam([leaf([1])]);
    expect(() => optimizer.loadStateDict(other.stateDict())).toThrow(ArgumentError);
    expect(() => optimizer.loadStateDict(other.stateDict())).toThrow(message);
  });
});

describe("clipping", () => {
  it("takes one tensor, leaves out those without a gradient, and gives 0 for none", () => {
    const w = withGrad([0, 0], [3, 4]);
    expect(optim.clipGradNorm(w, 10).itemSync()).toBe(5);
    expect(w.grad!.toArraySync()).toEqual([3, 4]);
    expect(optim.clipGradNorm([leaf([1])], 10).itemSync()).toBe(0);
    optim.clipGradValue([leaf([1])], 1);
  });

  it("passes NaN on, or says so", () => {
    const w = withGrad([0, 0], [Number.NaN, 4]);
    expect(() => optim.clipGradNorm([w], 1, { errorIfNonfinite: true })).toThrow("the norm of the gradients is NaN");
    expect(w.grad!.toArraySync()).toEqual([Number.NaN, 4]);
    optim.clipGradValue([w], 3);
    expect(w.grad!.toArraySync()).toEqual([Number.NaN, 3]);
    expect(optim.clipGradNorm([w], 1).itemSync()).toBeNaN();
    expect(w.grad!.toArraySync()).toEqual([Number.NaN, Number.NaN]);
  });
});

describe("schedules", () => {
  const { CyclicLR, OneCycleLR, ReduceLROnPlateau, SequentialLR, StepLR } = optim.lrScheduler;
  const sgd = (options = {}) => new optim.SGD([zeros([1], { requiresGrad: true })], { lr: 0.1, ...options });
  it.each([
    ["StepLR: stepSize must be whole and at least 1, got 0.5", () => new StepLR(sgd(), { stepSize: 0.5 })],
    [
      "OneCycleLR: expected totalSteps, or epochs and stepsPerEpoch, got neither",
      () => new OneCycleLR(sgd(), { maxLr: 1 }),
    ],
    [
      "OneCycleLR: maxLr must have 1 values, one a group, got 2",
      () => new OneCycleLR(sgd(), { maxLr: [1, 2], totalSteps: 3 }),
    ],
    [
      "CyclicLR: mode must be triangular, triangular2 or exp_range, got square",
      () => new CyclicLR(sgd(), { baseLr: 0, maxLr: 1, mode: "square" as never }),
    ],
    [
      "CyclicLR: cycleMomentum needs an optimiser with momentum or betas",
      () => new CyclicLR(new optim.Adagrad([zeros([1])]), { baseLr: 0, maxLr: 1 }),
    ],
    ["ReduceLROnPlateau: factor must be below 1, got 1", () => new ReduceLROnPlateau(sgd(), { factor: 1 })],
    ["ReduceLROnPlateau: step needs a number, got object", () => new ReduceLROnPlateau(sgd()).step(zeros([]) as never)],
    [
      "SequentialLR: all schedules must belong to the same optimiser",
      () => {
        const [a, b] = [sgd(), sgd()];
        new SequentialLR(a, {
          schedulers: [new StepLR(a, { stepSize: 1 }), new StepLR(b, { stepSize: 1 })],
          milestones: [1],
        });
      },
    ],
    [
      "OneCycleLR: step 3 of 1",
      () => {
        const schedule = new OneCycleLR(sgd(), { maxLr: 1, totalSteps: 1, pctStart: 1 });
        schedule.step();
        schedule.step();
      },
    ],
  ])("refuse: %s", (message, act) => {
    expect(act).toThrow(ArgumentError);
    expect(act).toThrow(message);
  });
});
