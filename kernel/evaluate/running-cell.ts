// The cell that a piece of code belongs to, carried along its asynchronous calls by AsyncLocalStorage.

export interface RunningCell {
  readonly cell: number;
  readonly executionCount: number;
  /** Aborted when the cell was interrupted. */
  readonly abort: AbortController;
}
