// The engine process's plain stdout or stderr: what native code and child processes write. Passes text on, and takes out
// the marks that tell that everything written during a cell has been read.

const MARK = /\ue000end of cell (\d+)\ue001/;
/** A mark may be cut in two by the pipe: this much of the tail waits for more. */
const PARTIAL_MARK = /\ue000[a-z0-9 ]*$/;

export class PlainOutput {
  readonly #onText: (text: string) => void;
  readonly #waiting = new Map<number, () => void>();
  #rest = "";

  constructor(onText: (text: string) => void) {
    this.#onText = onText;
  }

  push(text: string): void {
    this.#rest += text;
    for (let mark = MARK.exec(this.#rest); mark; mark = MARK.exec(this.#rest)) {
      this.#pass(this.#rest.slice(0, mark.index));
      this.#rest = this.#rest.slice(mark.index + mark[0].length);
      const cell = Number(mark[1]);
      this.#waiting.get(cell)?.();
      this.#waiting.delete(cell);
    }
    const partial = PARTIAL_MARK.exec(this.#rest)?.[0] ?? "";
    this.#pass(this.#rest.slice(0, this.#rest.length - partial.length));
    this.#rest = partial;
  }

  /** Resolves when the mark at the end of `cell` has come by, or the stream has ended. */
  untilEndOf(cell: number): Promise<void> {
    return new Promise((resolve) => this.#waiting.set(cell, resolve));
  }

  /** Nothing more will come. */
  end(): void {
    for (const resolve of this.#waiting.values()) resolve();
    this.#waiting.clear();
  }

  #pass(text: string): void {
    if (text !== "") this.#onText(text);
  }
}
