// Completion, hover, signature help, definition and rename in the cells of our notebooks. Each provider is one question to the kernel
// of the cell's notebook; what it answers becomes VS Code's object in to-vscode.ts.

import * as vscode from "vscode";
import type { CellPosition, Completion } from "#protocol";
import { cellId } from "../notebook/find-cell.ts";
import type { NotebookLanguage } from "./notebook-language.ts";
import { toCompletionItem, toLocation, toMarkdown, toRange, toSignatureHelp } from "./to-vscode.ts";

export const CELLS: vscode.DocumentSelector = { notebookType: "jupyter-notebook", language: "typescript" };

/** The notebook of a cell that is ours to explain. */
export type FindNotebook = (
  document: vscode.TextDocument,
) => { readonly notebook: vscode.NotebookDocument; readonly language: NotebookLanguage } | undefined;

interface ItemOfCell extends vscode.CompletionItem {
  readonly asked: {
    readonly document: vscode.TextDocument;
    readonly position: CellPosition;
    readonly completion: Completion;
  };
}

export function registerLanguageFeatures(find: FindNotebook): vscode.Disposable {
  const { languages } = vscode;
  return vscode.Disposable.from(
    languages.registerCompletionItemProvider(CELLS, completionProvider(find), ".", '"', "'", "/"),
    languages.registerHoverProvider(CELLS, {
      async provideHover(document, position) {
        const hover = await find(document)?.language.ask("hover", at(document, position));
        return hover && new vscode.Hover(toMarkdown(hover.signature, hover.documentation), toRange(document, hover));
      },
    }),
    languages.registerSignatureHelpProvider(
      CELLS,
      {
        async provideSignatureHelp(document, position) {
          const help = await find(document)?.language.ask("signatureHelp", at(document, position));
          return help && toSignatureHelp(help);
        },
      },
      { triggerCharacters: ["(", ",", "<"], retriggerCharacters: [")"] },
    ),
    languages.registerDefinitionProvider(CELLS, {
      async provideDefinition(document, position) {
        const found = find(document);
        const locations = (await found?.language.ask("definition", at(document, position))) ?? [];
        const places = await Promise.all(locations.map((location) => toLocation(found!.notebook, location)));
        return places.filter((place) => place !== undefined);
      },
    }),
    languages.registerRenameProvider(CELLS, renameProvider(find)),
  );
}

const at = (document: vscode.TextDocument, position: vscode.Position): CellPosition => ({
  cell: cellId(document),
  offset: document.offsetAt(position),
});

function completionProvider(find: FindNotebook): vscode.CompletionItemProvider<vscode.CompletionItem> {
  return {
    async provideCompletionItems(document, cursor) {
      const position = at(document, cursor);
      const completions = (await find(document)?.language.ask("completion", position)) ?? [];
      return completions.map((completion): ItemOfCell => {
        const asked = { document, position, completion };
        return Object.assign(toCompletionItem(document, completion), { asked });
      });
    },
    async resolveCompletionItem(item) {
      const { document, position, completion } = (item as ItemOfCell).asked;
      const { name, source } = completion;
      const details = await find(document)?.language.ask("completionDetails", {
        ...position,
        name,
        ...(source !== undefined && { source }),
      });
      if (!details) return item;
      item.detail = details.signature;
      item.documentation = new vscode.MarkdownString(details.documentation);
      item.additionalTextEdits = details.edits.map((edit) => new vscode.TextEdit(toRange(document, edit), edit.text));
      return item;
    },
  };
}

function renameProvider(find: FindNotebook): vscode.RenameProvider {
  return {
    async prepareRename(document, position) {
      const renamed = await find(document)?.language.ask("renamed", at(document, position));
      if (!renamed) throw new Error("There is no name here.");
      return { range: toRange(document, renamed), placeholder: renamed.name };
    },
    async provideRenameEdits(document, position, newName) {
      const found = find(document);
      const locations = (await found?.language.ask("rename", at(document, position))) ?? [];
      const edit = new vscode.WorkspaceEdit();
      for (const location of locations) {
        const place = await toLocation(found!.notebook, location);
        if (place) edit.replace(place.uri, place.range, newName);
      }
      return edit;
    },
  };
}
