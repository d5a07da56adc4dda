import { expect, it } from "vitest";
import { type EngineListener, TaskListeners } from "./task-listeners.ts";

const listener = (): EngineListener => ({
  output() {},
  comm() {},
  ask: async () => ({ value: null }),
  page() {},
  strayError() {},
});

it("finds a task's listener while it runs and after its end; what is older goes to the newest", () => {
  const listeners = new TaskListeners();
  const all = Array.from({ length: 3_000 }, listener);
  for (const [cell, one] of all.entries()) {
    listeners.begin(cell, one);
    if (cell !== 1) listeners.end(cell);
  }
  expect(listeners.of(1)).toBe(all[1]); // still runs
  expect(listeners.of(2_500)).toBe(all[2_500]);
  expect(listeners.of(0)).toBe(all[2_999]); // forgotten
  expect(listeners.latest).toBe(all[1]);
  listeners.end(1);
  expect(listeners.latest).toBe(all[2_999]);
});
