// The text of a cell → scripts that the engine process evaluates one after the other in V8's REPL mode. The only place
// that knows a compiler. Every top-level declaration becomes a `let`, because REPL mode lets only `let` be declared again
// as anything; imports and functions are hoisted into a script of their own; lines and columns stay where they were.

import ts from "@typescript/typescript6";
import { CellSyntaxError } from "./cell-syntax-error.ts";
import { blanks, Edits } from "./edits.ts";
import { importToLoad, rewriteDynamicImports } from "./imports.ts";
import { stripTypes } from "./strip-types.ts";

export interface CompiledCell {
  readonly scripts: readonly string[];
  /** The last script ends in an expression: its value is the cell's result. */
  readonly showsResult: boolean;
  /** Source Map v3 from the scripts to the cell, for the few cells whose positions have moved. */
  readonly sourceMap?: string;
}

/** In front of every script, on its first line: cells are modules to TypeScript, and modules are strict. */
const PROLOGUE = '"use strict";';
/** How far the prologue moves the columns of a script's first line. */
export const PROLOGUE_COLUMNS = PROLOGUE.length;

/** Throws {@link CellSyntaxError}. `name` is the script's name in stack traces, such as `cell-3.ts`. */
export function compileCell(cell: string, name: string): CompiledCell {
  const { text, sourceMap } = stripTypes(cell, name);
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.ESNext, true, ts.ScriptKind.JS);
  const edits = new Edits();
  const hoisted = new Edits();
  const hoistedRanges: ts.TextRange[] = [];
  const declared: string[] = [];
  const isOnlyType = typeOnlyNames(cell, source);

  for (const statement of source.statements) {
    const start = statement.getStart(source);
    if (ts.isImportDeclaration(statement)) {
      const load = importToLoad(statement, isOnlyType);
      hoisted.replace(start, statement.end, load + lineBreaks(text.slice(start, statement.end)));
      hoistedRanges.push({ pos: start, end: statement.end });
    } else if (ts.isFunctionDeclaration(statement) && statement.name) {
      assignInPlace(statement, "function", source, hoisted);
      hoistedRanges.push({ pos: start, end: statement.end });
      declared.push(statement.name.text);
    } else if (ts.isClassDeclaration(statement) && statement.name) {
      assignInPlace(statement, "class", source, edits);
      declared.push(statement.name.text);
    } else if (ts.isVariableStatement(statement)) {
      declareAsLet(statement, source, edits);
    } else if (ts.isExportDeclaration(statement) || ts.isExportAssignment(statement)) {
      const { line, character } = source.getLineAndCharacterOfPosition(start);
      throw new CellSyntaxError("a cell exports nothing: later cells see its names already", line + 1, character + 1);
    }
  }

  // An empty statement stays behind, so that the statements around do not become one.
  for (const { pos, end } of hoistedRanges) edits.replace(pos, end, `;${blanks(text.slice(pos + 1, end))}`);
  blankAllBut(hoistedRanges, text, hoisted);
  rewriteDynamicImports(source, edits);
  rewriteDynamicImports(source, hoisted);

  const script = (body: string): string => `${PROLOGUE}${body}\n//# sourceURL=${name}`;
  const scripts: string[] = [];
  if (declared.length > 0) scripts.push(`let ${[...new Set(declared)].join(",")};`);
  if (hoistedRanges.length > 0) scripts.push(script(hoisted.apply(text)));
  scripts.push(script(edits.apply(text)));
  const last = source.statements.at(-1);
  const showsResult = last !== undefined && ts.isExpressionStatement(last);
  return sourceMap === undefined ? { scripts, showsResult } : { scripts, showsResult, sourceMap };
}

/** `const x` and `var x` → `let x`, with blanks for what is shorter; `export` goes. */
function declareAsLet(statement: ts.VariableStatement, source: ts.SourceFile, edits: Edits): void {
  const list = statement.declarationList;
  const isUsing = (list.flags & ts.NodeFlags.Using) !== 0 && (list.flags & ts.NodeFlags.Const) === 0;
  const start = statement.getStart(source);
  const listStart = list.getStart(source);
  edits.blank(start, listStart, source.text);
  if (isUsing || (list.flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.AwaitUsing) return;
  const keyword = list.flags & ts.NodeFlags.Const ? "const" : "let"; // `var` is as long as `let`
  edits.replace(listStart, listStart + keyword.length, "let".padEnd(keyword.length));
}

/**
 * `function f(` → `f=function(` and `class C ` → `C=class `: an assignment of the same length to a name declared before.
 * The function is named after the variable, and calls of `f` inside it see what `f` is later.
 */
function assignInPlace(
  declaration: ts.FunctionDeclaration | ts.ClassDeclaration,
  keyword: "function" | "class",
  source: ts.SourceFile,
  edits: Edits,
): void {
  const name = declaration.name!;
  const { text } = source;
  const keywordNode = declaration.getChildren(source).find((child) => child.getText(source) === keyword)!;
  const exported = declaration.modifiers?.filter(
    ({ kind }) => kind === ts.SyntaxKind.ExportKeyword || kind === ts.SyntaxKind.DefaultKeyword,
  );
  for (const modifier of exported ?? []) edits.blank(modifier.getStart(source), modifier.end, text);
  const head = declaration.modifiers?.find(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) ?? keywordNode;
  edits.insert(head.getStart(source), `${name.text}=`);
  // The name and one blank before it go: as many characters as have come.
  const nameStart = name.getStart(source);
  const hasBlank = /\s/.test(text[nameStart - 1] ?? "") && text[nameStart - 1] !== "\n";
  edits.replace(hasBlank ? nameStart - 1 : nameStart, name.end, "");
  edits.insert(declaration.end, ";");
}

function blankAllBut(kept: readonly ts.TextRange[], text: string, edits: Edits): void {
  let position = 0;
  for (const { pos, end } of kept) {
    edits.blank(position, pos, text);
    position = end;
  }
  edits.blank(position, text.length, text);
}

const lineBreaks = (text: string): string => blanks(text).replaceAll(" ", "");

/** Names that stand in the cell but no longer in its JavaScript, apart from the imports themselves: types. */
function typeOnlyNames(cell: string, source: ts.SourceFile): (name: string) => boolean {
  const values = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) return;
    if (ts.isIdentifier(node)) values.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return (name) => {
    const mentions = cell.match(new RegExp(`\\b${name.replaceAll("$", "\\$")}\\b`, "g"))?.length ?? 0;
    return !values.has(name) && mentions > 1;
  };
}
