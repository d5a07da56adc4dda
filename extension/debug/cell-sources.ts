// Cells as VS Code's debugger names them (their URI) ↔ as the kernel does (a path made from their text). The kernel is asked for each
// path; a frame in a text that no cell has any more, since it was edited, is shown as a read-only document.

import type { DebugProtocol } from "@vscode/debugprotocol";
import type * as vscode from "vscode";
import type { KernelConnection } from "#kernel";
import { cellId, findCell } from "../notebook/find-cell.ts";

type Source = DebugProtocol.Source;

const isCell = (path: string): boolean => path.startsWith("vscode-notebook-cell:");

export class CellSources {
  readonly #notebook: vscode.NotebookDocument;
  readonly #connection: KernelConnection;
  /** The kernel's path → the cell's URI. */
  readonly #uris = new Map<string, string>();
  /** Texts that no cell has: their kernel paths, by `sourceReference` - 1. */
  readonly #gone: string[] = [];
  #prefix = "";

  constructor(notebook: vscode.NotebookDocument, connection: KernelConnection) {
    this.#notebook = notebook;
    this.#connection = connection;
  }

  /** Learns the paths of all cells as they are now. `first` is the cell that is meant when several have the same text. */
  async learn(first: string): Promise<void> {
    const { body } = await this.#connection.debug("debugInfo");
    this.#prefix = String(body?.tmpFilePrefix);
    const uris = this.#notebook.getCells().map(({ document }) => cellId(document));
    for (const uri of [...uris.filter((uri) => uri !== first), first]) await this.#dump(uri);
  }

  /** VS Code's source → the kernel's; undefined for a cell of another notebook. */
  async toKernel(source: Source): Promise<Source | undefined> {
    const { path, sourceReference = 0 } = source;
    if (sourceReference > 0) return { path: this.#gone[sourceReference - 1] ?? "" };
    if (path === undefined || !isCell(path)) return source;
    const dumped = await this.#dump(path);
    return dumped === undefined ? undefined : { path: dumped };
  }

  /** The kernel's source → VS Code's. */
  toEditor(source: Source): Source {
    const { path = "", name = "Cell" } = source;
    const uri = this.#uris.get(path);
    if (uri !== undefined) return { ...source, path: uri };
    if (!path.startsWith(this.#prefix)) return source;
    if (!this.#gone.includes(path)) this.#gone.push(path);
    return { name: `${name}, as it was when it ran`, sourceReference: this.#gone.indexOf(path) + 1 };
  }

  async #dump(uri: string): Promise<string | undefined> {
    const cell = findCell(this.#notebook, uri);
    if (!cell) return undefined;
    const { body } = await this.#connection.debug("dumpCell", { code: cell.document.getText() });
    const path = String(body?.sourcePath);
    this.#uris.set(path, uri);
    return path;
  }
}
