import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { CellOutput } from "#protocol";
import { StreamJoiner } from "./stream-joiner.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const stream = (text: string, name: "stdout" | "stderr" = "stdout"): CellOutput => ({
  type: "stream",
  content: { name, text },
});
const display: CellOutput = { type: "display_data", content: { data: {}, metadata: {}, transient: {} } };

it("joins texts that follow each other closely", () => {
  const sent: CellOutput[] = [];
  const joiner = new StreamJoiner((output) => sent.push(output));
  joiner.push(stream("a"));
  joiner.push(stream("b"));
  expect(sent).toEqual([]);
  vi.advanceTimersByTime(40);
  expect(sent).toEqual([stream("ab")]);
});

it("keeps the order of stdout, stderr and displays", () => {
  const sent: CellOutput[] = [];
  const joiner = new StreamJoiner((output) => sent.push(output));
  for (const output of [stream("a"), stream("e", "stderr"), display, stream("b")]) joiner.push(output);
  joiner.flush();
  expect(sent).toEqual([stream("a"), stream("e", "stderr"), display, stream("b")]);
});

it("sends at once what has grown large", () => {
  const sent: CellOutput[] = [];
  new StreamJoiner((output) => sent.push(output)).push(stream("x".repeat(64 * 1024)));
  expect(sent).toHaveLength(1);
});
