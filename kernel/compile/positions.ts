// Where a place in the evaluated scripts is in the cell: behind the prologue, the insertions and the transpiler. A door of its own: the
// engine process asks, too, and has no compiler.

import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { type Shift, unshift } from "./edits.ts";

/** In front of every script, on its first line, with one more character: cells are modules to TypeScript, and modules are strict. */
export const PROLOGUE = '"use strict";';
/** How far the prologue moves the columns of a script's first line. */
export const PROLOGUE_COLUMNS = PROLOGUE.length + 1;

/** Both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** What moved a cell's places. */
export interface Moves {
  /** Columns behind the prologue: the same in every script. */
  readonly shifts: readonly Shift[];
  /** Source Map v3 from the scripts to the cell, for the few cells that were transpiled. */
  readonly sourceMap?: string | undefined;
}

export class CellPositions {
  readonly #shifts: readonly Shift[];
  readonly #map: TraceMap | undefined;

  constructor({ shifts, sourceMap }: Moves) {
    this.#shifts = shifts;
    this.#map = sourceMap === undefined ? undefined : new TraceMap(sourceMap);
  }

  /** A place that V8 tells of → the place in the cell. */
  toCell({ line, column }: Position): Position {
    const behindPrologue = line === 1 ? Math.max(0, column - 1 - PROLOGUE_COLUMNS) : column - 1;
    const inText = { line, column: Math.max(0, unshift(this.#shifts, line - 1, behindPrologue)) };
    const original = this.#map && originalPositionFor(this.#map, inText);
    if (original?.line == null) return { line, column: inText.column + 1 };
    return { line: original.line, column: original.column + 1 };
  }
}
