// What the engine's thread and the GPU's thread say to each other. Frequent things are words of a batch, rare things messages;
// what must be known without an event loop lies in shared memory. Knows neither buffers nor WebGPU.

/** First words of the commands in a batch. */
export const command = {
  /** id, words: a buffer of so many words, of arbitrary content. */
  create: 1,
  /** id */
  destroy: 2,
  /** pipeline, groups x, y, z, number of buffers, number of uniform words, buffers, uniform words */
  dispatch: 3,
  /** id, number of words, words: from the buffer's start on. */
  write: 4,
} as const;

/** The buffer that every device has from the start: the number of a watch, or 0, and the value that it complains about. */
export const faultBuffer = 0;
export const faultWords = 2;

/** Uniform words that one dispatch may have. */
export const maximumUniformWords = 128;

/** How a shader uses a buffer: reads it, or writes it, too. One letter a binding, in order. */
export type Access = "r" | "w";

export type ToGpuThread =
  /** Makes a device; answers in the shared state. Everything of an earlier device is gone. */
  | { readonly kind: "open"; readonly state: SharedArrayBuffer }
  | {
      readonly kind: "pipeline";
      readonly pipeline: number;
      readonly key: string;
      readonly code: string;
      readonly access: string;
    }
  | { readonly kind: "batch"; readonly words: Uint32Array<ArrayBuffer> }
  /** A buffer so large that the device may have no room for it; the answer goes into `reply`, see {@link createReply}. */
  | { readonly kind: "create"; readonly buffer: number; readonly bytes: number; readonly reply: SharedArrayBuffer }
  | { readonly kind: "write"; readonly buffer: number; readonly words: Uint32Array<ArrayBuffer> }
  /** `start` and `length` in words. The words go into `reply`, see {@link ReplyMemory}, or into a message. */
  | {
      readonly kind: "read";
      readonly read: number;
      readonly buffer: number;
      readonly start: number;
      readonly length: number;
      readonly reply?: SharedArrayBuffer | undefined;
    }
  /** Gives the device up: whatever is asked of it next is an error. */
  | { readonly kind: "close" };

/** The answer to a read without `reply`; without words, the shared state says what is wrong. */
export interface FromGpuThread {
  readonly read: number;
  readonly words: Uint32Array<ArrayBuffer> | undefined;
}

/** The one word of the answer to `create`: 0 until it is known. */
export const createReply = { made: 1, noRoom: 2 } as const;

/** Words before the data in a read's shared memory; the first is 0 until the answer is there, then 1, or 2 if there is none. */
export const replyHeaderWords = 4;

/** What the GPU's thread knows about its device. */
export interface GpuInfo {
  /** As the driver calls the device. */
  readonly name: string;
  readonly vendor: string;
  readonly architecture: string;
  /** A program that plays a GPU on the CPU, for tests. */
  readonly isSoftware: boolean;
  /** `vulkan`, `metal`, `d3d12`, … as far as it is known. */
  readonly features: readonly string[];
  readonly limits: GpuLimits;
}

/** https://www.w3.org/TR/webgpu/#limits, as granted. */
export interface GpuLimits {
  readonly maxBufferSize: number;
  readonly maxStorageBufferBindingSize: number;
  readonly maxStorageBuffersPerShaderStage: number;
  readonly maxComputeInvocationsPerWorkgroup: number;
  readonly maxComputeWorkgroupStorageSize: number;
  readonly maxComputeWorkgroupsPerDimension: number;
}

/** What went wrong on the GPU's side. */
export interface GpuTrouble {
  readonly kind: "no device" | "lost" | "out of memory" | "invalid" | "fault";
  readonly message: string;
  /** Of a fault: who watches for it, and the value that was found. */
  readonly watch?: number;
  readonly value?: number;
}
