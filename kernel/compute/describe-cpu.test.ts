import { expect, it } from "vitest";
import { describeThreads } from "./describe-cpu.ts";

it("one thread is no threads", () => {
  expect([{}, { threads: 1 }, { threads: 4 }].map(describeThreads)).toEqual(["1 thread", "1 thread", "4 threads"]);
});
