// Memory over many steps: what 300 steps of training leave behind is what 10 leave.

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { manualSeed, memory, nn, optim, randn } from "../index.ts";

setFlagsFromString("--expose_gc");
const collect = runInNewContext("gc") as () => void;

/** Collects until finalizers have nothing left to report. */
async function settled(): Promise<{ tensors: number; bytes: number }> {
  for (let round = 0; round < 5; round++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const { tensors, bytes } = memory();
  return { tensors, bytes };
}

it.each([
  ["SGD", (p: nn.Parameter[]) => new optim.SGD(p, { lr: 0.01, momentum: 0.9 })],
  ["Adam", (p: nn.Parameter[]) => new optim.Adam(p)],
] as const)("300 steps of %s keep memory constant", async (_, make) => {
  manualSeed(0);
  const model = new nn.Sequential(new nn.Linear(8, 32), new nn.Tanh(), new nn.Dropout(0.1), new nn.Linear(32, 1));
  const optimizer = make(model.parameters());
  const [x, y] = [randn([64, 8]), randn([64, 1])];
  const train = (steps: number) => {
    for (let i = 0; i < steps; i++) {
      const loss = nn.functional.mseLoss(model.forward(x), y);
      optimizer.zeroGrad();
      loss.backward();
      optimizer.step();
    }
  };
  train(10);
  const early = await settled();
  train(300);
  const late = await settled();
  expect(late).toEqual(early);
  // Parameters, their gradients, the data, and at most two states of the optimiser a parameter.
  expect(late.tensors).toBeLessThanOrEqual(4 * model.parameters().length + 2);
  expect(memory().pooledBytes).toBeLessThan(2 ** 20);
});
