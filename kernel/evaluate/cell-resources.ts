// What a cell has opened with `using` at its top level. V8's REPL mode never disposes of it, so it is registered here and disposed of
// when the cell ends, as at the end of a module: last opened, first closed. Later cells find the name, and a closed value.

export class CellResources implements AsyncDisposable {
  readonly #stack = new AsyncDisposableStack();

  /** `$use_(value)`: returns the value. */
  use<T>(value: T, isAsync: boolean): T {
    if (value === null || value === undefined) return value;
    const { [Symbol.dispose]: dispose, [Symbol.asyncDispose]: asyncDispose } = value as Partial<
      Disposable & AsyncDisposable
    >;
    const method = (isAsync ? asyncDispose : undefined) ?? dispose;
    if (typeof method !== "function") {
      const symbol = isAsync ? "Symbol.asyncDispose" : "Symbol.dispose";
      throw new TypeError(`using: expected an object with [${symbol}](), got ${typeof value}`);
    }
    this.#stack.defer(async () => {
      const closed = method.call(value);
      if (isAsync) await closed;
    });
    return value;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }
}
