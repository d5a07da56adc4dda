// Whether a text is a whole cell, as consoles ask before they run it (`is_complete_request`).

import ts from "@typescript/typescript6";
import { CellSyntaxError } from "./cell-syntax-error.ts";
import { compileCell } from "./compile-cell.ts";

export type Completeness =
  | { readonly status: "complete" }
  | { readonly status: "invalid" }
  | { readonly status: "incomplete"; readonly indent: string };

/** Errors of what ends with its line: strings and regular expressions. */
const ENDED = new Set([1002, 1161]);
/** Errors of what is still open at the end, wherever it began: template literals and comments. */
const STILL_OPEN = new Set([1010, 1160]);
const INDENT = "  ";

export function isComplete(code: string): Completeness {
  const { diagnostics = [] } = ts.transpileModule(code, { reportDiagnostics: true });
  const [first] = diagnostics;
  if (!first) {
    if (lacksBody(code)) return { status: "incomplete", indent: indentAfter(code) };
    return { status: compiles(code) ? "complete" : "invalid" };
  }
  // The parser wanted more where the text ends; what it says after that follows from it.
  const isAtEnd = (first.start ?? 0) >= code.trimEnd().length && !ENDED.has(first.code);
  const wantsMore = STILL_OPEN.has(first.code) || isAtEnd;
  return wantsMore ? { status: "incomplete", indent: indentAfter(code) } : { status: "invalid" };
}

/** `function f(): string` alone is an overload to the parser, and the beginning of a function to whoever types it. */
function lacksBody(code: string): boolean {
  const last = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.ESNext).statements.at(-1);
  if (!last || !ts.isFunctionDeclaration(last) || last.body) return false;
  return !ts.getModifiers(last)?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword);
}

/** What the parser lets pass and a cell must not hold, such as `export default`. */
function compiles(code: string): boolean {
  try {
    compileCell(code, "cell.ts");
    return true;
  } catch (error) {
    if (error instanceof CellSyntaxError) return false;
    throw error;
  }
}

/** The indentation of the last line, and one step more behind an opening bracket. */
function indentAfter(code: string): string {
  const lastLine = code.trimEnd().split("\n").at(-1) ?? "";
  return (/^\s*/.exec(lastLine)?.[0] ?? "") + (/[{([]$|=>$/.test(lastLine) ? INDENT : "");
}
