// One device for as long as it lasts, on the GPU's thread: its buffers, its pipelines, and what goes wrong with it.

import { createReply, faultBuffer, faultWords, type GpuInfo, type GpuLimits, type ToGpuThread } from "../protocol.ts";
import type { SharedState } from "../shared-state.ts";
import { BatchPlayer } from "./batch-player.ts";
import type { GpuPort } from "./gpu-port.ts";
import { Pipelines } from "./pipelines.ts";
import { ReadBack } from "./read-back.ts";
import { createTensorBuffer } from "./tensor-buffer.ts";
import { Troubles } from "./troubles.ts";

/** Limits that are asked for, as large as the adapter has them. */
const wantedLimits = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupSizeY",
  "maxComputeWorkgroupSizeZ",
  "maxComputeWorkgroupStorageSize",
  "maxComputeWorkgroupsPerDimension",
] as const satisfies readonly (keyof GPUSupportedLimits)[];

/** Used where they are there. */
const wantedFeatures: readonly GPUFeatureName[] = ["subgroups", "timestamp-query"];

export class OpenDevice {
  readonly info: GpuInfo;
  readonly #device: GPUDevice;
  /** Held: Dawn for Node ends with the garbage collection of its root, whatever is still in use. */
  readonly gpu: GPU;
  readonly #buffers = new Map<number, GPUBuffer>();
  readonly #pipelines: Pipelines;
  readonly #player: BatchPlayer;
  readonly #readBack: ReadBack;
  readonly #troubles: Troubles;
  readonly #state: SharedState;
  readonly #port: GpuPort;
  #isOpen = true;

  private constructor(gpu: GPU, device: GPUDevice, info: GpuInfo, state: SharedState, port: GpuPort) {
    this.gpu = gpu;
    this.#state = state;
    this.#port = port;
    this.#device = device;
    this.info = info;
    this.#troubles = new Troubles(device, state);
    this.#pipelines = new Pipelines(device, this.#troubles);
    this.#player = new BatchPlayer({
      device,
      buffers: this.#buffers,
      pipelines: this.#pipelines,
      troubles: this.#troubles,
      state,
    });
    this.#readBack = new ReadBack({ device, buffers: this.#buffers, troubles: this.#troubles, port });
    this.#buffers.set(faultBuffer, createTensorBuffer(device, 4 * faultWords));
    void device.lost.then(({ message }) => {
      if (!this.#isOpen) return;
      this.#isOpen = false;
      state.report({ kind: "lost", message: message === "" ? "the driver gave no reason" : message });
    });
  }

  /** Throws where there is no adapter, or it gives no device. */
  static async open(gpu: GPU, state: SharedState, port: GpuPort): Promise<OpenDevice> {
    const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
    if (adapter === null) throw new Error("there is no GPU adapter that WebGPU can use");
    const requiredLimits = Object.fromEntries(wantedLimits.map((limit) => [limit, adapter.limits[limit]]));
    // Kernels need the numbers of subgroups, too: https://www.w3.org/TR/WGSL/#language_extension-subgroup_id
    const canNumber = gpu.wgslLanguageFeatures.has("subgroup_id");
    const requiredFeatures = wantedFeatures.filter(
      (feature) => adapter.features.has(feature) && (feature !== "subgroups" || canNumber),
    );
    const device = await adapter.requestDevice({ requiredLimits, requiredFeatures });
    const { description, device: model, vendor, architecture, isFallbackAdapter: isSoftware } = adapter.info;
    const limits = Object.fromEntries(wantedLimits.map((limit) => [limit, device.limits[limit]]));
    const info: GpuInfo = {
      name: description !== "" ? description : model,
      vendor,
      architecture,
      isSoftware,
      features: requiredFeatures,
      limits: limits as unknown as GpuLimits,
    };
    return new OpenDevice(gpu, device, info, state, port);
  }

  take(message: Exclude<ToGpuThread, { readonly kind: "open" }>): void {
    if (this.#state.isEndWanted) {
      if (message.kind === "close") this.#end();
      return;
    }
    try {
      this.#take(message);
    } catch (error) {
      this.#troubles.report({ kind: "invalid", message: error instanceof Error ? error.message : String(error) });
    }
  }

  #take(message: Exclude<ToGpuThread, { readonly kind: "open" }>): void {
    switch (message.kind) {
      case "batch":
        this.#player.play(message.words);
        return;
      case "create":
        void this.#create(message);
        return;
      case "pipeline":
        this.#pipelines.add(message);
        return;
      case "write":
        this.#device.queue.writeBuffer(this.#buffers.get(message.buffer)!, 0, message.words);
        return;
      case "read":
        this.#readBack.read(message);
        return;
      case "close":
        this.#device.destroy();
    }
  }

  async #create({ buffer, bytes, reply }: Extract<ToGpuThread, { readonly kind: "create" }>): Promise<void> {
    this.#device.pushErrorScope("out-of-memory");
    const made = createTensorBuffer(this.#device, bytes);
    // Of a device that is lost, there is none; the loss is reported elsewhere.
    const refusal = await this.#device.popErrorScope().catch(() => null);
    if (refusal === null) this.#buffers.set(buffer, made);
    else made.destroy();
    const answer = new Int32Array(reply);
    Atomics.store(answer, 0, refusal === null ? createReply.made : createReply.noRoom);
    Atomics.notify(answer, 0);
  }

  /** What is still on its way comes back in the next turns of the event loop. */
  #end(): void {
    this.close();
    this.#port.afterTurn(() => this.#port.afterTurn(() => this.#state.reachEnd()));
  }

  /** Destroys everything, silently. */
  close(): void {
    this.#isOpen = false;
    this.#device.destroy();
  }
}
