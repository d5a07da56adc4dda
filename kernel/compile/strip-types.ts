// TypeScript → JavaScript without moving anything: types become blanks. Cells with syntax that has to be transformed
// (enum, namespace, parameter properties, decorators) are transpiled instead, and bring a source map along.

import ts from "@typescript/typescript6";
import { blankSourceFile } from "ts-blank-space";
import { CellSyntaxError } from "./cell-syntax-error.ts";

export interface Stripped {
  readonly text: string;
  /** Only where positions have moved. Source Map v3 as JSON. */
  readonly sourceMap?: string;
}

const COMPILER_OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  experimentalDecorators: false,
  sourceMap: true,
};

export function stripTypes(cell: string, name: string): Stripped {
  const source = ts.createSourceFile(name, cell, { languageVersion: ts.ScriptTarget.ESNext }, true, ts.ScriptKind.TS);
  failOnSyntaxErrors(source);
  let needsTransform = hasDecorators(source);
  const text = blankSourceFile(source as Parameters<typeof blankSourceFile>[0], () => {
    needsTransform = true;
  });
  return needsTransform ? transpile(cell, name) : { text };
}

function transpile(cell: string, name: string): Stripped {
  const { outputText, sourceMapText } = ts.transpileModule(cell, { fileName: name, compilerOptions: COMPILER_OPTIONS });
  const text = outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n");
  return sourceMapText === undefined ? { text } : { text, sourceMap: sourceMapText };
}

/** The parser's own errors; `parseDiagnostics` is internal, so they are asked for through a one-file program's cheap twin. */
function failOnSyntaxErrors(source: ts.SourceFile): void {
  const { diagnostics = [] } = ts.transpileModule(source.text, {
    fileName: source.fileName,
    reportDiagnostics: true,
    compilerOptions: COMPILER_OPTIONS,
  });
  const first = diagnostics.find(({ category }) => category === ts.DiagnosticCategory.Error);
  if (!first) return;
  const { line, character } = source.getLineAndCharacterOfPosition(first.start ?? 0);
  throw new CellSyntaxError(ts.flattenDiagnosticMessageText(first.messageText, "\n"), line + 1, character + 1);
}

function hasDecorators(source: ts.SourceFile): boolean {
  const visit = (node: ts.Node): boolean => ts.isDecorator(node) || (ts.forEachChild(node, visit) ?? false);
  return visit(source);
}
