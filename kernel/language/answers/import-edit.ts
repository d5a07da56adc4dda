// Writes an import into a cell: into the list of one that it has already, else in a line of its own at the top.

import ts from "@typescript/typescript6";
import type { TextRange } from "#protocol";

export function importEdit(cell: string, name: string, from: string): TextRange & { readonly text: string } {
  const source = ts.createSourceFile("cell.ts", cell, ts.ScriptTarget.ESNext, false, ts.ScriptKind.TS);
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const { namedBindings, phaseModifier } = statement.importClause ?? {};
    if (statement.moduleSpecifier.text !== from || phaseModifier !== undefined) continue;
    if (!namedBindings || !ts.isNamedImports(namedBindings)) continue;
    const last = namedBindings.elements.at(-1);
    if (last) return { start: last.end, length: 0, text: `, ${name}` };
    return { start: namedBindings.getStart(source), length: namedBindings.getWidth(source), text: `{ ${name} }` };
  }
  return { start: 0, length: 0, text: `import { ${name} } from ${JSON.stringify(from)};\n` };
}
