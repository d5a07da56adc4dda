// What language a notebook says it is in, and making it a TypeScript one: VS Code opens an .ipynb that says nothing as Python.

import * as vscode from "vscode";

/** The part of an .ipynb's metadata that names its language; VS Code keeps it below `metadata`. */
interface NotebookMetadata {
  readonly kernelspec?: { readonly name?: string; readonly language?: string };
  readonly language_info?: { readonly name?: string };
}

const KERNELSPEC = { name: "lectern", display_name: "TypeScript (Lectern)", language: "typescript" };

const metadataOf = (notebook: vscode.NotebookDocument): NotebookMetadata => notebook.metadata.metadata ?? {};

function languageOf(notebook: vscode.NotebookDocument): string | undefined {
  const { kernelspec, language_info = {} } = metadataOf(notebook);
  // To a notebook that says nothing VS Code adds `language_info: { name: "python" }` when it opens it.
  const isGuess = !kernelspec && language_info.name === "python" && Object.keys(language_info).length === 1;
  return isGuess ? undefined : (language_info.name ?? kernelspec?.language);
}

/** Whether the notebook was made for this kernel or for another one that runs TypeScript. */
export function isOurs(notebook: vscode.NotebookDocument): boolean {
  return (
    notebook.notebookType === "jupyter-notebook" &&
    (metadataOf(notebook).kernelspec?.name === KERNELSPEC.name || languageOf(notebook) === "typescript")
  );
}

/**
 * A notebook without a language becomes a TypeScript one, one in another language only if the user agrees. Resolves to
 * whether the notebook is ours now.
 */
export async function adoptNotebook(notebook: vscode.NotebookDocument): Promise<boolean> {
  if (isOurs(notebook)) return true;
  const language = languageOf(notebook);
  if (language) {
    const convert = "Convert to TypeScript";
    const message = `This notebook says that its cells are ${language}. Lectern runs TypeScript cells only.`;
    if ((await vscode.window.showWarningMessage(message, convert)) !== convert) return false;
  }
  const metadata = { ...metadataOf(notebook), kernelspec: KERNELSPEC, language_info: { name: "typescript" } };
  const edit = new vscode.WorkspaceEdit();
  edit.set(notebook.uri, [vscode.NotebookEdit.updateNotebookMetadata({ ...notebook.metadata, metadata })]);
  await vscode.workspace.applyEdit(edit);
  const code = notebook.getCells().filter(({ kind }) => kind === vscode.NotebookCellKind.Code);
  await Promise.all(code.map(({ document }) => vscode.languages.setTextDocumentLanguage(document, "typescript")));
  return true;
}
