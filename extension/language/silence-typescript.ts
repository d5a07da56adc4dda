// Tells VS Code's own TypeScript server which notebooks are ours, so that our plugin in it (../typescript-plugin) keeps it from
// explaining their cells a second time.

import * as vscode from "vscode";
import { isOurs } from "../notebook/notebook-language.ts";

/** https://code.visualstudio.com/api/references/contribution-points#contributes.typescriptServerPlugins */
interface TypeScriptExtension {
  getAPI(version: 0): { configurePlugin(pluginId: string, configuration: object): void } | undefined;
}

export function silenceTypeScript(log: vscode.LogOutputChannel): vscode.Disposable {
  const configure = async () => {
    const notebooks = vscode.workspace.notebookDocuments.filter(isOurs).map(({ uri }) => uri.path);
    if (notebooks.length === 0) return;
    const extension = vscode.extensions.getExtension<TypeScriptExtension>("vscode.typescript-language-features");
    const typescript = (await extension?.activate())?.getAPI(0);
    if (typescript) typescript.configurePlugin("lectern-cells", { notebooks });
    else log.info("VS Code's TypeScript extension is not there, or has no plugins: cells may be explained twice.");
  };
  const changed = () => void configure().catch((error: unknown) => log.warn(`TypeScript plugin: ${error}`));
  changed();
  return vscode.Disposable.from(
    vscode.workspace.onDidOpenNotebookDocument(changed),
    // A notebook may become ours.
    vscode.workspace.onDidChangeNotebookDocument(({ metadata }) => metadata && changed()),
  );
}
