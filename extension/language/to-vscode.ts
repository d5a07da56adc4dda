// The kernel's answers → VS Code's objects. Offsets in a cell become positions of its document; nothing is asked here.

import * as vscode from "vscode";
import type { CellDiagnostic, CodeLocation, Completion, SignatureHelp, TextRange } from "#protocol";
import { findCell } from "../notebook/find-cell.ts";

export function toRange(document: vscode.TextDocument, { start, length }: TextRange): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(start + length));
}

/** A signature as code, and the documentation below. */
export function toMarkdown(signature: string, documentation: string): vscode.MarkdownString {
  return new vscode.MarkdownString().appendCodeblock(signature, "typescript").appendMarkdown(documentation);
}

export function toLocation(
  notebook: vscode.NotebookDocument,
  location: CodeLocation,
): Promise<vscode.Location> | vscode.Location | undefined {
  if ("path" in location) return inFile(location);
  const cell = findCell(notebook, location.cell);
  return cell && new vscode.Location(cell.document.uri, toRange(cell.document, location));
}

async function inFile({ path, ...range }: TextRange & { readonly path: string }): Promise<vscode.Location> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path));
  return new vscode.Location(document.uri, toRange(document, range));
}

export function toCompletionItem(document: vscode.TextDocument, completion: Completion): vscode.CompletionItem {
  const { name, kind, insertText, sortText, source, isDeprecated } = completion;
  const label = source === undefined ? name : { label: name, description: source };
  const item = new vscode.CompletionItem(label, KINDS[kind] ?? vscode.CompletionItemKind.Property);
  item.range = toRange(document, completion);
  item.sortText = sortText;
  if (insertText !== undefined) {
    item.insertText = insertText;
    item.filterText = document.getText(item.range) + insertText;
  }
  if (isDeprecated) item.tags = [vscode.CompletionItemTag.Deprecated];
  return item;
}

export function toSignatureHelp({ signatures, activeSignature, activeParameter }: SignatureHelp): vscode.SignatureHelp {
  const help = new vscode.SignatureHelp();
  help.activeSignature = activeSignature;
  help.activeParameter = activeParameter;
  help.signatures = signatures.map(({ label, documentation, parameters }) => {
    const information = new vscode.SignatureInformation(label, new vscode.MarkdownString(documentation));
    information.parameters = parameters.map(
      (parameter) =>
        new vscode.ParameterInformation([...parameter.label], new vscode.MarkdownString(parameter.documentation)),
    );
    return information;
  });
  return help;
}

export function toDiagnostic(document: vscode.TextDocument, diagnostic: CellDiagnostic): vscode.Diagnostic {
  const { message, severity, code, isDeprecation, isUnnecessary } = diagnostic;
  const result = new vscode.Diagnostic(toRange(document, diagnostic), message, SEVERITIES[severity]);
  result.source = "ts";
  result.code = code;
  if (isDeprecation) result.tags = [vscode.DiagnosticTag.Deprecated];
  if (isUnnecessary) result.tags = [vscode.DiagnosticTag.Unnecessary];
  return result;
}

const SEVERITIES: Readonly<Record<CellDiagnostic["severity"], vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  hint: vscode.DiagnosticSeverity.Hint,
};

const { CompletionItemKind: Kind } = vscode;

/** TypeScript's words for what a name is. */
const KINDS: Readonly<Record<string, vscode.CompletionItemKind>> = {
  keyword: Kind.Keyword,
  module: Kind.Module,
  class: Kind.Class,
  interface: Kind.Interface,
  type: Kind.Class,
  enum: Kind.Enum,
  "enum member": Kind.EnumMember,
  var: Kind.Variable,
  "local var": Kind.Variable,
  let: Kind.Variable,
  const: Kind.Constant,
  parameter: Kind.Variable,
  function: Kind.Function,
  "local function": Kind.Function,
  method: Kind.Method,
  constructor: Kind.Constructor,
  getter: Kind.Property,
  setter: Kind.Property,
  property: Kind.Property,
  "type parameter": Kind.TypeParameter,
  string: Kind.Constant,
  script: Kind.File,
  directory: Kind.Folder,
  "external module name": Kind.Module,
  alias: Kind.Reference,
};
