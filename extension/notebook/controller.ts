// The entry "TypeScript (Lectern)" in VS Code's kernel picker: Run, Stop and which notebooks it is offered for first.
// Works on the built-in .ipynb editor; the Jupyter extension is not needed.

import * as vscode from "vscode";
import { adoptNotebook, isOurs } from "./notebook-language.ts";
import type { NotebookSessions } from "./notebook-sessions.ts";

export function registerController(sessions: NotebookSessions): vscode.Disposable {
  const controller = vscode.notebooks.createNotebookController("lectern", "jupyter-notebook", "TypeScript (Lectern)");
  controller.description = "Deep learning in TypeScript, no Python needed";
  controller.supportedLanguages = ["typescript"];
  controller.supportsExecutionOrder = true;

  controller.executeHandler = (cells, notebook) =>
    sessions.open(notebook).run(cells.map((cell) => controller.createNotebookCellExecution(cell)));
  controller.interruptHandler = (notebook) => sessions.find(notebook)?.interrupt();

  const prefer = (notebook: vscode.NotebookDocument) => {
    if (isOurs(notebook)) controller.updateNotebookAffinity(notebook, vscode.NotebookControllerAffinity.Preferred);
  };
  vscode.workspace.notebookDocuments.forEach(prefer);

  return vscode.Disposable.from(
    controller,
    vscode.workspace.onDidOpenNotebookDocument(prefer),
    controller.onDidChangeSelectedNotebooks(({ notebook, selected }) => selected && adoptNotebook(notebook)),
  );
}
