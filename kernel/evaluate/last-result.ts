// `_`, the result of the latest cell that had one, as in node's console. Whoever assigns or declares `_` has it for himself.

export class LastResult {
  #value: unknown;

  constructor() {
    Reflect.defineProperty(globalThis, "_", {
      configurable: true,
      enumerable: false,
      get: () => this.#value,
      set(value: unknown) {
        Reflect.defineProperty(globalThis, "_", { value, writable: true, configurable: true, enumerable: false });
      },
    });
  }

  keep(value: unknown): void {
    this.#value = value;
  }
}
