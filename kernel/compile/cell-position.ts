// Positions in a compiled script → positions in the text of its cell: for tracebacks and for the debugger.

import { originalPositionFor, type TraceMap } from "@jridgewell/trace-mapping";
import { PROLOGUE_COLUMNS } from "./compile-cell.ts";

/** Both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** `map` is that of a transpiled cell; all others differ by the prologue only. */
export function toCellPosition({ line, column }: Position, map?: TraceMap): Position {
  const compiledColumn = line === 1 ? Math.max(1, column - PROLOGUE_COLUMNS) : column;
  const original = map && originalPositionFor(map, { line, column: compiledColumn - 1 });
  if (original?.line == null) return { line, column: compiledColumn };
  return { line: original.line, column: original.column + 1 };
}
