// The names that a cell declares for the cells after it: its top-level declarations, imports, types, and `var`s of nested
// blocks. And the names that it mentions, which are those that it may need from other cells. Parses; checks nothing.

import ts from "@typescript/typescript6";
import { boundNames } from "../../compile/index.ts";

export interface CellNames {
  /** Declared name → whether the cell itself says `export` in front of it. */
  readonly declared: ReadonlyMap<string, { readonly isExported: boolean }>;
  readonly mentioned: ReadonlySet<string>;
}

export function namesOf(source: ts.SourceFile): CellNames {
  const declared = new Map<string, { isExported: boolean }>();
  const mentioned = new Set<string>();
  const declare = (name: string, isExported = false): void => {
    if (name !== "") declared.set(name, { isExported });
  };
  const namesIn = (list: ts.VariableDeclarationList) => list.declarations.flatMap(({ name }) => boundNames(name));

  for (const statement of source.statements) {
    const isExported = ts.canHaveModifiers(statement) && hasExport(statement);
    if (ts.isVariableStatement(statement)) {
      for (const name of namesIn(statement.declarationList)) declare(name, isExported);
    } else if (ts.isImportDeclaration(statement)) {
      for (const { text } of importedNames(statement)) declare(text);
    } else if (isNamedDeclaration(statement) && statement.name) declare(statement.name.text, isExported);
  }

  const visit = (node: ts.Node, isInFunction: boolean): void => {
    if (ts.isIdentifier(node)) mentioned.add(node.text);
    const isVar = ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === 0;
    if (isVar && !isInFunction) for (const name of namesIn(node)) if (!declared.has(name)) declare(name);
    const inside = isInFunction || ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node);
    ts.forEachChild(node, (child) => visit(child, inside));
  };
  visit(source, false);
  return { declared, mentioned };
}

const hasExport = (node: ts.HasModifiers): boolean =>
  ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;

function isNamedDeclaration(
  node: ts.Statement,
): node is
  | ts.FunctionDeclaration
  | ts.ClassDeclaration
  | ts.InterfaceDeclaration
  | ts.TypeAliasDeclaration
  | ts.EnumDeclaration
  | ts.ModuleDeclaration
  | ts.ImportEqualsDeclaration {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isEnumDeclaration(node) ||
    (ts.isModuleDeclaration(node) && ts.isIdentifier(node.name) && node.name.text !== "global") ||
    ts.isImportEqualsDeclaration(node)
  );
}

function importedNames({ importClause }: ts.ImportDeclaration): ts.Identifier[] {
  if (!importClause) return [];
  const { name, namedBindings } = importClause;
  const own = name ? [name] : [];
  if (!namedBindings) return own;
  if (ts.isNamespaceImport(namedBindings)) return [...own, namedBindings.name];
  return [...own, ...namedBindings.elements.map((element) => element.name)];
}
