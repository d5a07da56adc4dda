// The outputs of one running cell: turns each message of the kernel into an edit of the notebook. Text is appended to the
// stream that is already there, a display is updated in place wherever it stands. VS Code applies edits in the order of the
// calls, so nothing here waits for an edit before the next one. Not the MIME types: output-items.ts.

import * as vscode from "vscode";
import type { CellOutput, DisplayContent, ErrorContent, StreamContent } from "#protocol";
import type { Displays } from "./displays.ts";
import { errorItem, streamItem, toItems } from "./output-items.ts";

export class CellOutputs {
  #execution: vscode.NotebookCellExecution;
  readonly #displays: Displays;
  readonly #log: vscode.LogOutputChannel;
  #edits: Thenable<void>[] = [];
  /** The output to which more text of the same stream is appended. */
  #stream: { readonly name: StreamContent["name"]; readonly output: vscode.NotebookCellOutput } | undefined;
  #clearBeforeNext = false;

  constructor(execution: vscode.NotebookCellExecution, displays: Displays, log: vscode.LogOutputChannel) {
    this.#execution = execution;
    this.#displays = displays;
    this.#log = log;
    this.#clear();
  }

  apply(output: CellOutput): void {
    switch (output.type) {
      case "stream":
        this.#write(output.content);
        break;
      case "display_data":
        this.#display(output.content, { outputType: output.type });
        break;
      case "execute_result":
        this.#display(output.content, { outputType: output.type, executionCount: output.content.execution_count });
        break;
      case "update_display_data":
        this.#update(output.content);
        break;
      case "error":
        this.#fail(output.content);
        break;
      case "clear_output":
        if (output.content.wait) this.#clearBeforeNext = true;
        else this.#clear();
    }
  }

  /** Goes on behind what stands there, in another execution of the same cell. */
  continueIn(execution: vscode.NotebookCellExecution): void {
    this.#execution = execution;
    if (execution.cell.outputs.length === 0) this.#stream = undefined; // the user has cleared it
  }

  /** Resolves when the notebook holds everything that was applied. */
  async written(): Promise<void> {
    const edits = this.#edits;
    this.#edits = [];
    for (const edit of await Promise.allSettled(edits)) {
      if (edit.status === "rejected") this.#log.warn(`An output was not written: ${edit.reason}`);
    }
  }

  #write({ name, text }: StreamContent): void {
    const item = streamItem(name, text);
    if (this.#stream?.name === name && !this.#clearBeforeNext) {
      this.#edits.push(this.#execution.appendOutputItems(item, this.#stream.output));
      return;
    }
    const output = new vscode.NotebookCellOutput([item], { outputType: "stream" });
    this.#append(output);
    this.#stream = { name, output };
  }

  /** `metadata` is what VS Code's .ipynb serializer reads to write the same output type into the file. */
  #display({ data, metadata, transient }: DisplayContent, saved: Readonly<Record<string, unknown>>): void {
    const items = toItems(data);
    if (items.length === 0) return;
    const output = new vscode.NotebookCellOutput(items, { ...saved, metadata });
    this.#append(output);
    if (transient.display_id) this.#displays.add(transient.display_id, output, this.#execution.cell);
  }

  #update({ data, transient }: DisplayContent): void {
    const items = toItems(data);
    for (const output of this.#displays.find(transient.display_id)) {
      this.#edits.push(this.#execution.replaceOutputItems(items, output));
    }
  }

  #fail(error: ErrorContent): void {
    this.#append(new vscode.NotebookCellOutput([errorItem(error)], { outputType: "error", originalError: error }));
  }

  #append(output: vscode.NotebookCellOutput): void {
    this.#stream = undefined;
    if (!this.#clearBeforeNext) {
      this.#edits.push(this.#execution.appendOutput(output));
      return;
    }
    // One edit instead of two: the cell does not collapse in between.
    this.#clearBeforeNext = false;
    this.#displays.forget(this.#execution.cell);
    this.#edits.push(this.#execution.replaceOutput(output));
  }

  #clear(): void {
    this.#stream = undefined;
    this.#clearBeforeNext = false;
    this.#displays.forget(this.#execution.cell);
    this.#edits.push(this.#execution.clearOutput());
  }
}
