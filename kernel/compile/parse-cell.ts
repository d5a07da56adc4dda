// The text of a cell, parsed as TypeScript: whether it can be a cell at all, whether it is an object literal, what it shows, and
// which of its names end with it (`using`). Nothing is rewritten here but `using`, at equal length.

import ts from "@typescript/typescript6";
import { CellSyntaxError } from "./cell-syntax-error.ts";
import { blanks, Edits } from "./edits.ts";
import { parseModule } from "./parse-module.ts";
import { resultOf } from "./result-of.ts";

export interface ParsedCell {
  readonly source: ts.SourceFile;
  /** The cell is `{ x: 1 }`, and the parsed text has parentheses around it. */
  readonly isObject: boolean;
  /** The cell's value is its result: its last statement, but for types, is an expression. */
  readonly showsResult: boolean;
  /** Names at the top level that are disposed of when the cell ends; true: asynchronously. */
  readonly disposed: ReadonlyMap<string, boolean>;
}

/** Throws {@link CellSyntaxError}. */
export function parseCell(cell: string, name: string): ParsedCell {
  const object = asObject(cell, name);
  if (object) return { source: object, isObject: true, showsResult: true, disposed: new Map() };
  const source = parse(cell.replace(/^#!.*/, blanks), name);
  failOnSyntaxErrors(source);
  failOnReturn(source);
  const disposed = disposedNames(source);
  const withoutUsing = disposed.size === 0 ? source : parse(blankUsing(source), name);
  return { source: withoutUsing, isObject: false, showsResult: resultOf(source) !== undefined, disposed };
}

const parse = (text: string, name: string): ts.SourceFile => parseModule(text, name, ts.ScriptKind.TS);

/** What the parser found wrong; TypeScript keeps it in every source file, but not in its types. */
function syntaxErrors(source: ts.SourceFile): readonly ts.DiagnosticWithLocation[] {
  return (source as ts.SourceFile & { parseDiagnostics: readonly ts.DiagnosticWithLocation[] }).parseDiagnostics;
}

/** A cell in braces is an object where it can be one, as in the consoles of browsers and of node: `{ x: 1 }`. */
function asObject(cell: string, name: string): ts.SourceFile | undefined {
  const match = /^((?:\s|\/\/.*\n|\/\*[\s\S]*?\*\/)*\{[\s\S]*\})\s*;?\s*$/.exec(cell);
  if (!match) return undefined;
  const source = parse(`(${match[1]})`, name);
  const [statement, ...more] = source.statements;
  const isLiteral =
    syntaxErrors(source).length === 0 &&
    more.length === 0 &&
    statement &&
    ts.isExpressionStatement(statement) &&
    ts.isParenthesizedExpression(statement.expression) &&
    ts.isObjectLiteralExpression(statement.expression.expression);
  return isLiteral ? source : undefined;
}

function failOnSyntaxErrors(source: ts.SourceFile): void {
  const [first] = syntaxErrors(source);
  if (!first) return;
  const jsx = findJsx(source);
  if (jsx !== undefined) fail(source, jsx, JSX_IS_OFF);
  fail(source, first.start, ts.flattenDiagnosticMessageText(first.messageText, "\n"));
}

const JSX_IS_OFF =
  "JSX is not supported: nothing renders it here. Show HTML with display.html(`<b>…</b>`); write a type assertion as x as T";

/** Where the first JSX element is in a text that is right once JSX is allowed. */
function findJsx({ text }: ts.SourceFile): number | undefined {
  const source = parseModule(text, "cell.tsx", ts.ScriptKind.TSX);
  const find = (node: ts.Node): ts.Node | undefined =>
    ts.isJsxElement(node) || ts.isJsxSelfClosingElement(node) || ts.isJsxFragment(node)
      ? node
      : ts.forEachChild(node, find);
  return syntaxErrors(source).length === 0 ? find(source)?.getStart(source) : undefined;
}

function failOnReturn(source: ts.SourceFile): void {
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node)) return;
    if (ts.isReturnStatement(node)) {
      fail(source, node.getStart(source), "return outside of a function: a cell's result is its last expression");
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
}

export function fail(source: ts.SourceFile, position: number, message: string): never {
  const { line, character } = source.getLineAndCharacterOfPosition(position);
  throw new CellSyntaxError(message, line + 1, character + 1);
}

const usingOf = (statement: ts.Statement): "using" | "await using" | undefined => {
  if (!ts.isVariableStatement(statement)) return undefined;
  const kind = statement.declarationList.flags & ts.NodeFlags.BlockScoped;
  return kind === ts.NodeFlags.Using ? "using" : kind === ts.NodeFlags.AwaitUsing ? "await using" : undefined;
};

function disposedNames(source: ts.SourceFile): Map<string, boolean> {
  const names = new Map<string, boolean>();
  for (const statement of source.statements) {
    const using = usingOf(statement);
    if (!using || !ts.isVariableStatement(statement)) continue;
    for (const { name } of statement.declarationList.declarations) {
      if (ts.isIdentifier(name)) names.set(name.text, using === "await using");
    }
  }
  return names;
}

/** `using x` → `const x`, `await using x` → `      const x`: V8's REPL mode never disposes of what its top level uses. */
function blankUsing(source: ts.SourceFile): string {
  const edits = new Edits();
  for (const statement of source.statements) {
    if (!usingOf(statement) || !ts.isVariableStatement(statement)) continue;
    const start = statement.declarationList.getStart(source);
    const using = source.text.indexOf("using", start);
    edits.blank(start, using, source.text);
    edits.replace(using, using + "using".length, "const");
  }
  return edits.apply(source.text);
}
