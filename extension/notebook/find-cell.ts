// What names a cell of an open notebook to the kernel's language service and to VS Code's debugger, and the cell that it names: the URI
// of its document. Not the id that is saved in the .ipynb: older files have none.

import type * as vscode from "vscode";

export const cellId = (document: vscode.TextDocument): string => document.uri.toString();

/** Undefined for a cell that has been deleted, or is in another notebook. */
export const findCell = (notebook: vscode.NotebookDocument, id: string): vscode.NotebookCell | undefined =>
  notebook.getCells().find(({ document }) => cellId(document) === id);
