// TypeScript → JavaScript without moving anything: types become blanks. Cells with syntax that has to be transformed
// (enum, namespace, parameter properties, decorators, accessor, import = …) are transpiled instead, and bring a source map along.

import ts from "@typescript/typescript6";
import { blankSourceFile } from "ts-blank-space";

export interface Stripped {
  readonly text: string;
  /** Only where positions have moved. Source Map v3 as JSON. */
  readonly sourceMap?: string;
}

const COMPILER_OPTIONS: ts.CompilerOptions = {
  // Decorators and accessors are not in V8 yet, and ESNext would leave them.
  target: ts.ScriptTarget.ES2022,
  // Of the kinds of modules that keep import and export, the one that knows import x = require("m").
  module: ts.ModuleKind.Preserve,
  verbatimModuleSyntax: true,
  experimentalDecorators: false,
  sourceMap: true,
};

/** `source` must have no syntax errors. */
export function stripTypes(source: ts.SourceFile): Stripped {
  let needsTransform = hasDecorators(source);
  const text = blankSourceFile(source as Parameters<typeof blankSourceFile>[0], () => {
    needsTransform = true;
  });
  return needsTransform ? transpile(source) : { text };
}

function transpile({ text, fileName }: ts.SourceFile): Stripped {
  const { outputText, sourceMapText } = ts.transpileModule(text, { fileName, compilerOptions: COMPILER_OPTIONS });
  const stripped = outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n");
  return sourceMapText === undefined ? { text: stripped } : { text: stripped, sourceMap: sourceMapText };
}

function hasDecorators(source: ts.SourceFile): boolean {
  const visit = (node: ts.Node): boolean =>
    ts.isDecorator(node) || node.kind === ts.SyntaxKind.AccessorKeyword || (ts.forEachChild(node, visit) ?? false);
  return visit(source);
}
