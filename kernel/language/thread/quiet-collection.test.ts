import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ownHeap, QuietCollection } from "./quiet-collection.ts";

const MB = 2 ** 20;
let size = 0;
let collections = 0;
const heap = {
  sizeBytes: () => size,
  async collect() {
    collections++;
    size = 90 * MB;
  },
};

beforeEach(() => {
  vi.useFakeTimers();
  collections = 0;
});
afterEach(() => {
  vi.useRealTimers();
});

it("collects once after a quiet time, and not while answers follow each other", () => {
  const collection = new QuietCollection(heap);
  size = 150 * MB;
  for (let answer = 0; answer < 10; answer++) {
    collection.restart();
    vi.advanceTimersByTime(1500);
  }
  expect(collections).toBe(0);
  vi.advanceTimersByTime(60_000);
  expect(collections).toBe(1);
});

it("collects again only when the heap has grown", async () => {
  const collection = new QuietCollection(heap);
  const answerThatLeaves = async (bytes: number) => {
    size = bytes;
    collection.restart();
    await vi.advanceTimersByTimeAsync(5000);
    return collections;
  };
  expect(await answerThatLeaves(150 * MB)).toBe(1);
  expect(await answerThatLeaves(100 * MB)).toBe(1);
  expect(await answerThatLeaves(110 * MB)).toBe(2);
});

it("gives pages of the real heap back", async () => {
  let garbage: unknown[] | undefined = Array.from({ length: 1_000_000 }, (_, index) => ({ index }));
  const before = ownHeap.sizeBytes();
  expect(garbage.length).toBe(1_000_000);
  garbage = undefined;
  await ownHeap.collect();
  expect(ownHeap.sizeBytes()).toBeLessThan(before - 16 * MB);
});
