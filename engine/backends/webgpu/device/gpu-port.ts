// What the GPU's thread needs of its platform. The host makes one.

import type { FromGpuThread, ToGpuThread } from "../protocol.ts";

export interface GpuPort {
  /** The platform's `navigator.gpu`. */
  openGpu(): Promise<GPU>;
  /** In order; `transfer` leaves this thread. */
  post(message: FromGpuThread, transfer: readonly ArrayBuffer[]): void;
  listen(take: (message: ToGpuThread) => void): void;
  /** Calls back once the messages that wait have been taken. */
  afterTurn(callback: () => void): void;
}
