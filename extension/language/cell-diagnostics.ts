// What is wrong in the cells of the notebooks in sight, shown as they are edited.

import * as vscode from "vscode";
import { cellId } from "../notebook/find-cell.ts";
import type { FindNotebook } from "./language-features.ts";
import { codeCells } from "./notebook-language.ts";
import { toDiagnostic } from "./to-vscode.ts";

/** How long nobody types before types are checked. */
const DEBOUNCE_MS = 300;

export class CellDiagnostics implements vscode.Disposable {
  readonly #find: FindNotebook;
  readonly #shown = vscode.languages.createDiagnosticCollection("lectern");
  readonly #timers = new Map<vscode.NotebookDocument, NodeJS.Timeout>();
  readonly #events: vscode.Disposable;

  constructor(find: FindNotebook) {
    this.#find = find;
    this.#events = vscode.Disposable.from(
      vscode.workspace.onDidChangeNotebookDocument(({ notebook, contentChanges, cellChanges }) => {
        const isText = cellChanges.some(({ document, executionSummary }) => document ?? executionSummary);
        if (contentChanges.length > 0 || isText) this.#later(notebook);
      }),
      vscode.window.onDidChangeVisibleNotebookEditors((editors) => {
        for (const { notebook } of editors) this.#later(notebook);
      }),
      vscode.workspace.onDidCloseNotebookDocument((notebook) => this.#forget(notebook)),
    );
    for (const { notebook } of vscode.window.visibleNotebookEditors) this.#later(notebook);
  }

  dispose(): void {
    this.#events.dispose();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#shown.dispose();
  }

  #later(notebook: vscode.NotebookDocument): void {
    clearTimeout(this.#timers.get(notebook));
    this.#timers.set(
      notebook,
      setTimeout(() => void this.#check(notebook), DEBOUNCE_MS),
    );
  }

  async #check(notebook: vscode.NotebookDocument): Promise<void> {
    this.#timers.delete(notebook);
    // A notebook whose tab is gone must not start a kernel.
    if (!vscode.window.visibleNotebookEditors.some((editor) => editor.notebook === notebook)) return;
    await Promise.all(
      codeCells(notebook).map(async ({ document }) => {
        const { version } = document;
        const found = await this.#find(document)?.language.ask("diagnostics", { cell: cellId(document) });
        if (!found || document.version !== version) return; // a newer check is on its way
        this.#shown.set(
          document.uri,
          found.map((diagnostic) => toDiagnostic(document, diagnostic)),
        );
      }),
    );
  }

  #forget(notebook: vscode.NotebookDocument): void {
    clearTimeout(this.#timers.get(notebook));
    this.#timers.delete(notebook);
    for (const { document } of notebook.getCells()) this.#shown.delete(document.uri);
  }
}
