import { expect, it } from "vitest";
import { ShellQueue } from "./shell-queue.ts";

const [a, b, c, d] = [{ name: "a" }, { name: "b" }, { name: "c" }, { name: "d" }];

it("handles one after the other, in order, without what was taken out", async () => {
  const done: object[] = [];
  const gates: (() => void)[] = [];
  const queue = new ShellQueue(async (job) => {
    await new Promise<void>((resolve) => gates.push(resolve));
    done.push(job);
  });
  for (const job of [a, b, c, d]) queue.push(job);
  expect(queue.current).toBe(a);
  expect(queue.remove((job) => job === a || job === b)).toEqual([b]);
  for (let i = 0; i < 3; i++) {
    await expect.poll(() => gates.length).toBe(i + 1);
    gates[i]?.();
  }
  await expect.poll(() => done).toEqual([a, c, d]);
  expect(queue.current).toBeUndefined();
});

it("is full at some length, so that a client in a loop fills no memory", () => {
  const queue = new ShellQueue(() => new Promise(() => {}));
  let pushed = 0;
  for (; !queue.isFull; pushed++) queue.push({});
  expect(pushed).toBe(10_001);
});
