// Copies of buffers for the engine's thread, with the word whether a kernel found fault with its data. The reads that are waiting
// when the GPU's thread gets to them go together: one copy, one mapping.

import { faultBuffer, faultWords, replyHeaderWords, type ToGpuThread } from "../protocol.ts";
import { bufferUsage, mapForReading } from "./constants.ts";
import type { GpuPort } from "./gpu-port.ts";
import type { Troubles } from "./troubles.ts";

type Read = Extract<ToGpuThread, { readonly kind: "read" }>;

interface Parts {
  readonly device: GPUDevice;
  readonly buffers: ReadonlyMap<number, GPUBuffer>;
  readonly troubles: Troubles;
  readonly port: GpuPort;
}

/** Staging buffers are kept up to this size. */
const smallBytes = 65_536;
const keptBuffers = 8;

export class ReadBack {
  readonly #parts: Parts;
  readonly #staging: GPUBuffer[] = [];
  #gathered: Read[] = [];

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  read(read: Read): void {
    this.#gathered.push(read);
    if (read.reply !== undefined) void this.#readAll();
    // The messages that are waiting already come first.
    else if (this.#gathered.length === 1) this.#parts.port.afterTurn(() => void this.#readAll());
  }

  async #readAll(): Promise<void> {
    const reads = this.#gathered;
    this.#gathered = [];
    if (reads.length === 0) return;
    try {
      await this.#copy(reads);
    } catch (error) {
      await this.#parts.troubles.known();
      this.#parts.troubles.report({ kind: "invalid", message: `reading from the GPU: ${String(error)}` });
      for (const read of reads) this.#answer(read, undefined);
    }
  }

  async #copy(reads: readonly Read[]): Promise<void> {
    const { device, buffers, troubles } = this.#parts;
    const words = reads.reduce((sum, { length }) => sum + length, faultWords);
    const staging = this.#take(4 * words);
    troubles.watch("reading from the GPU", () => {
      const encoder = device.createCommandEncoder();
      const faults = buffers.get(faultBuffer)!;
      encoder.copyBufferToBuffer(faults, 0, staging, 0, 4 * faultWords);
      encoder.clearBuffer(faults);
      let to = faultWords;
      for (const { buffer, start, length } of reads) {
        encoder.copyBufferToBuffer(buffers.get(buffer)!, 4 * start, staging, 4 * to, 4 * length);
        to += length;
      }
      device.queue.submit([encoder.finish()]);
    });
    await Promise.all([staging.mapAsync(mapForReading, 0, 4 * words), troubles.known()]);
    const mapped = new Uint32Array(staging.getMappedRange(0, 4 * words));
    const [watch, value] = [mapped[0]!, mapped[1]! | 0];
    if (watch !== 0) troubles.report({ kind: "fault", message: "", watch, value });
    let from = faultWords;
    for (const read of reads) {
      this.#answer(read, mapped.subarray(from, from + read.length));
      from += read.length;
    }
    staging.unmap();
    this.#give(staging);
  }

  #answer({ read, reply, length }: Read, words: Uint32Array | undefined): void {
    if (reply === undefined) {
      const copy = words && new Uint32Array(words);
      this.#parts.port.post({ read, words: copy }, copy === undefined ? [] : [copy.buffer]);
      return;
    }
    if (words !== undefined) new Uint32Array(reply, 4 * replyHeaderWords, length).set(words);
    const state = new Int32Array(reply, 0, 1);
    Atomics.store(state, 0, words === undefined ? 2 : 1);
    Atomics.notify(state, 0);
  }

  #take(bytes: number): GPUBuffer {
    const kept = bytes <= smallBytes ? this.#staging.pop() : undefined;
    if (kept !== undefined) return kept;
    return this.#parts.device.createBuffer({
      label: "read",
      size: Math.max(bytes, smallBytes),
      usage: bufferUsage.mapRead | bufferUsage.copyDestination,
    });
  }

  #give(staging: GPUBuffer): void {
    if (staging.size === smallBytes && this.#staging.length < keptBuffers) this.#staging.push(staging);
    else staging.destroy();
  }
}
