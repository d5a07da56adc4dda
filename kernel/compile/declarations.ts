// Declarations at the top level of a cell → what REPL mode lets be declared again as anything: `let`, and assignments to names that
// a script of their own declares before the others run.

import ts from "@typescript/typescript6";
import { boundNames } from "./bound-names.ts";
import type { Edits } from "./edits.ts";

/** `const x` → `let   x`, `export` goes. What ends with the cell is registered: `let   x = $use_(…)`. */
export function declareAsLet(
  statement: ts.VariableStatement,
  disposed: ReadonlyMap<string, boolean>,
  source: ts.SourceFile,
  edits: Edits,
): void {
  const list = statement.declarationList;
  const start = list.getStart(source);
  edits.blank(statement.getStart(source), start, source.text);
  const keyword = list.flags & ts.NodeFlags.Const ? "const" : "let";
  edits.replace(start, start + keyword.length, "let".padEnd(keyword.length));
  for (const { name, initializer } of list.declarations) {
    const isAsync = ts.isIdentifier(name) ? disposed.get(name.text) : undefined;
    if (isAsync === undefined || !initializer) continue;
    edits.insert(initializer.getStart(source), "$use_(");
    edits.insert(initializer.end, isAsync ? ",true)" : ")");
  }
}

/**
 * `f=function(` for `function f(`, at equal length: an assignment to a name declared before, so calls of `f` inside it see what `f`
 * is later.
 */
export function assignFunction(declaration: ts.FunctionDeclaration, source: ts.SourceFile, edits: Edits): void {
  const { text } = source;
  const name = declaration.name!;
  const nameStart = name.getStart(source);
  const head = afterExport(declaration, source, edits);
  edits.insert(head, `${name.text}=`);
  // The name and one blank before it go: as many characters as have come.
  const hasBlank = /\s/.test(text[nameStart - 1] ?? "") && text[nameStart - 1] !== "\n";
  edits.replace(hasBlank ? nameStart - 1 : nameStart, name.end, "");
  edits.replace(declaration.end - 1, declaration.end, "};");
}

/** `C=class C`: the class keeps its own name, which its static members may need before the assignment. */
export function assignClass(declaration: ts.ClassDeclaration, source: ts.SourceFile, edits: Edits): void {
  const head = afterExport(declaration, source, edits);
  const own = declaration.name!.text;
  edits.insert(beforeLine(declaration, head, source), `;${own}=`);
  edits.insert(declaration.end, ";");
}

/** `export default function () {}` and its like are values. */
export function parenthesise(
  declaration: ts.FunctionDeclaration | ts.ClassDeclaration,
  source: ts.SourceFile,
  edits: Edits,
): void {
  const head = afterExport(declaration, source, edits);
  edits.insert(head, "(");
  edits.insert(declaration.end, ");");
}

/**
 * Where something can be inserted before a statement without moving its columns: at the end of what comes before, when that is on
 * another line; else right before it.
 */
export function beforeLine(statement: ts.Node, head: number, source: ts.SourceFile): number {
  return source.text.slice(statement.pos, head).includes("\n") ? statement.pos : head;
}

/** Blanks `export default` and returns where the rest begins. */
function afterExport(
  declaration: ts.FunctionDeclaration | ts.ClassDeclaration,
  source: ts.SourceFile,
  edits: Edits,
): number {
  let head = declaration.getStart(source);
  for (const modifier of declaration.modifiers ?? []) {
    if (modifier.kind !== ts.SyntaxKind.ExportKeyword && modifier.kind !== ts.SyntaxKind.DefaultKeyword) break;
    edits.blank(modifier.getStart(source), modifier.end, source.text);
    head = modifier.end + /^\s*/.exec(source.text.slice(modifier.end))![0].length;
  }
  return head;
}

/** `var`s belong to the whole cell, wherever they stand: their names, and assignments in their places. */
export function assignVars(source: ts.SourceFile, edits: Edits): string[] {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node)) return;
    if (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === 0) {
      for (const { name } of node.declarations) names.push(...boundNames(name));
      assignVar(node, source, edits);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return names;
}

/** `var a = 1` → `    a = 1`, `var { a } = o` → `   ({ a } = o)`. */
function assignVar(list: ts.VariableDeclarationList, source: ts.SourceFile, edits: Edits): void {
  const start = list.getStart(source);
  const isHeadOfLoop = ts.isForOfStatement(list.parent) || ts.isForInStatement(list.parent);
  const isPattern = !isHeadOfLoop && list.declarations.some(({ name }) => !ts.isIdentifier(name));
  const statement = list.parent;
  if (ts.isVariableStatement(statement)) edits.blank(statement.getStart(source), start, source.text);
  // Where a bracket would continue the statement before, a semicolon separates them.
  const isOneOfMany =
    ts.isVariableStatement(statement) &&
    !ts.isIfStatement(statement.parent) &&
    !ts.isIterationStatement(statement.parent, false);
  edits.replace(start, start + "var".length, isPattern ? (isOneOfMany ? " ;(" : "  (") : "   ");
  if (isPattern) edits.insert(list.end, ")");
}
