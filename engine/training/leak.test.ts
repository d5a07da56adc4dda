// Memory over a long training: what thousands of steps leave behind is what a hundred leave, in the plain loop and in fit.

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
// Under another name: Biome takes fit( in a test file for a focused test.
import { device, manualSeed, memory, metrics, nn, optim, randint, randn, fit as train } from "../index.ts";

/** A GPU that a program plays needs a tenth of a second for what a processor does in one of a thousandth. */
const fewer = device() === "webgpu" ? 10 : 1;

setFlagsFromString("--expose_gc");
const collect = runInNewContext("gc") as () => void;

interface Memory {
  readonly tensors: number;
  readonly bytes: number;
}

/** Collects until finalizers have nothing left to report. */
async function settled(): Promise<Memory> {
  for (let round = 0; round < 5; round++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const { tensors, bytes } = memory();
  return { tensors, bytes };
}

/**
 * What the last step made may still be on the stack when memory is counted: a few tensors more or less. One tensor left
 * in a hundred steps would already be more than that.
 */
function expectSame(late: Memory, early: Memory): void {
  expect(Math.abs(late.tensors - early.tensors)).toBeLessThan(10);
  expect(Math.abs(late.bytes - early.bytes)).toBeLessThan(10_000);
}

function tinyRun() {
  manualSeed(0);
  const model = new nn.Sequential(new nn.Linear(2, 3), new nn.Tanh(), new nn.Linear(3, 1));
  const batch = [randn([4, 2]), randn([4, 1])] as const;
  return { model, optimizer: new optim.Adam(model.parameters()), batch };
}

it("10,000 steps of a loop with Adam, clipping and a schedule keep memory constant", { timeout: 120_000 }, async () => {
  const { model, optimizer, batch } = tinyRun();
  const schedule = new optim.lrScheduler.CosineAnnealingLR(optimizer, { tMax: 1000 });
  const loop = async (steps: number) => {
    for (let step = 1; step <= steps; step++) {
      const loss = nn.functional.mseLoss(model.forward(batch[0]), batch[1]);
      optimizer.zeroGrad();
      loss.backward();
      optim.clipGradNorm(optimizer.parameters, 1);
      optimizer.step();
      schedule.step();
      if (step % 500 === 0) await new Promise((resolve) => setTimeout(resolve));
    }
  };
  await loop(100);
  const early = await settled();
  await loop(10_000 / fewer);
  expectSame(await settled(), early);
});

it("10,000 steps of fit with metrics keep memory constant", { timeout: 120_000 }, async () => {
  const { model, optimizer, batch } = tinyRun();
  const loop = (batches: number, epochs: number) =>
    train(
      model,
      Array.from({ length: batches }, () => batch),
      {
        loss: nn.functional.mseLoss,
        optimizer,
        epochs,
        metrics: { error: new metrics.MeanAbsoluteError() },
        clipGradNorm: 1,
      },
    );
  await loop(100, 2);
  const early = await settled();
  await loop(1_000 / fewer, 10);
  expectSame(await settled(), early);
});

it("1,000 steps of an LSTM through time keep memory constant", { timeout: 120_000 }, async () => {
  manualSeed(0);
  const [lstm, head] = [new nn.LSTM(3, 4, { numLayers: 2, batchFirst: true, dropout: 0.1 }), new nn.Linear(4, 2)];
  const optimizer = new optim.RMSprop([...lstm.parameters(), ...head.parameters()], { lr: 1e-3, momentum: 0.9 });
  const [x, y] = [randn([4, 6, 3]), randint(0, 2, [4])];
  const loop = async (steps: number) => {
    for (let step = 1; step <= steps; step++) {
      const [output] = lstm.forward(x);
      const loss = nn.functional.crossEntropy(head.forward(output.select(1, -1)), y);
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
      if (step % 100 === 0) await new Promise((resolve) => setTimeout(resolve));
    }
  };
  await loop(20);
  const early = await settled();
  await loop(1_000 / fewer);
  expectSame(await settled(), early);
});
