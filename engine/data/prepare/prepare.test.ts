import { describe, expect, it } from "vitest";
import { arange, data, tensor } from "../../index.ts";

describe("a standardiser", () => {
  const train = tensor([
    [1, 10, 5],
    [3, 30, 5],
  ]);

  it("brings the training data to mean 0 and deviation 1, and leaves a constant column in peace", () => {
    const scaler = data.standardiser(train);
    expect(scaler.apply(train).toArraySync()).toEqual([
      [-1, -1, 0],
      [1, 1, 0],
    ]);
  });

  it("scales other data with the numbers of the training data, and back", () => {
    const scaler = data.standardiser(train);
    const test = tensor([[5, 0, 6]]);
    expect(scaler.apply(test).toArraySync()).toEqual([[3, -2, 1]]);
    expect(scaler.invert(scaler.apply(test)).toArraySync()).toEqual([[5, 0, 6]]);
  });

  it("takes a single series, and refuses none", () => {
    expect(
      data
        .normaliser(tensor([2, 4, 3]))
        .apply(tensor([2, 4, 3]))
        .toArraySync(),
    ).toEqual([0, 1, 0.5]);
    expect(() => data.standardiser(tensor(1))).toThrow("needs at least one row");
  });
});

describe("windows", () => {
  it("slide over a series of features", () => {
    const series = arange(10).reshape(5, 2);
    const set = data.windows(series, { length: 2 });
    expect(set.length).toBe(3);
    const [batch] = new data.DataLoader(set, { batchSize: 3 });
    expect(batch!.map(({ shape }) => shape)).toEqual([
      [3, 2, 2],
      [3, 1, 2],
    ]);
    expect(set.get(2).map((part) => part.toArraySync())).toEqual([
      [
        [4, 5],
        [6, 7],
      ],
      [[8, 9]],
    ]);
  });

  it("say when a series is too short, and what window there is not", () => {
    expect(() => data.windows(arange(5), { length: 4, horizon: 2 })).toThrow("5 steps are too few, 6 are needed");
    expect(() => data.windows(arange(5), { length: 0 })).toThrow("length must be whole and at least 1, got 0");
    expect(() => data.windows(arange(5), { length: 2 }).get(3)).toThrow("there is no window 3 of 3");
    expect(() => data.nextTokens(arange(3), { length: 3 })).toThrow("3 steps are too few, 4 are needed");
  });

  it("of tokens keep their dtype, for embeddings", () => {
    const [x, y] = data.nextTokens(arange(9), { length: 8 }).get(0);
    expect([x.dtype, y.dtype, y.toArraySync()]).toEqual(["int32", "int32", [1, 2, 3, 4, 5, 6, 7, 8]]);
  });
});

describe("a vocabulary", () => {
  it("reads back what it wrote, beyond the basic plane too", () => {
    const text = "déjà 😀 vu\n";
    const vocabulary = new data.CharVocabulary(text);
    expect(vocabulary.size).toBe(new Set(text).size);
    expect(vocabulary.decode(vocabulary.encode(text).dataSync())).toBe(text);
    expect(vocabulary.characters.at(-1)).toBe("😀");
  });

  it("is made of many texts as of one", () => {
    expect(new data.CharVocabulary(["ab", "bc"]).characters).toEqual(["a", "b", "c"]);
  });

  it("knows what it does not know", () => {
    const vocabulary = new data.CharVocabulary("ab");
    expect(() => vocabulary.encode("abc")).toThrow('"c" is none of the 2 characters');
    expect(() => vocabulary.decode([2])).toThrow("there is no character 2 of 2");
    expect(() => new data.CharVocabulary("")).toThrow("the text is empty");
  });
});
