// Composition root of the extension host: builds the parts and wires them to VS Code. No part reaches for another on its own.
// Called by VS Code when an .ipynb is opened or one of our commands runs.

import * as vscode from "vscode";
import { registerCommands } from "./commands/commands.ts";
import { registerDebugger } from "./debug/debug-cell.ts";
import { createKernelLauncher } from "./kernel-host/kernel-launcher.ts";
import { registerLanguage } from "./language/register-language.ts";
import { registerController } from "./notebook/controller.ts";
import { showDevice } from "./notebook/device-status.ts";
import { NotebookSessions } from "./notebook/notebook-sessions.ts";

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel("Lectern", { log: true });
  const launch = createKernelLauncher(context.extensionUri, log);
  const sessions = new NotebookSessions(launch, log);
  context.subscriptions.push(
    log,
    sessions,
    registerController(sessions),
    registerCommands(sessions, log),
    registerDebugger(sessions),
    showDevice(sessions),
    registerLanguage(sessions, log),
  );
}
