// Starts the kernel process of a notebook: on which node, in which folder, with which environment.
// Not its lifetime: notebook-kernel.ts decides when a kernel is started and ended.

import { homedir } from "node:os";
import { dirname } from "node:path";
import * as vscode from "vscode";
import { type KernelConnection, startKernel } from "#kernel";

export type KernelLauncher = (notebook: vscode.NotebookDocument) => Promise<KernelConnection>;

export function createKernelLauncher(extensionUri: vscode.Uri, log: vscode.LogOutputChannel): KernelLauncher {
  const kernelPath = vscode.Uri.joinPath(extensionUri, "dist", "kernel.js").fsPath;
  return async (notebook) => {
    const { nodePath, env } = nodeFor(notebook);
    const device = deviceSetting(notebook);
    const typeErrors = settingsOf(notebook).get<string>("typeErrors", "warn");
    const cwd = folderOf(notebook);
    log.info(`${nameOf(notebook)}: starting a kernel on ${nodePath} in ${cwd}`);
    const connection = await startKernel({
      nodePath,
      kernelPath,
      cwd,
      env: { ...env, LECTERN_TYPE_ERRORS: typeErrors, ...(device !== "" && { LECTERN_DEVICE: device }) },
      log: (line) => log.info(`${nameOf(notebook)}: ${line}`),
    });
    log.info(`${nameOf(notebook)}: ${connection.banner}`);
    return connection;
  };
}

/** The setting `lectern.nodePath`, else the node inside VS Code: Electron acts as node when this variable is set. */
function nodeFor(notebook: vscode.NotebookDocument): { readonly nodePath: string; readonly env: NodeJS.ProcessEnv } {
  const nodePath = settingsOf(notebook).get<string>("nodePath", "").trim();
  if (nodePath) return { nodePath, env: process.env };
  return { nodePath: process.execPath, env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" } };
}

/** The setting `lectern.device`; empty: what `LECTERN_DEVICE` says. */
export function deviceSetting(notebook: vscode.NotebookDocument): string {
  return settingsOf(notebook).get<string>("device", "");
}

function settingsOf(notebook: vscode.NotebookDocument): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration("lectern", notebook.uri);
}

/** Where relative imports and paths of the cells start. A notebook that was never saved has only its workspace. */
function folderOf(notebook: vscode.NotebookDocument): string {
  if (notebook.uri.scheme === "file") return dirname(notebook.uri.fsPath);
  return vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? homedir();
}

export function nameOf(notebook: vscode.NotebookDocument): string {
  return vscode.workspace.asRelativePath(notebook.uri);
}
