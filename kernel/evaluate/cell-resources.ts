// What a cell has opened with `using` at its top level. V8's REPL mode never disposes of it, so it is registered here and disposed of
// when the cell ends, as at the end of a module: last opened, first closed. Later cells find the name, and a closed value.

export class CellResources implements AsyncDisposable {
  #stack: AsyncDisposableStack | undefined;

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
    // Node 22 has neither the class nor the syntax; VS Code's own has both.
    if (typeof AsyncDisposableStack === "undefined") throw new Error(`using needs Node 24, this is ${process.version}`);
    this.#stack ??= new AsyncDisposableStack();
    this.#stack.defer(async () => {
      const closed = method.call(value);
      if (isAsync) await closed;
    });
    return value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack?.disposeAsync();
  }
}
