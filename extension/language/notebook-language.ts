// One notebook's questions to the language service in its kernel. Sees to it that the kernel knows the notebook's cells as they are
// when a question is asked: all of them once per kernel and whenever cells come, go or move, then only what was edited.

import type * as vscode from "vscode";
import type { KernelConnection } from "#kernel";
import type { LanguageMethod, LanguageMethods } from "#protocol";
import { cellId } from "../notebook/find-cell.ts";

/** A kernel that does not start is not tried at every keystroke. */
const RETRY_AFTER_MS = 30_000;

export class NotebookLanguage {
  readonly #notebook: vscode.NotebookDocument;
  readonly #connect: () => Promise<KernelConnection>;
  readonly #log: vscode.LogOutputChannel;
  /** The kernel that knows the cells, and the version of each cell that it knows, in the notebook's order. */
  #told: { readonly connection: KernelConnection; readonly versions: ReadonlyMap<string, number> } | undefined;
  #quietUntil = 0;

  constructor(
    notebook: vscode.NotebookDocument,
    connect: () => Promise<KernelConnection>,
    log: vscode.LogOutputChannel,
  ) {
    this.#notebook = notebook;
    this.#connect = connect;
    this.#log = log;
  }

  /** `null`: nothing to say, or no kernel to say it. */
  async ask<M extends LanguageMethod>(
    method: M,
    params: LanguageMethods[M]["params"],
  ): Promise<LanguageMethods[M]["result"] | null> {
    if (Date.now() < this.#quietUntil) return null;
    try {
      const connection = await this.#connect();
      this.#tell(connection);
      return await connection.language(method, params);
    } catch (error) {
      if (method === "rename" || method === "renamed") throw error;
      this.#log.warn(`The language service did not answer: ${error instanceof Error ? error.message : error}`);
      this.#quietUntil = Date.now() + RETRY_AFTER_MS;
      return null;
    }
  }

  /** Messages arrive in the order in which they are sent: nobody waits for these. */
  #tell(connection: KernelConnection): void {
    const cells = codeCells(this.#notebook);
    const versions = new Map(cells.map(({ document }) => [cellId(document), document.version]));
    const known = this.#told?.connection === connection ? this.#told.versions : undefined;
    this.#told = { connection, versions };
    const send = <M extends "notebook" | "cell">(method: M, params: LanguageMethods[M]["params"]) =>
      connection.language(method, params).catch(() => {});
    const texts = cells.map(({ document }) => ({ cell: cellId(document), text: document.getText() }));
    if (!known || [...known.keys()].join() !== [...versions.keys()].join()) {
      void send("notebook", { cells: texts });
      return;
    }
    for (const text of texts) if (known.get(text.cell) !== versions.get(text.cell)) void send("cell", text);
  }
}

/** Cells in other languages are not run by the kernel, and not read. */
export const codeCells = (notebook: vscode.NotebookDocument): vscode.NotebookCell[] =>
  notebook.getCells().filter(({ document }) => document.languageId === "typescript");
