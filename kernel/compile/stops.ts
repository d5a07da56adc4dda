// Where a debugger can stop in a compiled cell: the beginnings of its statements, with the line of the cell that each belongs to. So a
// breakpoint knows its place before the cell runs. V8 has the last word: it stops at the next place where it can.

import ts from "@typescript/typescript6";
import type { CompiledCell } from "./compile-cell.ts";
import { parseModule } from "./parse-module.ts";
import { type CellPositions, PROLOGUE } from "./positions.ts";

export interface Stop {
  /** Which of the cell's scripts. */
  readonly script: number;
  /** In that script, as V8 counts: from 0. */
  readonly lineNumber: number;
  readonly columnNumber: number;
  /** In the cell, from 1. */
  readonly line: number;
  readonly column: number;
}

/** In the order of the cell's text. */
export function stopsOf({ scripts }: CompiledCell, positions: CellPositions): readonly Stop[] {
  const stops = scripts.flatMap((text, script) => {
    const source = parseModule(text, "cell.js", ts.ScriptKind.JS);
    const isHoisted = script < scripts.length - 1;
    const starts = startsIn(source, isHoisted).filter((start) => start >= PROLOGUE.length);
    return starts.map((start): Stop => {
      const { line, character } = source.getLineAndCharacterOfPosition(start);
      const position = positions.toCell({ line: line + 1, column: character + 1 });
      return { script, lineNumber: line, columnNumber: character, ...position };
    });
  });
  return stops.sort((a, b) => a.line - b.line || a.column - b.column);
}

function startsIn(source: ts.SourceFile, isHoisted: boolean): number[] {
  const starts: number[] = [];
  const visit = (node: ts.Node): void => {
    const start = startOf(node, source);
    // Functions are put into their names before the cell begins: nobody waits for that.
    if (start !== undefined && !(isHoisted && isFunctionAssignment(node))) starts.push(start);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return starts;
}

function startOf(node: ts.Node, source: ts.SourceFile): number | undefined {
  if (ts.isVariableDeclaration(node) && node.initializer) {
    const { parent: list } = node;
    // The first one stands for its statement: a line has one place to stop, at its beginning, where it can.
    const isFirst = ts.isVariableStatement(list.parent) && list.parent.declarationList.declarations[0] === node;
    return (isFirst ? list.parent : node.initializer).getStart(source);
  }
  if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) return node.body.getStart(source);
  return STATEMENTS.has(node.kind) ? node.getStart(source) : undefined;
}

const STATEMENTS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.ExpressionStatement,
  ts.SyntaxKind.ReturnStatement,
  ts.SyntaxKind.IfStatement,
  ts.SyntaxKind.ForStatement,
  ts.SyntaxKind.ForInStatement,
  ts.SyntaxKind.ForOfStatement,
  ts.SyntaxKind.WhileStatement,
  ts.SyntaxKind.DoStatement,
  ts.SyntaxKind.SwitchStatement,
  ts.SyntaxKind.ThrowStatement,
  ts.SyntaxKind.BreakStatement,
  ts.SyntaxKind.ContinueStatement,
  ts.SyntaxKind.DebuggerStatement,
]);

function isFunctionAssignment(node: ts.Node): boolean {
  if (!ts.isExpressionStatement(node) || !ts.isSourceFile(node.parent)) return false;
  return ts.isBinaryExpression(node.expression) && ts.isFunctionExpression(node.expression.right);
}
