// Collects what cells send into the outputs of a notebook file, as a front end would: streams grow, displays with an id
// are updated wherever they stand, clear_output clears.

import type { CellOutput } from "#protocol";
import { type CodeCell, type Output, toLines, toText } from "./nbformat.ts";

type Display = Extract<Output, { output_type: "display_data" }>;

export class OutputCollector {
  readonly #displays = new Map<string, Display[]>();
  readonly #clearOnNext = new Set<CodeCell>();

  add(cell: CodeCell, output: CellOutput): void {
    if (output.type === "update_display_data") {
      this.#update(output.content.transient.display_id, output.content.data);
    } else if (output.type === "clear_output") {
      if (output.content.wait) this.#clearOnNext.add(cell);
      else cell.outputs = [];
    } else {
      if (this.#clearOnNext.delete(cell)) cell.outputs = [];
      const last = cell.outputs.at(-1);
      if (output.type === "stream" && last?.output_type === "stream" && last.name === output.content.name) {
        last.text = toLines(toText(last.text) + output.content.text);
      } else cell.outputs.push(this.#toOutput(output));
    }
  }

  #toOutput(output: Exclude<CellOutput, { type: "update_display_data" | "clear_output" }>): Output {
    switch (output.type) {
      case "stream":
        return { output_type: "stream", name: output.content.name, text: toLines(output.content.text) };
      case "error":
        return { output_type: "error", ...output.content };
      case "execute_result": {
        const { data, metadata, execution_count } = output.content;
        return { output_type: "execute_result", execution_count, data: toFileData(data), metadata };
      }
      case "display_data": {
        const { data, metadata, transient } = output.content;
        const display: Display = { output_type: "display_data", data: toFileData(data), metadata };
        const id = transient.display_id;
        if (id !== undefined) this.#displays.set(id, [...(this.#displays.get(id) ?? []), display]);
        return display;
      }
    }
  }

  #update(id: string | undefined, data: Readonly<Record<string, unknown>>): void {
    for (const display of this.#displays.get(id ?? "") ?? []) display.data = toFileData(data);
  }
}

/** Text representations become lists of lines; JSON and base64 stay as they are. */
function toFileData(data: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(data).map(([type, value]) => [
      type,
      typeof value === "string" && (type.startsWith("text/") || type === "image/svg+xml") ? toLines(value) : value,
    ]),
  );
}
