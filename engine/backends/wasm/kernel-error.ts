// What goes wrong while a kernel is put together. That its code is valid is for WebAssembly.Module to say, not for us.

import { EngineError } from "../../core/errors.ts";

/** A kernel was asked for that cannot be: an op that a type does not have, a branch out of nowhere, a tile of no rows. */
export class KernelError extends EngineError {
  override readonly name = "KernelError";
}
