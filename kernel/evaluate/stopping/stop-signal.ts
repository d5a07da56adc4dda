// Between the engine process's main thread and its supervisor thread: the notices that the supervisor sends, and the
// shared memory by which the main thread answers even when it cannot run its event loop.

import type { EngineCommand } from "../../session/engine-messages.ts";

export type SupervisorNotice =
  | Exclude<EngineCommand, { type: "answer" | "comm" }>
  | (Extract<EngineCommand, { type: "comm" }> & { readonly buffers: readonly Uint8Array[] })
  /** All cells up to this one were interrupted, and no termination is under way any more. `isForced`: code was terminated. */
  | { readonly type: "stopped"; readonly cell: number; readonly isForced: boolean }
  | { readonly type: "nothing" };

/** Slots of the shared Int32Array. */
const SEEN = 0;
const CALL = 1;
/** Not 0 while a cell is being stopped: what the loops of kernel/compile/hot-loops.ts look at. */
const STOPPING = 2;
const SLOTS = 3;

export class StopSignal {
  readonly memory: Int32Array<SharedArrayBuffer>;

  constructor(memory = new Int32Array(new SharedArrayBuffer(SLOTS * Int32Array.BYTES_PER_ELEMENT))) {
    this.memory = memory;
  }

  /** Supervisor: whether a cell is being stopped. */
  set stopping(isStopping: boolean) {
    Atomics.store(this.memory, STOPPING, isStopping ? 1 : 0);
  }

  /** Main thread: its event loop is alive and it has noticed the interrupt of `cell`. */
  acknowledge(cell: number): void {
    Atomics.store(this.memory, SEEN, cell);
    Atomics.notify(this.memory, SEEN);
  }

  /** Supervisor: waits until the main thread has acknowledged the interrupt of `cell`. */
  async acknowledged(cell: number, timeoutMs: number): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const seen = Atomics.load(this.memory, SEEN);
      if (seen >= cell) return true;
      const left = deadline - performance.now();
      if (left <= 0) return false;
      await Atomics.waitAsync(this.memory, SEEN, seen, left).value;
    }
  }

  /** Main thread: blocks until the supervisor terminates the code that runs now. */
  callForTermination(): void {
    const call = Atomics.add(this.memory, CALL, 1) + 1;
    Atomics.notify(this.memory, CALL);
    Atomics.wait(this.memory, CALL, call, 1000);
  }

  /** Supervisor: calls back for every {@link callForTermination}, for ever. */
  async onCall(terminate: () => void): Promise<never> {
    let answered = 0;
    for (;;) {
      const call = Atomics.load(this.memory, CALL);
      if (call === answered) await Atomics.waitAsync(this.memory, CALL, call).value;
      else {
        answered = call;
        terminate();
      }
    }
  }
}
