// What kernel process and engine process say to each other. Commands go down the control pipe, which the supervisor
// thread reads even while a cell holds the main thread; events come up the output pipe, in the order in which they
// happened. Output keeps Jupyter's own types.

import type { CellOutput } from "#protocol";

/** File descriptors of the engine process. 0-2 are the usual ones. */
export const CONTROL_FD = 3;
export const OUTPUT_FD = 4;

/** Written to the plain stdout and stderr of the engine process after a cell, so that the kernel knows it has read all.
 * Framed by private-use characters, which programs do not print. */
export const endOfCellMark = (cell: number): string => `\ue000end of cell ${cell}\ue001`;

export interface CellScripts {
  /** Run in order; each has the cell's own lines and columns. */
  readonly scripts: readonly string[];
  /** Whether the last script ends in an expression whose value is the cell's result. */
  readonly showsResult: boolean;
}

export type EngineCommand =
  | ({ readonly type: "execute"; readonly cell: number; readonly executionCount: number } & CellScripts)
  | { readonly type: "interrupt"; readonly cell: number };

/** A thrown value, as the engine process saw it: stack lines still name compiled positions. */
export interface ThrownError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  /** `error.cause`, if it is an error itself. */
  readonly cause?: ThrownError;
}

export type EngineEvent =
  | { readonly type: "ready" }
  | { readonly type: "output"; readonly cell: number; readonly output: CellOutput }
  | { readonly type: "done"; readonly cell: number; readonly outcome: CellOutcome };

export type CellOutcome =
  | { readonly status: "ok" }
  | { readonly status: "error"; readonly error: ThrownError }
  | { readonly status: "interrupted" };
