import { expect, test } from "vitest";
import { History } from "./history.ts";
import { finalLine, metricName, progressOf, statusLine } from "./progress.ts";

function after(steps: number, epochs = 5, batches = 45): History {
  const history = new History(epochs, batches, ["loss", "accuracy"]);
  for (let step = 0; step < steps; step++) history.addStep({ loss: 0.21, accuracy: 0.9375 });
  return history;
}

test("epochs and batches count from 1", () => {
  expect(progressOf(after(1), 10)).toMatchObject({ epoch: 1, batch: 1 });
  expect(progressOf(after(45), 10)).toMatchObject({ epoch: 1, batch: 45 });
  expect(progressOf(after(46), 10)).toMatchObject({ epoch: 2, batch: 1 });
  expect(progressOf(after(225), 10)).toMatchObject({ epoch: 5, batch: 45, remainingMs: 0 });
});

test("the time left follows from the time taken", () => {
  expect(progressOf(after(90), 2_000)).toMatchObject({ elapsedMs: 2_000, remainingMs: 3_000 });
});

test("the status says where the run stands", () => {
  const line = statusLine(progressOf(after(102), 3_320));
  expect(line).toBe("epoch 3/5 · batch 12/45 · loss 0.21 · accuracy 93.8 % · 4 s left");
});

test("long times are told in minutes and hours", () => {
  expect(statusLine(progressOf(after(45), 40_000))).toContain("2 min 40 s left");
  expect(statusLine(progressOf(after(45), 3_600_000))).toContain("4 h 0 min left");
});

test("the last line tells the whole run, or how far it came", () => {
  expect(finalLine(progressOf(after(225), 4_000), 5)).toBe("5 epochs in 4 s · loss 0.21 · accuracy 93.8 %");
  expect(finalLine(progressOf(after(100), 4_000), 100 / 45)).toContain("2.2 of 5 epochs in 4 s");
});

test("a loop that reports once an epoch has no batches", () => {
  const history = new History(10, 1, []);
  history.addEpoch({ loss: 1 });
  history.addEpoch({ loss: 0.5 });
  expect(statusLine(progressOf(history, 1_000))).toBe("epoch 2/10 · loss 0.5 · 4 s left");
});

test("a loss that is no number is said to be NaN and does not spoil the mean of what follows", () => {
  const history = after(10);
  history.addStep({ loss: Number.NaN });
  expect(statusLine(progressOf(history, 100))).toContain("loss NaN");
  history.addStep({ loss: 0.21 });
  expect(statusLine(progressOf(history, 100))).toContain("loss 0.21");
});

test("metric names become words", () => {
  expect(["testAccuracy", "loss", "val_loss"].map(metricName)).toEqual(["test accuracy", "loss", "val loss"]);
});
