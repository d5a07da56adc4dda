// The sessions of all open notebooks: one each, made on demand, ended when the notebook or its last tab closes.

import * as vscode from "vscode";
import { type KernelLauncher, nameOf } from "../kernel-host/kernel-launcher.ts";
import { NotebookKernel } from "../kernel-host/notebook-kernel.ts";
import { NotebookSession } from "./notebook-session.ts";

export class NotebookSessions implements vscode.Disposable {
  readonly #launch: KernelLauncher;
  readonly #log: vscode.LogOutputChannel;
  readonly #sessions = new Map<vscode.NotebookDocument, NotebookSession>();
  readonly #closing: vscode.Disposable;
  readonly #deviceChanged = new vscode.EventEmitter<vscode.NotebookDocument>();
  /** A notebook's device became known, or its cells chose another. */
  readonly onDidChangeDevice = this.#deviceChanged.event;

  constructor(launch: KernelLauncher, log: vscode.LogOutputChannel) {
    this.#launch = launch;
    this.#log = log;
    this.#closing = vscode.Disposable.from(
      vscode.workspace.onDidCloseNotebookDocument((notebook) => this.#end(notebook)),
      // A notebook opened by double click stays open inside VS Code 1.139 after its tab is gone, and its kernel would too.
      vscode.window.tabGroups.onDidChangeTabs(({ closed }) => this.#endWithoutTab(closed)),
    );
  }

  /** The notebook's session, if one of its cells has run. */
  find(notebook: vscode.NotebookDocument): NotebookSession | undefined {
    return this.#sessions.get(notebook);
  }

  open(notebook: vscode.NotebookDocument): NotebookSession {
    const known = this.#sessions.get(notebook);
    if (known) return known;
    const kernel = new NotebookKernel(
      () => this.#launch(notebook),
      (reason) => this.#log.error(`${nameOf(notebook)}: the kernel ended: ${reason}`),
    );
    const session = new NotebookSession(kernel, this.#log, () => this.#deviceChanged.fire(notebook));
    this.#sessions.set(notebook, session);
    return session;
  }

  dispose(): void {
    this.#closing.dispose();
    this.#deviceChanged.dispose();
    for (const notebook of this.#sessions.keys()) this.#end(notebook);
  }

  #endWithoutTab(closed: readonly vscode.Tab[]): void {
    const shown = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).map(notebookUri);
    const gone = new Set(closed.map(notebookUri).filter((uri) => uri !== undefined && !shown.includes(uri)));
    for (const notebook of this.#sessions.keys()) if (gone.has(notebook.uri.toString())) this.#end(notebook);
  }

  #end(notebook: vscode.NotebookDocument): void {
    const session = this.#sessions.get(notebook);
    this.#sessions.delete(notebook);
    session?.[Symbol.asyncDispose]().catch((error) => this.#log.error(error));
  }
}

const notebookUri = ({ input }: vscode.Tab): string | undefined =>
  input instanceof vscode.TabInputNotebook ? input.uri.toString() : undefined;
