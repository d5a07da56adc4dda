// Schedules give PyTorch's learning rates and momenta, step by step, and go on from a state dict as if never interrupted.

import { describe, expect, it } from "vitest";
import { optim, zeros } from "#engine";
import { readGolden } from "./golden.ts";
import { fromTorch, type TorchOptions } from "./torch-options.ts";

interface Row {
  readonly name: string;
  readonly optimiser: "SGD" | "Adam" | "Adagrad";
  readonly options: TorchOptions;
  readonly steps: readonly { readonly lr: readonly number[]; readonly momentum: readonly (number | null)[] }[];
}

const golden = readGolden<{
  readonly values: readonly number[];
  readonly rows: readonly Row[];
  readonly fractions: readonly { readonly tMult: number; readonly rates: readonly number[] }[];
}>("schedules");

type AnySchedule = optim.lrScheduler.Scheduler | optim.lrScheduler.ReduceLROnPlateau;
type Maker = new (optimizer: unknown, options: unknown) => AnySchedule;

const { ChainedScheduler, CosineAnnealingWarmRestarts, ReduceLROnPlateau } = optim.lrScheduler;
const lambdas: Record<string, (epoch: number) => number> = {
  decay: (epoch) => 0.95 ** epoch,
  inverse: (epoch) => 1 / (1 + epoch),
  constant: () => 0.9,
};

function makeOptimizer(kind: Row["optimiser"]) {
  const groups = [
    { params: [zeros([1], { requiresGrad: true })], lr: 0.1 },
    { params: [zeros([1], { requiresGrad: true })], lr: 0.4 },
  ];
  return kind === "SGD" ? new optim.SGD(groups, { momentum: 0.9 }) : new optim[kind](groups);
}

function makeSchedule(optimizer: ReturnType<typeof makeOptimizer>, name: string, torch: TorchOptions): AnySchedule {
  const options = fromTorch(torch);
  for (const key of ["lrLambda", "scaleFn"]) {
    const value = options[key];
    if (value === undefined) continue;
    options[key] = Array.isArray(value) ? value.map((each) => lambdas[each]!) : lambdas[value as string]!;
  }
  if (options.schedulers !== undefined) {
    const parts = options.schedulers as readonly [string, TorchOptions][];
    options.schedulers = parts.map(([part, partOptions]) => makeSchedule(optimizer, part, partOptions));
  }
  if (name === "ChainedScheduler") return new ChainedScheduler(options.schedulers as optim.lrScheduler.Scheduler[]);
  const kinds = optim.lrScheduler as unknown as Readonly<Record<string, Maker>>;
  return new kinds[name]!(optimizer, options);
}

function advance(schedule: AnySchedule, step: number): void {
  if (schedule instanceof ReduceLROnPlateau) schedule.step(golden.values[step]!);
  else schedule.step();
}

function expectRates(actual: readonly number[], expected: readonly number[], step: number): void {
  expected.forEach((rate, group) => {
    expect(Math.abs(actual[group]! - rate), `step ${step}: ${actual[group]} is not ${rate}`).toBeLessThanOrEqual(
      1e-12 + 1e-9 * Math.abs(rate),
    );
  });
}

describe("schedules agree with PyTorch", () => {
  const rows = golden.rows.map((row) => [`${row.name} ${JSON.stringify(row.options)}`, row] as const);

  it("in all kinds, over 30 steps", () => {
    expect(rows.length).toBeGreaterThanOrEqual(39);
    expect(new Set(golden.rows.map(({ name }) => name)).size).toBe(15);
  });

  it.each(rows)("%s", (_, row) => {
    const optimizer = makeOptimizer(row.optimiser);
    const schedule = makeSchedule(optimizer, row.name, row.options);
    row.steps.forEach(({ lr, momentum }, step) => {
      expectRates(
        optimizer.paramGroups.map((group) => group.lr),
        lr,
        step,
      );
      expect(schedule.lastLr).toEqual(optimizer.paramGroups.map((group) => group.lr));
      const momenta = (optimizer.paramGroups as readonly optim.lrScheduler.ScheduledGroup[]).map(
        (group) => group.momentum ?? group.betas?.[0],
      );
      momentum.forEach((wanted, group) => {
        if (wanted !== null) expect(momenta[group]).toBeCloseTo(wanted, 9);
      });
      if (step < 30) advance(schedule, step);
    });
  });

  it.each(rows)("%s goes on from a state dict", (_, row) => {
    const first = makeOptimizer(row.optimiser);
    const interrupted = makeSchedule(first, row.name, row.options);
    for (let step = 0; step < 11; step++) advance(interrupted, step);
    const saved = JSON.stringify([first.stateDict().param_groups, interrupted.stateDict()], keepInfinity);
    const [groups, state] = JSON.parse(saved, reviveInfinity);

    const second = makeOptimizer(row.optimiser);
    const resumed = makeSchedule(second, row.name, row.options);
    second.loadStateDict({ state: {}, param_groups: groups });
    resumed.loadStateDict(state);
    expectRates(resumed.lastLr, row.steps[11]!.lr, 11);
    for (let step = 11; step < 30; step++) advance(resumed, step);
    expectRates(
      second.paramGroups.map((group) => group.lr),
      row.steps[30]!.lr,
      30,
    );
  });

  it.each(golden.fractions)("warm restarts within epochs, tMult $tMult", ({ tMult, rates }) => {
    const optimizer = new optim.SGD([zeros([1])], { lr: 0.4 });
    const schedule = new CosineAnnealingWarmRestarts(optimizer, { t0: 3, tMult });
    rates.forEach((rate, i) => {
      schedule.step(i / 5);
      expectRates([optimizer.lr], [rate], i);
    });
  });
});

const keepInfinity = (_: string, value: unknown) => (value === Infinity ? "Infinity" : value);
const reviveInfinity = (_: string, value: unknown) => (value === "Infinity" ? Infinity : value);
