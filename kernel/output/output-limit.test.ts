import { expect, it } from "vitest";
import type { CellOutput } from "#protocol";
import { SettingError } from "../settings/setting-error.ts";
import { outputLimitMb } from "./limit.ts";
import { OutputLimit } from "./output-limit.ts";

const stream = (text: string, name: "stdout" | "stderr" = "stdout"): CellOutput => ({
  type: "stream",
  content: { name, text },
});
const display: CellOutput = { type: "display_data", content: { data: {}, metadata: {}, transient: {} } };
const textOf = (sent: readonly CellOutput[], name = "stdout") =>
  sent.map(({ type, content }) => (type === "stream" && content.name === name ? content.text : "")).join("");

function printed(limitMb: number) {
  const sent: CellOutput[] = [];
  return { sent, limit: new OutputLimit((output) => sent.push(output), limitMb) };
}

it("passes what is below the limit as it is, and says nothing at the end", () => {
  const { sent, limit } = printed(1);
  const outputs = [stream("a".repeat(500_000)), stream("e", "stderr"), display, stream("b".repeat(400_000))];
  for (const output of outputs) limit.push(output);
  limit.end();
  expect(sent).toEqual(outputs);
});

it("keeps back what is beyond, says so once, and ends with the last 64 KB and the megabytes that are missing", () => {
  const { sent, limit } = printed(1);
  for (let i = 0; i < 3_000; i++) limit.push(stream(`${String(i).padStart(999)}\n`));
  limit.push(display);
  expect(sent.at(-1)).toBe(display);
  const before = sent.length;
  expect(textOf(sent, "stderr").match(/kept back/g)).toHaveLength(1);
  limit.end();
  expect(textOf(sent, "stderr")).toContain("[1.9 MB were left out here. The last lines:]");
  const tail = textOf(sent.slice(before));
  expect(tail.endsWith("2999\n")).toBe(true);
  expect(tail.length).toBeGreaterThanOrEqual(64 * 1024);
  expect(tail.length).toBeLessThan(67 * 1024);
  expect(sent.length).toBeLessThan(1_100);
});

it("keeps of a single huge text the start of nothing and its end", () => {
  const { sent, limit } = printed(0.1);
  limit.push(stream(`${"x".repeat(5e6)}end`));
  limit.end();
  expect(textOf(sent).endsWith("xend")).toBe(true);
  expect(textOf(sent)).toHaveLength(64 * 1024);
});

it("leaves out what a capped cell prints after its end", () => {
  const { sent, limit } = printed(0.1);
  limit.push(stream("x".repeat(200_000)));
  limit.end();
  const before = sent.length;
  limit.push(stream("late"));
  expect(sent).toHaveLength(before);
});

it("takes its limit from the environment, and says what is wrong with it", () => {
  expect(outputLimitMb(undefined)).toBe(10);
  expect(outputLimitMb("")).toBe(10);
  expect(outputLimitMb("2.5")).toBe(2.5);
  for (const wrong of ["0", "-1", "many", "NaN"]) expect(() => outputLimitMb(wrong)).toThrow(`got "${wrong}"`);
  expect(() => outputLimitMb("many")).toThrow(SettingError);
});
