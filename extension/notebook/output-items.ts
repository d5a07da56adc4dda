// MIME bundle → VS Code's output items, one per MIME type: VS Code draws the richest that it has a renderer for and saves all.
// Types without a built-in rank, such as Plotly's, come before image/png and text/plain in its choice.

import * as vscode from "vscode";
import { type ErrorContent, type MimeBundle, PROGRESS_MIME, type StreamContent } from "#protocol";

const isJson = (mime: string) => mime === "application/json" || mime.endsWith("+json");
const isBase64 = (mime: string) =>
  (/^(image|audio|video)\//.test(mime) && !mime.endsWith("+xml")) || mime === "application/pdf";

export function toItems(bundle: MimeBundle): vscode.NotebookCellOutputItem[] {
  // Progress is for front ends without a picture; nobody wants to find it in a saved notebook.
  return Object.entries(bundle)
    .filter(([mime]) => mime !== PROGRESS_MIME)
    .map(([mime, data]) => toItem(mime, data));
}

function toItem(mime: string, data: unknown): vscode.NotebookCellOutputItem {
  if (isJson(mime)) return vscode.NotebookCellOutputItem.json(data, mime);
  if (isBase64(mime)) return new vscode.NotebookCellOutputItem(Buffer.from(toText(data), "base64"), mime);
  return vscode.NotebookCellOutputItem.text(toText(data), mime);
}

/** Jupyter allows a list of lines wherever it allows text. */
function toText(data: unknown): string {
  return Array.isArray(data) ? data.join("") : String(data);
}

export function streamItem(name: StreamContent["name"], text: string): vscode.NotebookCellOutputItem {
  return name === "stdout" ? vscode.NotebookCellOutputItem.stdout(text) : vscode.NotebookCellOutputItem.stderr(text);
}

export function errorItem({ ename, evalue, traceback }: ErrorContent): vscode.NotebookCellOutputItem {
  return vscode.NotebookCellOutputItem.error({ name: ename, message: evalue, stack: traceback.join("\n") });
}
