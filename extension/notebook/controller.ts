// The entry "TypeScript (Lectern)" in VS Code's kernel picker: Run, Stop and which notebooks it is offered for first.
// Works on the built-in .ipynb editor; the Jupyter extension is not needed.

import * as vscode from "vscode";
import { adoptNotebook, isOurs } from "./notebook-language.ts";
import type { NotebookSessions } from "./notebook-sessions.ts";

export function registerController(sessions: NotebookSessions): vscode.Disposable {
  const controller = vscode.notebooks.createNotebookController("lectern", "jupyter-notebook", "TypeScript (Lectern)");
  controller.description = "Deep learning in TypeScript, no Python needed";
  // The first is the language of new cells. Python, because VS Code silently skips cells in other languages, and those of a
  // notebook that does not say its language are Python to it: running them is what makes the notebook ours.
  controller.supportedLanguages = ["typescript", "python"];
  controller.supportsExecutionOrder = true;

  controller.executeHandler = async (cells, notebook) => {
    if (!isOurs(notebook) && !(await adoptNotebook(notebook))) return;
    await sessions.open(notebook).run(cells, (cell) => controller.createNotebookCellExecution(cell));
  };
  controller.interruptHandler = (notebook) => sessions.find(notebook)?.interrupt();

  const prefer = (notebook: vscode.NotebookDocument) => {
    if (isOurs(notebook)) controller.updateNotebookAffinity(notebook, vscode.NotebookControllerAffinity.Preferred);
  };
  vscode.workspace.notebookDocuments.forEach(prefer);

  return vscode.Disposable.from(controller, vscode.workspace.onDidOpenNotebookDocument(prefer));
}
