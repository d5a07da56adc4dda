// Plays the commands of a batch: one encoder, one submission. Uniforms of all its dispatches, and what it writes, go up in one
// piece before it; buffers are destroyed after it.

import { command } from "../protocol.ts";
import type { SharedState } from "../shared-state.ts";
import { bufferUsage } from "./constants.ts";
import { type Pipelines, uniformBindingBytes } from "./pipelines.ts";
import { createTensorBuffer } from "./tensor-buffer.ts";
import type { Troubles } from "./troubles.ts";

interface Parts {
  readonly device: GPUDevice;
  readonly buffers: Map<number, GPUBuffer>;
  readonly pipelines: Pipelines;
  readonly troubles: Troubles;
  readonly state: SharedState;
}

/** Uniforms start at multiples of this: minUniformBufferOffsetAlignment. */
const slotWords = 64;
/** Of uniforms and written words, per submission. */
const uploadWords = 1 << 16;

export class BatchPlayer {
  readonly #parts: Parts;
  readonly #upload: GPUBuffer;
  readonly #words = new Uint32Array(uploadWords);
  #used = 0;
  #encoder: GPUCommandEncoder | undefined;
  #pass: GPUComputePassEncoder | undefined;
  #destroyed: number[] = [];
  #dispatches = 0;
  /** When the last work was done, and how long a dispatch takes, in microseconds. */
  #doneAt = 0;
  #pace = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#upload = parts.device.createBuffer({
      label: "uniforms",
      size: 4 * uploadWords + uniformBindingBytes,
      usage: bufferUsage.uniform | bufferUsage.copySource | bufferUsage.copyDestination,
    });
  }

  play(words: Uint32Array): void {
    const { device, state, troubles } = this.#parts;
    troubles.watch("an op on the GPU", () => {
      for (let at = 0; at < words.length && !state.isEndWanted; ) at = this.#step(words, at);
      this.#submit();
    });
    const dispatches = this.#dispatches;
    this.#dispatches = 0;
    if (dispatches === 0) return;
    const submittedAt = performance.now();
    void device.queue.onSubmittedWorkDone().then(() => {
      state.countDispatches(dispatches, this.#paceAfter(dispatches, submittedAt));
    });
  }

  /** Microseconds for a dispatch: slower at once when it is slower, faster step by step. */
  #paceAfter(dispatches: number, submittedAt: number): number {
    const now = performance.now();
    const own = (1000 * (now - Math.max(submittedAt, this.#doneAt))) / dispatches;
    this.#doneAt = now;
    this.#pace = Math.max(own, 0.75 * this.#pace + 0.25 * own);
    return this.#pace;
  }

  /** Plays the command at `at`; returns where the next one is. */
  #step(words: Uint32Array, at: number): number {
    const id = words[at + 1]!;
    switch (words[at]) {
      case command.create:
        this.#create(id, 4 * words[at + 2]!);
        return at + 3;
      case command.destroy:
        this.#destroyed.push(id);
        return at + 2;
      case command.write: {
        const length = words[at + 2]!;
        this.#write(id, words.subarray(at + 3, at + 3 + length));
        return at + 3 + length;
      }
      case command.dispatch: {
        const from = at + 7;
        const uniformsFrom = from + words[at + 5]!;
        const end = uniformsFrom + words[at + 6]!;
        const groups = [words[at + 2]!, words[at + 3]!, words[at + 4]!] as const;
        this.#dispatch(id, groups, words.subarray(from, uniformsFrom), words.subarray(uniformsFrom, end));
        return end;
      }
      default:
        throw new RangeError(`a batch has the unknown command ${words[at]} at word ${at}`);
    }
  }

  #create(id: number, size: number): void {
    const { device, buffers, troubles } = this.#parts;
    const what = `no room for a tensor of ${(size / 2 ** 20).toFixed(1)} MiB`;
    buffers.set(
      id,
      troubles.watch(what, () => createTensorBuffer(device, size)),
    );
  }

  #write(id: number, words: Uint32Array): void {
    const offset = this.#uploadWords(words);
    this.#pass?.end();
    this.#pass = undefined;
    this.#encoder ??= this.#parts.device.createCommandEncoder();
    this.#encoder.copyBufferToBuffer(this.#upload, offset, this.#parts.buffers.get(id)!, 0, 4 * words.length);
  }

  #dispatch(id: number, [x, y, z]: readonly [number, number, number], ids: Uint32Array, uniforms: Uint32Array): void {
    const { device, pipelines, buffers } = this.#parts;
    const offset = this.#uploadWords(uniforms);
    const { pipeline, layout } = pipelines.get(id);
    this.#encoder ??= device.createCommandEncoder();
    this.#pass ??= this.#encoder.beginComputePass();
    this.#pass.setPipeline(pipeline);
    this.#pass.setBindGroup(0, pipelines.bindGroup(layout, this.#upload, ids, buffers), [offset]);
    this.#pass.dispatchWorkgroups(x, y, z);
    this.#dispatches++;
  }

  /** Returns where the words will be in the upload buffer, in bytes. */
  #uploadWords(words: Uint32Array): number {
    if (this.#used + words.length > uploadWords) this.#submit();
    const at = this.#used;
    this.#words.set(words, at);
    this.#used = Math.ceil((at + words.length) / slotWords) * slotWords;
    return 4 * at;
  }

  #submit(): void {
    const { device, buffers, pipelines } = this.#parts;
    if (this.#encoder !== undefined) {
      this.#pass?.end();
      device.queue.writeBuffer(this.#upload, 0, this.#words, 0, Math.min(this.#used, uploadWords));
      device.queue.submit([this.#encoder.finish()]);
    }
    this.#encoder = undefined;
    this.#pass = undefined;
    this.#used = 0;
    for (const id of this.#destroyed) {
      buffers.get(id)?.destroy();
      buffers.delete(id);
      pipelines.forgetBuffer(id);
    }
    this.#destroyed = [];
  }
}
