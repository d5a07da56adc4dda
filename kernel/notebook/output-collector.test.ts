import { expect, it } from "vitest";
import type { CodeCell } from "./nbformat.ts";
import { OutputCollector } from "./output-collector.ts";

const newCell = (): CodeCell => ({ cell_type: "code", metadata: {}, source: "", execution_count: null, outputs: [] });
const shown = (text: string, display_id?: string) => ({
  data: { "text/plain": text },
  metadata: {},
  transient: display_id === undefined ? {} : { display_id },
});

it("lets a stream grow and starts another output for another stream", () => {
  const cell = newCell();
  const collector = new OutputCollector();
  for (const [name, text] of [
    ["stdout", "a\n"],
    ["stdout", "b"],
    ["stderr", "e"],
  ] as const) {
    collector.add(cell, { type: "stream", content: { name, text } });
  }
  expect(cell.outputs).toEqual([
    { output_type: "stream", name: "stdout", text: ["a\n", "b"] },
    { output_type: "stream", name: "stderr", text: ["e"] },
  ]);
});

it("updates a display wherever it stands", () => {
  const [first, second] = [newCell(), newCell()];
  const collector = new OutputCollector();
  collector.add(first, { type: "display_data", content: shown("1", "d") });
  collector.add(second, { type: "update_display_data", content: shown("2", "d") });
  expect(first.outputs).toEqual([{ output_type: "display_data", data: { "text/plain": ["2"] }, metadata: {} }]);
  expect(second.outputs).toEqual([]);
});

it("clears at once, or when the next output comes", () => {
  const cell = newCell();
  const collector = new OutputCollector();
  collector.add(cell, { type: "display_data", content: shown("1") });
  collector.add(cell, { type: "clear_output", content: { wait: true } });
  expect(cell.outputs).toHaveLength(1);
  collector.add(cell, { type: "display_data", content: shown("2") });
  expect(cell.outputs).toHaveLength(1);
  collector.add(cell, { type: "clear_output", content: { wait: false } });
  expect(cell.outputs).toEqual([]);
});
