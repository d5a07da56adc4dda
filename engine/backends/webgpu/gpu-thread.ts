// The thread that owns the GPU, as the engine's thread sees it. The host makes one; who listens at the other end is
// device/serve.ts.

import type { FromGpuThread, ToGpuThread } from "./protocol.ts";

export interface GpuThread {
  /** In order; `transfer` leaves this thread. */
  post(message: ToGpuThread, transfer: readonly ArrayBuffer[]): void;
  /** Calls `take` for every answer, from the event loop. */
  listen(take: (message: FromGpuThread) => void): void;
  /** While true, the process stays alive for an answer. */
  stayAwake(awake: boolean): void;
  /** Calls back once this turn of the event loop is over. */
  afterTurn(callback: () => void): void;
  /** Calls back when the process is about to end, while this thread can still wait. */
  beforeEnd(callback: () => void): void;
}
