// The cell that a piece of code belongs to, carried along its asynchronous calls by AsyncLocalStorage.

import type { CellResources } from "./cell-resources.ts";

export interface RunningCell {
  readonly cell: number;
  readonly executionCount: number;
  /** Aborted when the cell was interrupted. */
  readonly abort: AbortController;
  /** What is closed when the cell ends. */
  readonly resources: CellResources;
}
