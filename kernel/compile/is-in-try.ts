// Whether a place of a cell stands in a `try` that catches: the debugger asks where an error would go.

import ts from "@typescript/typescript6";
import type { Position } from "./positions.ts";

export function isInTry(cell: string, { line, column }: Position): boolean {
  const source = ts.createSourceFile("cell.ts", cell, ts.ScriptTarget.ESNext, false, ts.ScriptKind.TS);
  const starts = source.getLineStarts();
  const at = (starts[line - 1] ?? 0) + column - 1;
  /** Functions have their own fate: what they throw goes to whoever calls them. */
  const visit = (node: ts.Node, isCaught: boolean): boolean => {
    if (at < node.pos || at >= node.end) return false;
    const inner = ts.isFunctionLike(node) ? false : isCaught;
    const children = ts.isTryStatement(node) && node.catchClause ? node.tryBlock : undefined;
    let found: boolean | undefined;
    ts.forEachChild(node, (child) => {
      if (at >= child.pos && at < child.end) found = visit(child, inner || child === children);
    });
    return found ?? inner;
  };
  return visit(source, false);
}
