// The cells that this kernel has executed since its (re)start: their counts and texts. Asked by history requests, by the language
// service for the order of execution, and by replies for the count.

export interface ExecutedCell {
  readonly count: number;
  readonly code: string;
}

/** Older cells are forgotten: a notebook that runs for weeks must not grow the kernel. */
const MEMORY = 10_000;

export class ExecutedCells {
  #history: ExecutedCell[] = [];
  #count = 0;

  /** The count of the cell that was begun last. */
  get count(): number {
    return this.#count;
  }

  /** Oldest first. */
  get history(): readonly ExecutedCell[] {
    return this.#history;
  }

  /** Takes note of a cell that is about to run, and returns its execution count. */
  begin({
    code,
    counts,
    isStored,
  }: {
    readonly code: string;
    readonly counts: boolean;
    readonly isStored: boolean;
  }): number {
    if (counts) this.#count++;
    if (isStored) this.#history.push({ count: this.#count, code });
    if (this.#history.length > MEMORY) this.#history.splice(0, this.#history.length - MEMORY);
    return this.#count;
  }

  /** After a restart: counts begin at 1 again. */
  startAnew(): void {
    this.#history = [];
    this.#count = 0;
  }
}
