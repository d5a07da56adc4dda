// Looks behind the back of the GPU backend: loaded into the thread that owns the device, before anything else, it counts what the
// device really holds, loses the device on demand, or has the driver refuse memory. For tests; on all other threads it does
// nothing. Asked by GpuSpy.

import { basename } from "node:path";
import { BroadcastChannel, isMainThread } from "node:worker_threads";

/** What a device holds: buffers that nobody has destroyed yet. */
export interface HeldByGpu {
  readonly buffers: number;
  readonly bytes: number;
}

const channelName = "lectern-gpu-spy";
type Question = "what is held?" | "lose the device!" | { readonly refuseBuffers: number };

/** The other end, in a test. One at a time, for one GPU thread of this process. */
export class GpuSpy implements Disposable {
  readonly #channel = new BroadcastChannel(channelName);

  held(): Promise<HeldByGpu> {
    return this.#ask("what is held?");
  }

  /** The device ends as if its driver had: nobody else is told. Resolves when it is gone. */
  async loseDevice(): Promise<void> {
    await this.#ask("lose the device!");
  }

  /** So many buffers from now on are too large for the driver: it is asked for all that it may give at once. */
  async refuseBuffers(count: number): Promise<void> {
    await this.#ask({ refuseBuffers: count });
  }

  #ask(question: Question): Promise<HeldByGpu> {
    return new Promise((resolve) => {
      this.#channel.onmessage = ({ data }) => resolve(data as HeldByGpu);
      this.#channel.postMessage(question);
    });
  }

  [Symbol.dispose](): void {
    this.#channel.close();
  }
}

/** For cells, which import nothing of the tests. */
export const loseTheDevice = `new BroadcastChannel("${channelName}").postMessage("${"lose the device!" satisfies Question}");`;

if (!isMainThread && basename(process.argv[1] ?? "").includes("gpu-thread")) await spy();

async function spy(): Promise<void> {
  const { globals } = await import("webgpu");
  const { GPUAdapter, GPUDevice, GPUBuffer } = globals as typeof globalThis;
  const sizes = new Map<GPUBuffer, number>();
  let device: GPUDevice | undefined;
  let refusals = 0;

  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (...args) {
    device = await requestDevice.apply(this, args);
    return device;
  };
  const { createBuffer } = GPUDevice.prototype;
  GPUDevice.prototype.createBuffer = function (descriptor) {
    if (refusals > 0) {
      refusals--;
      return createBuffer.call(this, { ...descriptor, size: this.limits.maxBufferSize });
    }
    const buffer = createBuffer.call(this, descriptor);
    sizes.set(buffer, descriptor.size);
    return buffer;
  };
  const { destroy } = GPUBuffer.prototype;
  GPUBuffer.prototype.destroy = function () {
    sizes.delete(this);
    return destroy.call(this);
  };

  const channel = new BroadcastChannel(channelName);
  channel.unref();
  channel.onmessage = ({ data }) => {
    const question = data as Question;
    if (question === "lose the device!") device?.destroy();
    if (typeof question === "object") refusals = question.refuseBuffers;
    const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    channel.postMessage({ buffers: sizes.size, bytes } satisfies HeldByGpu);
  };
}
