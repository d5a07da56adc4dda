// What a cell asks (`prompt`, `confirm`, `alert`) as an input box of VS Code. It closes when the cell is stopped; Escape cancels it, and
// the cell then gets null, as in a browser.

import * as vscode from "vscode";
import type { InputQuestion } from "#kernel";

/** undefined: cancelled. */
export async function askInInputBox(
  { prompt, password }: InputQuestion,
  stopped: AbortSignal,
): Promise<string | undefined> {
  const source = new vscode.CancellationTokenSource();
  const close = () => source.cancel();
  stopped.addEventListener("abort", close, { once: true });
  try {
    const options = { title: "A cell asks", prompt: prompt.trim(), password, ignoreFocusOut: true };
    return await vscode.window.showInputBox(options, source.token);
  } finally {
    stopped.removeEventListener("abort", close);
    source.dispose();
  }
}
