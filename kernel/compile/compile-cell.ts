// The text of a cell → scripts that the engine process evaluates one after the other in V8's REPL mode. The only place
// that knows a compiler. Every top-level declaration becomes a `let`, because REPL mode lets only `let` be declared again
// as anything; imports and functions are hoisted into a script of their own; lines stay, and what moves columns is noted.

import ts from "@typescript/typescript6";
import { boundNames } from "./bound-names.ts";
import { assignClass, assignFunction, assignVars, declareAsLet, parenthesise } from "./declarations.ts";
import { blanks, Edits } from "./edits.ts";
import { keepInRegisters } from "./hot-loops.ts";
import { importToLoad, rewriteImportCalls } from "./imports.ts";
import { defineModule, moduleName } from "./module-cell.ts";
import { fail, parseCell } from "./parse-cell.ts";
import { parseModule } from "./parse-module.ts";
import { type Moves, PROLOGUE } from "./positions.ts";
import { stripTypes } from "./strip-types.ts";

export interface CompiledCell extends Moves {
  readonly scripts: readonly string[];
  /** The last script ends in an expression: its value is the cell's result. */
  readonly showsResult: boolean;
  /** Names that the cell declares. */
  readonly names: readonly string[];
}

/**
 * Throws {@link CellSyntaxError}. `name` is the script's name in stack traces, such as `cell-3.ts`; `known` are names that earlier
 * cells have declared; `keepsLoops` leaves loops as they are written, for the debugger.
 */
export function compileCell(
  cell: string,
  name: string,
  known: ReadonlySet<string> = new Set(),
  { keepsLoops = false } = {},
): CompiledCell {
  const parsed = parseCell(cell, name);
  const module = moduleName(cell);
  if (module !== undefined) return { scripts: [defineModule(module, cell)], showsResult: false, names: [], shifts: [] };
  const { text, sourceMap } = stripTypes(parsed.source);
  const source = parseModule(text, name, ts.ScriptKind.JS);
  const edits = new Edits();
  const hoisted: ts.TextRange[] = [];
  const declared = assignVars(source, edits);
  const names = new Set(declared);
  const isOnlyType = typeOnlyNames(cell, source);

  for (const statement of source.statements) {
    const start = statement.getStart(source);
    if (ts.isImportDeclaration(statement)) {
      const load = importToLoad(statement, isOnlyType);
      edits.replace(start, statement.end, load.code + lineBreaks(text.slice(start, statement.end)));
      hoisted.push({ pos: start, end: statement.end });
      for (const local of load.names) names.add(local);
    } else if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) {
      if (!statement.name) parenthesise(statement, source, edits);
      else {
        if (ts.isClassDeclaration(statement)) assignClass(statement, source, edits);
        else {
          assignFunction(statement, source, edits);
          hoisted.push({ pos: start, end: statement.end });
        }
        declared.push(statement.name.text);
        names.add(statement.name.text);
      }
    } else if (ts.isVariableStatement(statement)) {
      if ((statement.declarationList.flags & ts.NodeFlags.BlockScoped) === 0) continue;
      declareAsLet(statement, parsed.disposed, source, edits);
      for (const declaration of statement.declarationList.declarations) {
        for (const bound of boundNames(declaration.name)) names.add(bound);
      }
    } else if (ts.isExportDeclaration(statement)) {
      if (statement.moduleSpecifier)
        fail(source, start, "a cell cannot pass on what it does not import: write import … from");
      edits.blank(start, statement.end, text);
    } else if (ts.isExportAssignment(statement)) {
      edits.blank(start, statement.expression.getStart(source), text);
    } else if (!keepsLoops) keepInRegisters(statement, (local) => names.has(local) || known.has(local), source, edits);
  }
  rewriteImportCalls(source, edits);

  const { early, late } = split(text, edits, hoisted);
  // Behind the prologue stands one more character: the bracket of an object, or an empty statement.
  const script = (body: string): string => `${PROLOGUE}${parsed.isObject ? "" : ";"}${body}\n//# sourceURL=${name}`;
  const scripts: string[] = [];
  if (declared.length > 0) scripts.push(`let ${[...new Set(declared)].join(",")};`);
  if (hoisted.length > 0) scripts.push(script(early));
  scripts.push(script(late));
  const shifts = edits.shifts(text);
  const { showsResult } = parsed;
  return { scripts, showsResult, names: [...names], shifts, sourceMap };
}

/** Two texts of the same layout: what is hoisted, and all the rest; in each, the other's characters are blanks. */
function split(text: string, edits: Edits, hoisted: readonly ts.TextRange[]): { early: string; late: string } {
  let early = "";
  let late = "";
  let position = 0;
  for (const { pos, end } of [...hoisted, { pos: text.length, end: text.length }]) {
    const between = edits.apply(text, position, pos);
    early += blanks(between);
    late += between;
    if (pos === end) break;
    const lifted = edits.apply(text, pos, end);
    early += lifted;
    // An empty statement stays behind, so that the statements around do not become one.
    late += `;${blanks(lifted.slice(1))}`;
    position = end;
  }
  return { early, late };
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
