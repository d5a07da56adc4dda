// The door of this folder: finds the notebook and the kernel of a cell, and registers what VS Code asks of it.

import * as vscode from "vscode";
import { isOurs } from "../notebook/notebook-language.ts";
import type { NotebookSessions } from "../notebook/notebook-sessions.ts";
import { CellDiagnostics } from "./cell-diagnostics.ts";
import { type FindNotebook, registerLanguageFeatures } from "./language-features.ts";
import { NotebookLanguage } from "./notebook-language.ts";
import { silenceTypeScript } from "./silence-typescript.ts";

export function registerLanguage(sessions: NotebookSessions, log: vscode.LogOutputChannel): vscode.Disposable {
  const languages = new WeakMap<vscode.NotebookDocument, NotebookLanguage>();
  const languageOf = (notebook: vscode.NotebookDocument): NotebookLanguage => {
    const known = languages.get(notebook);
    if (known) return known;
    const language = new NotebookLanguage(notebook, () => sessions.open(notebook).connect(), log);
    languages.set(notebook, language);
    return language;
  };
  const find: FindNotebook = (document) => {
    const notebook = vscode.workspace.notebookDocuments.find((candidate) =>
      candidate.getCells().some((cell) => cell.document === document),
    );
    return notebook && isOurs(notebook) ? { notebook, language: languageOf(notebook) } : undefined;
  };
  return vscode.Disposable.from(registerLanguageFeatures(find), new CellDiagnostics(find), silenceTypeScript(log));
}
