// The cell that a piece of code belongs to, carried along its asynchronous calls by AsyncLocalStorage. A comm message that cells
// handle counts as one: what its listener prints belongs to it.

import type { CellResources } from "./cell-resources.ts";

export interface RunningCell {
  readonly cell: number;
  readonly executionCount: number;
  /** Whether the front end that sent the cell answers questions. */
  readonly allowsInput: boolean;
  /** Aborted when the cell was interrupted. */
  readonly abort: AbortController;
  /** What is closed when the cell ends. */
  readonly resources: CellResources;
  /** Set when its end was reported; its timers and promises may go on. */
  hasEnded: boolean;
  /** Set by `process.exit()`. */
  exitCode?: number;
}
