import { describe, expect, it } from "vitest";
import { arange, data, Generator, tensor } from "../../index.ts";

const numbers = (n: number, from = 0) => new data.TensorDataset(arange(from, from + n));
const valuesOf = (loader: Iterable<readonly { toArraySync(): unknown }[]>) =>
  Array.from(loader, ([x]) => x!.toArraySync());

describe("data sets one after the other", () => {
  const both = new data.ConcatDataset([numbers(3), numbers(0), numbers(2, 10)]);

  it("count on", () => {
    expect(both.length).toBe(5);
    expect([0, 2, 3, 4, -1].map((i) => both.get(i)[0].itemSync())).toEqual([0, 2, 10, 11, 11]);
  });

  it("give batches across their seams", () => {
    expect(valuesOf(new data.DataLoader(both, { batchSize: 2 }))).toEqual([[0, 1], [2, 10], [11]]);
  });

  it("say which sample there is not", () => {
    expect(() => both.get(5)).toThrow("ConcatDataset: there is no sample 5 of 5");
    expect(() => both.get(-6)).toThrow("there is no sample -1 of 5");
    expect(() => new data.ConcatDataset([])).toThrow("at least one data set is needed");
  });
});

describe("a subset", () => {
  it("refuses samples that there are not, at once", () => {
    expect(() => new data.Subset(numbers(3), [0, 3])).toThrow("Subset: there is no sample 3 of 3");
    expect(() => new data.Subset(numbers(3), [2]).get(1)).toThrow("there is no sample 1 of 1");
  });
});

describe("a split by fractions", () => {
  // torch 1.13.1: [len(s) for s in random_split(range(n), fractions)]
  it.each([
    [10, [0.5, 0.5], [5, 5]],
    [11, [0.5, 0.5], [6, 5]],
    [1797, [0.8, 0.1, 0.1], [1438, 180, 179]],
    [5, [0.1, 0.9], [1, 4]],
    [3, [1], [3]],
  ])("cuts %i samples by %j into %j, as torch does", (samples, fractions, lengths) => {
    const parts = data.randomSplit(numbers(samples), fractions);
    expect(parts.map(({ length }) => length)).toEqual(lengths);
    expect(new Set(parts.flatMap(({ indices }) => [...indices])).size).toBe(samples);
  });

  it("gives the parts that the numbers give for the same seed", () => {
    const indices = (lengths: number[]) =>
      data.randomSplit(numbers(10), lengths, { generator: new Generator(7) }).map((part) => [...part.indices]);
    // torch 1.13: random_split(range(10), [.7, .3], torch.Generator().manual_seed(7))
    const parts = [
      [5, 0, 3, 4, 1, 7, 9],
      [6, 8, 2],
    ];
    expect(indices([0.7, 0.3])).toEqual(parts);
    expect(indices([7, 3])).toEqual(parts);
  });

  it("needs fractions that add up to one", () => {
    expect(() => data.randomSplit(numbers(10), [0.7, 0.2])).toThrow("lengths add up to");
    expect(() => data.randomSplit(numbers(10), [1.5, -0.5])).toThrow("randomSplit");
    expect(() => data.randomSplit(numbers(10), [5.5, 4.5])).toThrow("Lengths are whole numbers");
  });
});

describe("a transformed data set", () => {
  it("transforms batches when they are asked for, and anew each time", () => {
    let calls = 0;
    const set = new data.TransformDataset(numbers(4), ([x]) => {
      calls++;
      return [x.mul(10), x] as const;
    });
    const loader = new data.DataLoader(set, { batchSize: 2 });
    expect(calls).toBe(0);
    expect(valuesOf(loader)).toEqual([
      [0, 10],
      [20, 30],
    ]);
    expect(valuesOf(loader).length).toBe(2);
    expect(calls).toBe(4);
    expect(set.get(3).map((part) => part.itemSync())).toEqual([30, 3]);
    expect(set.length).toBe(4);
  });
});

describe("a loader of a stream", () => {
  function* stream(n: number) {
    for (let i = 0; i < n; i++) yield [tensor([i])] as const;
  }
  const anew = (n: number) => ({ [Symbol.iterator]: () => stream(n) });

  it("fills batches as samples come", () => {
    const loader = new data.DataLoader(anew(5), { batchSize: 2 });
    expect(valuesOf(loader)).toEqual([[[0], [1]], [[2], [3]], [[4]]]);
    expect(valuesOf(loader).length).toBe(3);
    expect(valuesOf(new data.DataLoader(anew(5), { batchSize: 2, dropLast: true }))).toEqual([
      [[0], [1]],
      [[2], [3]],
    ]);
  });

  it("waits for samples that take time", async () => {
    const slow = {
      async *[Symbol.asyncIterator]() {
        yield* stream(3);
      },
    };
    const loader = new data.DataLoader(slow, { batchSize: 2 });
    const batches: unknown[] = [];
    for await (const [x] of loader) batches.push(x.toArraySync());
    expect(batches).toEqual([[[0], [1]], [[2]]]);
    expect(() => [...loader]).toThrow("Use `for await (const batch of loader)`.");
  });

  it("has no length and no order", () => {
    expect(() => new data.DataLoader(anew(3)).length).toThrow("an iterable data set has no length");
    expect(() => new data.DataLoader(anew(3), { shuffle: true })).toThrow("no order that could be shuffled");
  });
});

describe("collate", () => {
  it("makes batches of what is no tensor", async () => {
    const loader = new data.DataLoader(["a", "bb", "ccc"], {
      batchSize: 2,
      collate: (words) => ({ lengths: words.map((word) => word.length) }),
    });
    expect([...loader]).toEqual([{ lengths: [1, 2] }, { lengths: [3] }]);
    const awaited: unknown[] = [];
    for await (const batch of loader) awaited.push(batch);
    expect(awaited).toEqual([...loader]);
  });

  it("is asked for where samples cannot be stacked", () => {
    expect(() => [...new data.DataLoader(["a", "b"])]).toThrow(
      "Pass collate, a function from a list of samples to a batch.",
    );
  });

  it("works with a list in random order", () => {
    const letters = () =>
      [
        ...new data.DataLoader(["a", "b", "c", "d"], {
          batchSize: 4,
          shuffle: true,
          generator: new Generator(3),
          collate: (x) => x.join(""),
        }),
      ][0];
    expect(letters()).toBe(letters());
    expect([...letters()!].sort().join("")).toBe("abcd");
  });
});
