// What to say when a kernel meets data that it cannot work with, such as an index out of range: the GPU only tells the number of
// the watch and the value, at the next read.

import type { EngineError } from "../../core/errors.ts";

/** Watches that are remembered; a program that reads nothing for longer hears of the fault without its details. */
const capacity = 4096;

export class Watches {
  readonly #toErrors = new Map<number, (value: number) => EngineError>();
  #last = 0;

  /** Returns its number, from 1 on. */
  add(toError: (value: number) => EngineError): number {
    this.#last++;
    this.#toErrors.set(this.#last, toError);
    this.#toErrors.delete(this.#last - capacity);
    return this.#last;
  }

  errorOf(watch: number, value: number): EngineError | undefined {
    return this.#toErrors.get(watch)?.(value);
  }
}
