// The names that a cell declares for the cells after it: its top-level declarations, imports, types, and `var`s of nested
// blocks. And the names that it mentions, which are those that it may need from other cells. Parses; checks nothing.

import ts from "@typescript/typescript6";
import { boundNames, resultOf } from "../../compile/index.ts";

export interface CellNames {
  /** Declared name → whether the cell itself says `export` in front of it. */
  readonly declared: ReadonlyMap<string, { readonly isExported: boolean }>;
  readonly mentioned: ReadonlySet<string>;
  /** What is assigned to, and not declared, by its name. */
  readonly assigned: ReadonlySet<string>;
  /** Where the expression stands whose value is the cell's result. */
  readonly result: ts.TextRange | undefined;
}

export function namesOf(source: ts.SourceFile): CellNames {
  const declared = new Map<string, { isExported: boolean }>();
  const mentioned = new Set<string>();
  const assigned = new Set<string>();
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

  const visit = (node: ts.Node, isInFunction: boolean, hidden: string): void => {
    if (ts.isIdentifier(node) && node.text !== hidden) mentioned.add(node.text);
    for (const name of assignedBy(node)) if (name !== hidden) assigned.add(name);
    const isVar = ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === 0;
    if (isVar && !isInFunction) for (const name of namesIn(node)) if (!declared.has(name)) declare(name);
    const inside = isInFunction || ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node);
    const hides = ts.isFunctionLike(node) && node.parameters.some(isIgnored) ? IGNORED : hidden;
    ts.forEachChild(node, (child) => visit(child, inside, hides));
  };
  visit(source, false, "");
  const result = resultOf(source);
  const range = result && { pos: result.getStart(source), end: result.end };
  return { declared, mentioned, assigned, result: range };
}

/**
 * The last result, and a parameter that nobody needs: `(_, index) => …` does not mention the result. Other parameters may well be
 * named as the types that they have.
 */
const IGNORED = "_";
const isIgnored = ({ name }: ts.ParameterDeclaration): boolean => ts.isIdentifier(name) && name.text === IGNORED;

/** Of an assignment, all names in its target: what indexes or defaults in it is among them. */
function assignedBy(node: ts.Node): readonly string[] {
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
    const isStep = node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken;
    return isStep ? targetNames(node.operand) : [];
  }
  if (ts.isForOfStatement(node) || ts.isForInStatement(node)) return targetNames(node.initializer);
  return ts.isBinaryExpression(node) && isAssignment(node.operatorToken) ? targetNames(node.left) : [];
}

const isAssignment = ({ kind }: ts.Node): boolean =>
  kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;

/** `a`, `[a, b]`, `{ a, b: c }`; in `a.b` nothing is assigned to a name. */
function targetNames(target: ts.Node): readonly string[] {
  if (ts.isIdentifier(target)) return [target.text];
  const isPattern = ts.isArrayLiteralExpression(target) || ts.isObjectLiteralExpression(target);
  const names: string[] = [];
  if (isPattern) {
    const collect = (node: ts.Node): void => {
      if (ts.isIdentifier(node)) names.push(node.text);
      ts.forEachChild(node, collect);
    };
    collect(target);
  }
  return names;
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
