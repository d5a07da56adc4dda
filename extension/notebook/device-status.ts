// Where new tensors of the notebook in front live, on the status bar: as its last cell left it, or as the settings want it before one
// has run. A click opens the setting.

import * as vscode from "vscode";
import { deviceSetting } from "../kernel-host/kernel-launcher.ts";
import { isOurs } from "./notebook-language.ts";
import type { NotebookSessions } from "./notebook-sessions.ts";

/** Beside the language and the line, which are to the right. */
const priority = 100;

export function showDevice(sessions: NotebookSessions): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("lectern.device", vscode.StatusBarAlignment.Right, priority);
  item.name = "Lectern: Device";
  item.command = { command: "workbench.action.openSettings", title: "Choose", arguments: ["lectern.device"] };
  const show = () => {
    const notebook = vscode.window.activeNotebookEditor?.notebook;
    if (notebook === undefined || !isOurs(notebook)) {
      item.hide();
      return;
    }
    const known = sessions.find(notebook)?.device;
    item.text = `$(chip) ${known ?? wanted(notebook)}`;
    item.tooltip = known
      ? `New tensors of this notebook live here: ${known}. The setting lectern.device, or device("cpu") and device("webgpu") in a cell, choose.`
      : "Where new tensors of this notebook will live. Known for certain once a cell has run.";
    item.show();
  };
  show();
  return vscode.Disposable.from(
    item,
    sessions.onDidChangeDevice(show),
    vscode.window.onDidChangeActiveNotebookEditor(show),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("lectern.device")) show();
    }),
    vscode.workspace.onDidCloseNotebookDocument(show),
  );
}

function wanted(notebook: vscode.NotebookDocument): string {
  const device = deviceSetting(notebook) || process.env.LECTERN_DEVICE || "cpu";
  return device === "webgpu" ? "GPU" : "CPU";
}
