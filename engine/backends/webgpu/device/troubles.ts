// Errors of a device. Each piece of work is watched by error scopes, so that a read can wait until it is known whether
// everything before it went well.

import type { GpuTrouble } from "../protocol.ts";
import type { SharedState } from "../shared-state.ts";

export class Troubles {
  readonly #device: GPUDevice;
  readonly #state: SharedState;
  readonly #scopes = new Set<Promise<void>>();

  constructor(device: GPUDevice, state: SharedState) {
    this.#device = device;
    this.#state = state;
    device.addEventListener("uncapturederror", ({ error }) => this.#tell(error, "the GPU"));
  }

  report(trouble: GpuTrouble): void {
    this.#state.report(trouble);
  }

  /** Does `work`; what goes wrong is reported as an error in `what`. */
  watch<T>(what: string, work: () => T): T {
    this.#device.pushErrorScope("validation");
    this.#device.pushErrorScope("out-of-memory");
    this.#device.pushErrorScope("internal");
    try {
      return work();
    } finally {
      for (let i = 0; i < 3; i++) this.#pop(what);
    }
  }

  /** Until all work that was watched so far is known to be right, or wrong. */
  async known(): Promise<void> {
    while (this.#scopes.size > 0) await Promise.all(this.#scopes);
  }

  #pop(what: string): void {
    const scope = this.#device.popErrorScope().then(
      (error) => {
        if (error !== null) this.#tell(error, what);
        this.#scopes.delete(scope);
      },
      // The device is lost, which is reported elsewhere.
      () => void this.#scopes.delete(scope),
    );
    this.#scopes.add(scope);
  }

  #tell(error: GPUError, what: string): void {
    const isMemory = error.constructor.name === "GPUOutOfMemoryError";
    this.report({ kind: isMemory ? "out of memory" : "invalid", message: `${what}: ${error.message}` });
  }
}
