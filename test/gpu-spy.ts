// Looks behind the back of the GPU backend: loaded into the thread that owns the device, before anything else, it counts what the
// device really holds, and loses the device on demand. For tests; on all other threads it does nothing. Asked by GpuSpy.

import { basename } from "node:path";
import { BroadcastChannel, isMainThread } from "node:worker_threads";

/** What a device holds: buffers that nobody has destroyed yet. */
export interface HeldByGpu {
  readonly buffers: number;
  readonly bytes: number;
}

const channelName = "lectern-gpu-spy";
type Question = "what is held?" | "lose the device!";

/** The other end, in a test. One at a time, for one GPU thread of this process. */
export class GpuSpy implements Disposable {
  readonly #channel = new BroadcastChannel(channelName);

  held(): Promise<HeldByGpu> {
    return new Promise((resolve) => {
      this.#channel.onmessage = ({ data }) => resolve(data as HeldByGpu);
      this.#channel.postMessage("what is held?" satisfies Question);
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

  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (...args) {
    device = await requestDevice.apply(this, args);
    return device;
  };
  const { createBuffer } = GPUDevice.prototype;
  GPUDevice.prototype.createBuffer = function (descriptor) {
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
    if ((data as Question) === "lose the device!") {
      device?.destroy();
      return;
    }
    const bytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    channel.postMessage({ buffers: sizes.size, bytes } satisfies HeldByGpu);
  };
}
