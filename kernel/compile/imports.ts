// Rewrites the imports of a cell into calls of `$load_`, which the engine process defines. One import stays on its line.

import ts from "@typescript/typescript6";
import type { Edits } from "./edits.ts";

/** Six letters, as many as `import` has: columns stay. */
export const LOAD = "$load_";

/**
 * `import a, { b as c } from "m"` → `let {default:a,"b":c}=await $load_("m",["default","b"]);`
 *
 * Names that the cell mentions only as types need not exist in the module; `isOnlyType` knows them.
 */
export function importToLoad(declaration: ts.ImportDeclaration, isOnlyType: (name: string) => boolean): string {
  const specifier = declaration.moduleSpecifier.getText();
  const attributes = declaration.attributes
    ? `{${declaration.attributes.elements.map((e) => e.getText()).join(",")}}`
    : "";
  const clause = declaration.importClause;
  const load = (names: readonly string[]): string => {
    const list = names.length > 0 || attributes ? `,[${names.map((name) => JSON.stringify(name)).join(",")}]` : "";
    return `await ${LOAD}(${specifier}${list}${attributes && `,${attributes}`})`;
  };
  if (!clause) return `${load([])};`;

  const bindings: { imported: string; local: string }[] = [];
  if (clause.name) bindings.push({ imported: "default", local: clause.name.text });
  const named = clause.namedBindings;
  if (named && ts.isNamespaceImport(named)) {
    const rest = bindings.map(({ imported, local }) => `,${local}=${named.name.text}.${imported}`).join("");
    return `let ${named.name.text}=${load(bindings.map(({ imported }) => imported))}${rest};`;
  }
  for (const { name, propertyName } of named?.elements ?? []) {
    bindings.push({ imported: (propertyName ?? name).text, local: name.text });
  }
  const required = bindings.filter(({ local }) => !isOnlyType(local)).map(({ imported }) => imported);
  const pattern = bindings.map(({ imported, local }) => `${JSON.stringify(imported)}:${local}`).join(",");
  return `let {${pattern}}=${load(required)};`;
}

/** `import("m")` → `$load_("m")`, wherever it stands. */
export function rewriteDynamicImports(source: ts.SourceFile, edits: Edits): void {
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      edits.replace(node.expression.getStart(source), node.expression.end, LOAD);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
}
