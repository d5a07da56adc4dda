// Pipelines by their number, and bind groups by what they bind. Layouts are made from the letters of protocol.ts, so that
// kernels with the same bindings share bind groups.

import { type Access, maximumUniformWords, type ToGpuThread } from "../protocol.ts";
import { computeStage } from "./constants.ts";
import type { Troubles } from "./troubles.ts";

/** Bytes that a dispatch sees of the uniform buffer. */
export const uniformBindingBytes = 4 * maximumUniformWords;
/** Bind groups that are kept; they are made again in microseconds. */
const mostGroups = 50_000;

interface Layout {
  readonly bindGroupLayout: GPUBindGroupLayout;
  readonly pipelineLayout: GPUPipelineLayout;
  readonly number: number;
}

export interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: Layout;
}

export class Pipelines {
  readonly #device: GPUDevice;
  readonly #troubles: Troubles;
  readonly #pipelines = new Map<number, Pipeline>();
  readonly #layouts = new Map<string, Layout>();
  readonly #groups = new Map<string, GPUBindGroup>();
  /** Keys of the groups that bind a buffer. */
  readonly #keysOf = new Map<number, Set<string>>();

  constructor(device: GPUDevice, troubles: Troubles) {
    this.#device = device;
    this.#troubles = troubles;
  }

  get(pipeline: number): Pipeline {
    return this.#pipelines.get(pipeline)!;
  }

  add({ pipeline: number, key, code, access }: Extract<ToGpuThread, { readonly kind: "pipeline" }>): void {
    this.#troubles.watch(`the kernel ${key} does not compile`, () => {
      const module = this.#device.createShaderModule({ label: key, code });
      const layout = this.#layoutFor(access);
      const pipeline = this.#device.createComputePipeline({
        label: key,
        layout: layout.pipelineLayout,
        compute: { module, entryPoint: "main" },
      });
      this.#pipelines.set(number, { pipeline, layout });
    });
  }

  /** The group that binds the uniforms at 0 and these buffers after them. */
  bindGroup(
    layout: Layout,
    uniforms: GPUBuffer,
    ids: Uint32Array,
    buffers: ReadonlyMap<number, GPUBuffer>,
  ): GPUBindGroup {
    const key = `${layout.number}:${ids.join()}`;
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    if (this.#groups.size >= mostGroups) {
      this.#groups.clear();
      this.#keysOf.clear();
    }
    const entries: GPUBindGroupEntry[] = [{ binding: 0, resource: { buffer: uniforms, size: uniformBindingBytes } }];
    for (const [i, id] of ids.entries()) {
      entries.push({ binding: i + 1, resource: { buffer: buffers.get(id)! } });
      const keys = this.#keysOf.get(id);
      if (keys === undefined) this.#keysOf.set(id, new Set([key]));
      else keys.add(key);
    }
    const group = this.#device.createBindGroup({ layout: layout.bindGroupLayout, entries });
    this.#groups.set(key, group);
    return group;
  }

  /** Drops the groups that bind a buffer. */
  forgetBuffer(id: number): void {
    for (const key of this.#keysOf.get(id) ?? []) this.#groups.delete(key);
    this.#keysOf.delete(id);
  }

  #layoutFor(access: string): Layout {
    const known = this.#layouts.get(access);
    if (known !== undefined) return known;
    const uniform: GPUBufferBindingLayout = { type: "uniform", hasDynamicOffset: true };
    const types = { r: "read-only-storage", w: "storage" } as const satisfies Record<Access, GPUBufferBindingType>;
    const storage = [...access].map((letter): GPUBufferBindingLayout => ({ type: types[letter as Access] }));
    const entries = [uniform, ...storage].map((buffer, binding) => ({ binding, visibility: computeStage, buffer }));
    const bindGroupLayout = this.#device.createBindGroupLayout({ label: access, entries });
    const pipelineLayout = this.#device.createPipelineLayout({ label: access, bindGroupLayouts: [bindGroupLayout] });
    const layout = { bindGroupLayout, pipelineLayout, number: this.#layouts.size };
    this.#layouts.set(access, layout);
    return layout;
  }
}
