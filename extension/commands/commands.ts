// The commands of package.json's `contributes.commands`: the notebook toolbar and the command palette call them.

import * as vscode from "vscode";
import type { NotebookSessions } from "../notebook/notebook-sessions.ts";

/** What VS Code hands to a command in the notebook toolbar; from the palette it hands nothing. */
interface ToolbarContext {
  readonly notebookEditor?: { readonly notebookUri?: vscode.Uri };
}

export function registerCommands(sessions: NotebookSessions, log: vscode.LogOutputChannel): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand("lectern.restartKernel", (context?: ToolbarContext) => {
      const notebook = notebookOf(context);
      return notebook && restartKernel(notebook, sessions, log);
    }),
    vscode.commands.registerCommand("lectern.showLog", () => log.show()),
  );
}

async function restartKernel(
  notebook: vscode.NotebookDocument,
  sessions: NotebookSessions,
  log: vscode.LogOutputChannel,
): Promise<void> {
  try {
    await sessions.find(notebook)?.restart();
    vscode.window.setStatusBarMessage("$(check) Kernel restarted: all variables are gone", 4000);
  } catch (error) {
    log.error(error instanceof Error ? error : String(error));
    const showLog = "Show Log";
    const choice = await vscode.window.showErrorMessage("The kernel could not be restarted.", showLog);
    if (choice === showLog) log.show();
  }
}

function notebookOf(context: ToolbarContext | undefined): vscode.NotebookDocument | undefined {
  const uri = context?.notebookEditor?.notebookUri?.toString();
  const named = vscode.workspace.notebookDocuments.find((notebook) => notebook.uri.toString() === uri);
  return named ?? vscode.window.activeNotebookEditor?.notebook;
}
