// Rewrites the imports of a cell into calls of `$load_`, which the engine process defines, as it does `$importmeta`. One import
// stays on its line.

import ts from "@typescript/typescript6";
import type { Edits } from "./edits.ts";

/** As many letters as `import` and `import.meta` have: columns stay. */
const LOAD = "$load_";
const META = "$importmeta";

export interface LoadOfImport {
  readonly code: string;
  /** What it declares. */
  readonly names: readonly string[];
}

/**
 * `import a, { b as c } from "m"` → `let {default:a,"b":c}=await $load_("m",["default","b"]);`
 *
 * Names that the cell mentions only as types need not exist in the module; `isOnlyType` knows them.
 */
export function importToLoad(declaration: ts.ImportDeclaration, isOnlyType: (name: string) => boolean): LoadOfImport {
  const specifier = declaration.moduleSpecifier.getText();
  const attributes = declaration.attributes
    ? `{${declaration.attributes.elements.map((e) => e.getText()).join(",")}}`
    : "";
  const clause = declaration.importClause;
  const load = (names: readonly string[]): string => {
    const list = names.length > 0 || attributes ? `,[${names.map((name) => JSON.stringify(name)).join(",")}]` : "";
    return `await ${LOAD}(${specifier}${list}${attributes && `,${attributes}`})`;
  };
  if (!clause) return { code: `${load([])};`, names: [] };

  const bindings: { imported: string; local: string }[] = [];
  if (clause.name) bindings.push({ imported: "default", local: clause.name.text });
  const named = clause.namedBindings;
  if (named && ts.isNamespaceImport(named)) {
    const rest = bindings.map(({ imported, local }) => `,${local}=${named.name.text}.${imported}`).join("");
    const code = `let ${named.name.text}=${load(bindings.map(({ imported }) => imported))}${rest};`;
    return { code, names: [named.name.text, ...bindings.map(({ local }) => local)] };
  }
  for (const { name, propertyName } of named?.elements ?? []) {
    bindings.push({ imported: (propertyName ?? name).text, local: name.text });
  }
  const required = bindings.filter(({ local }) => !isOnlyType(local)).map(({ imported }) => imported);
  const pattern = bindings.map(({ imported, local }) => `${JSON.stringify(imported)}:${local}`).join(",");
  return { code: `let {${pattern}}=${load(required)};`, names: bindings.map(({ local }) => local) };
}

/** `import("m")` → `$load_("m")`, `import.meta` → `$importmeta`, wherever they stand. */
export function rewriteImportCalls(source: ts.SourceFile, edits: Edits): void {
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      edits.replace(node.expression.getStart(source), node.expression.end, LOAD);
    } else if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) {
      edits.replace(node.getStart(source), node.end, META.padEnd(node.end - node.getStart(source)));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
}
