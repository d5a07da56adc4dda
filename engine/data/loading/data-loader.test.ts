import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { arange, data, Generator, manualSeed, tensor } from "../../index.ts";

const numbers = (n: number) => new data.TensorDataset(arange(n), arange(n).mul(10));

describe("a data loader", () => {
  it("gives batches in order, the last one smaller or left out", () => {
    const loader = new data.DataLoader(numbers(5), { batchSize: 2 });
    expect(Array.from(loader, ([x]) => x!.toArraySync())).toEqual([[0, 1], [2, 3], [4]]);
    expect(loader.length).toBe(3);
    const whole = new data.DataLoader(numbers(5), { batchSize: 2, dropLast: true });
    expect(Array.from(whole, ([, y]) => y!.toArraySync())).toEqual([
      [0, 10],
      [20, 30],
    ]);
    expect(whole.length).toBe(2);
  });

  it("shuffles anew in every epoch, and alike after the same seed", () => {
    const loader = new data.DataLoader(numbers(20), { batchSize: 20, shuffle: true });
    const epochs = () => [1, 2].map(() => Array.from(loader, ([x]) => x!.toArraySync())[0] as number[]);
    manualSeed(1);
    const [first, second] = epochs() as [number[], number[]];
    expect(first).not.toEqual(second);
    expect(first.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    manualSeed(1);
    expect(epochs()).toEqual([first, second]);
  });

  it("stacks the samples of a data set that knows no batches", () => {
    const squares: data.Dataset = { length: 3, get: (i) => [tensor([i, i * i])] };
    const [batch] = [...new data.DataLoader(squares, { batchSize: 3 })];
    expect(batch![0]!.toArraySync()).toEqual([
      [0, 0],
      [1, 1],
      [2, 4],
    ]);
  });

  it("lets timers run in a long asynchronous loop", async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    for await (const _ of new data.DataLoader(numbers(12))) {
      const end = performance.now() + 5;
      while (performance.now() < end);
    }
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(1);
    await delay(0);
  });

  it("refuses batches of nothing", () => {
    expect(() => new data.DataLoader(numbers(2), { batchSize: 0 })).toThrow(
      "batchSize must be whole and at least 1, got 0",
    );
  });
});

describe("randomSplit", () => {
  it("cuts a data set into parts that share nothing", () => {
    const [train, test] = data.randomSplit(numbers(10), [7, 3], { generator: new Generator(3) });
    expect([train.length, test.length]).toEqual([7, 3]);
    expect(new Set([...train.indices, ...test.indices]).size).toBe(10);
    expect(train.get(0)[0]!.itemSync()).toBe(train.indices[0]);
  });

  it("needs lengths that add up", () => {
    expect(() => data.randomSplit(numbers(10), [7, 2])).toThrow("lengths add up to 9, the data set has 10 samples");
  });
});
