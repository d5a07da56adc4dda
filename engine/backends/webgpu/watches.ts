// What to say when a kernel meets data that it cannot work with, such as an index out of range: the GPU only tells the number of
// the watch and the value, at the next read.

import type { EngineError } from "../../core/errors.ts";
import { outOfRange } from "../cpu/indexing.ts";

/** Watches that are remembered; a program that reads nothing for longer hears of the fault without its details. */
const capacity = 4096;

/** The error for the value that was found. It is remembered until the next read, so it must not know any tensors. */
export type ToError = (value: number) => EngineError;

/** For kernels that meet an index out of range. Made here, the function knows nothing but these. */
export function indexError(op: string, length: number): ToError {
  return (index) => outOfRange(op, index, length);
}

export class Watches {
  readonly #toErrors = new Map<number, ToError>();
  #last = 0;

  /** Returns its number, from 1 on. */
  add(toError: ToError): number {
    this.#last++;
    this.#toErrors.set(this.#last, toError);
    this.#toErrors.delete(this.#last - capacity);
    return this.#last;
  }

  errorOf(watch: number, value: number): EngineError | undefined {
    return this.#toErrors.get(watch)?.(value);
  }
}
