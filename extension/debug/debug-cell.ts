// "Debug Cell": runs a cell under VS Code's debugger, with the breakpoints that are set in the notebook's cells and files.

import * as vscode from "vscode";
import { cellId, findCell } from "../notebook/find-cell.ts";
import type { NotebookSessions } from "../notebook/notebook-sessions.ts";
import { CellDebugAdapter } from "./cell-debug-adapter.ts";

const TYPE = "lectern";

/** What the command hands to the adapter, by way of VS Code. */
interface CellConfiguration extends vscode.DebugConfiguration {
  /** URIs. */
  readonly notebook: string;
  readonly cell: string;
}

export function registerDebugger(sessions: NotebookSessions): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand("lectern.debugCell", (cell?: vscode.NotebookCell) =>
      debugCell(cell ?? selectedCell()),
    ),
    vscode.debug.registerDebugAdapterDescriptorFactory(TYPE, {
      createDebugAdapterDescriptor: ({ configuration }) => createAdapter(configuration as CellConfiguration, sessions),
    }),
  );
}

async function debugCell(cell: vscode.NotebookCell | undefined): Promise<void> {
  if (cell?.kind !== vscode.NotebookCellKind.Code) {
    void vscode.window.showInformationMessage("Debug Cell: select a code cell first.");
    return;
  }
  const uris = { notebook: cell.notebook.uri.toString(), cell: cellId(cell.document) };
  const configuration: CellConfiguration = { type: TYPE, request: "launch", name: `Cell ${cell.index + 1}`, ...uris };
  await vscode.debug.startDebugging(vscode.workspace.getWorkspaceFolder(cell.notebook.uri), configuration, {
    suppressSaveBeforeStart: true,
  });
}

function selectedCell(): vscode.NotebookCell | undefined {
  const editor = vscode.window.activeNotebookEditor;
  return editor?.selection && editor.notebook.cellAt(editor.selection.start);
}

async function createAdapter({ notebook: uri, cell }: CellConfiguration, sessions: NotebookSessions) {
  const notebook = vscode.workspace.notebookDocuments.find((open) => open.uri.toString() === uri);
  if (!notebook) throw new Error(`the notebook to debug is not open: ${uri}`);
  const connection = await sessions.open(notebook).connect();
  const run = async () => {
    const found = findCell(notebook, cell);
    if (!found) return; // deleted in the meantime
    const ranges = [{ start: found.index, end: found.index + 1 }];
    await vscode.commands.executeCommand("notebook.cell.execute", { ranges, document: notebook.uri });
  };
  return new vscode.DebugAdapterInlineImplementation(new CellDebugAdapter(connection, { notebook, cell, run }));
}
