// What kernels work with: shaders compiled once by key, dispatches, scratch buffers, watches for wrong data. One for the life of
// a backend; what lies on the device is made again after a loss.

import type { DType } from "../../core/dtype.ts";
import { BackendError } from "../../core/errors.ts";
import { type Elementwise, PendingChain } from "./chains/pending-chain.ts";
import type { CommandRecorder } from "./command-recorder.ts";
import type { GpuThread } from "./gpu-thread.ts";
import type { GpuBuffer } from "./memory/gpu-buffer.ts";
import type { GpuMemory } from "./memory/gpu-memory.ts";
import { faultBuffer, type GpuInfo, maximumUniformWords } from "./protocol.ts";
import {
  accessOf,
  type Buffers,
  codeOf,
  laneCount,
  placesOf,
  type Shader,
  type ShaderText,
  type Uniforms,
} from "./shader/shader.ts";
import type { ToError, Watches } from "./watches.ts";

/** Workgroups in x, y and z. */
export type Groups = readonly [x: number, y: number, z: number];

export interface GpuParts {
  readonly thread: GpuThread;
  readonly info: GpuInfo;
  readonly recorder: CommandRecorder;
  readonly memory: GpuMemory;
  readonly watches: Watches;
}

export class Gpu {
  readonly info: GpuInfo;
  readonly #thread: GpuThread;
  readonly #recorder: CommandRecorder;
  readonly #memory: GpuMemory;
  readonly #watches: Watches;
  readonly #shaders = new Map<string, Shader>();
  readonly #words = new Uint32Array(maximumUniformWords);
  readonly #integers = new Int32Array(this.#words.buffer);
  readonly #floats = new Float32Array(this.#words.buffer);
  readonly #chain: PendingChain;
  #lastPipeline = 0;

  constructor({ thread, info, recorder, memory, watches }: GpuParts) {
    this.#thread = thread;
    this.info = info;
    this.#recorder = recorder;
    this.#memory = memory;
    this.#watches = watches;
    this.#chain = new PendingChain(this);
    recorder.beforeFlush = () => this.#chain.run();
  }

  /** Whether kernels may use subgroups. */
  get hasSubgroups(): boolean {
    return this.info.features.includes("subgroups");
  }

  /**
   * The kernel of this key: `write` is called when it is needed for the first time. The key says everything that the text
   * depends on; sizes are uniforms and no part of it, so that few pipelines serve many shapes.
   */
  shader<const S extends ShaderText>(key: string, write: () => S): Shader<S> {
    const known = this.#shaders.get(key);
    if (known !== undefined) return known as Shader<S>;
    const text = write();
    const { fields, words } = placesOf(text);
    if (words > maximumUniformWords)
      throw new BackendError(key, `${words} uniforms are more than ${maximumUniformWords}`);
    const bindings = [...Object.keys(text.reads), ...Object.keys(text.writes)];
    const pipeline = ++this.#lastPipeline;
    const shader = { pipeline, key, text, bindings, fields, uniformWords: words };
    this.#thread.post({ kind: "pipeline", pipeline, key, code: codeOf(text), access: accessOf(text) }, []);
    this.#shaders.set(key, shader);
    return shader;
  }

  /** Runs a kernel after everything that was dispatched before; nothing where there are no groups. */
  dispatch<S extends ShaderText>(shader: Shader<S>, buffers: Buffers<S>, uniforms: Uniforms<S>, groups: Groups): void {
    this.#dispatch(shader, buffers, uniforms, groups, 0);
  }

  /** Runs an op that computes every element by itself, perhaps together with the next ones. */
  elementwise(op: Elementwise): void {
    for (const { buffer } of [...op.operands, op.y]) this.requireHere(op.op, buffer);
    this.#chain.add(op);
    this.#recorder.flushLater();
  }

  /** Before something outside of kernels touches the buffer: runs what waits for it. */
  beforeWrite(buffer: GpuBuffer): void {
    if (this.#chain.uses(buffer)) this.#chain.run();
  }

  /** Runs what waits. */
  settle(): void {
    this.#chain.run();
  }

  /** The same for a shader with `faults`: the first value it complains about becomes the error of a later read. */
  dispatchWatched<S extends ShaderText & { readonly faults: true }>(
    shader: Shader<S>,
    buffers: Buffers<S>,
    uniforms: Uniforms<S>,
    groups: Groups,
    toError: ToError,
  ): void {
    if (groups[0] * groups[1] * groups[2] > 0) {
      this.#dispatch(shader, buffers, uniforms, groups, this.#watches.add(toError));
    }
  }

  /** Workgroups for so many invocations in a row, see `index` in a shader's text. */
  linear(invocations: number, perGroup: number = laneCount): Groups {
    return this.lines(Math.ceil(invocations / perGroup));
  }

  /** So many workgroups, or up to a row more of them: `group.y * groups.x + group.x` is their number. */
  lines(count: number): Groups {
    const limit = this.info.limits.maxComputeWorkgroupsPerDimension;
    return count <= limit ? [count, 1, 1] : [limit, Math.ceil(count / limit), 1];
  }

  /** Hands `use` a buffer of arbitrary content for what it dispatches. */
  scratch<T>(dtype: DType, length: number, use: (buffer: GpuBuffer) => T): T {
    const buffer = this.#memory.allocate(dtype, length);
    try {
      return use(buffer);
    } finally {
      this.#memory.release(buffer);
    }
  }

  /** The device is a new one. */
  restart(): void {
    this.#shaders.clear();
    this.#chain.clear();
  }

  #dispatch<S extends ShaderText>(
    shader: Shader<S>,
    buffers: Buffers<S>,
    uniforms: Uniforms<S>,
    groups: Groups,
    watch: number,
  ): void {
    if (groups[0] === 0 || groups[1] === 0 || groups[2] === 0) return;
    this.#chain.run();
    const ids: number[] = [];
    for (const name of shader.bindings) {
      const buffer: GpuBuffer = buffers[name as keyof Buffers<S>];
      this.requireHere(shader.key, buffer);
      ids.push(buffer.id);
    }
    if (watch > 0) {
      ids.push(faultBuffer);
      this.#words[0] = watch;
    }
    this.#pack(shader, uniforms as Readonly<Record<string, number | readonly number[]>>);
    this.#recorder.dispatch(shader.pipeline, groups, ids, this.#words.subarray(0, shader.uniformWords));
  }

  /** Says that a tensor went with a device that was lost. */
  requireHere(op: string, buffer: GpuBuffer): void {
    if (this.#memory.isHere(buffer)) return;
    throw new BackendError(
      op,
      `a tensor of ${buffer.length} ${buffer.dtype} elements was lost with the GPU device that held it`,
      "Make it again: run the cells that create tensors and models once more.",
    );
  }

  #pack(shader: Shader, uniforms: Readonly<Record<string, number | readonly number[]>>): void {
    for (const { name, type, count, word } of shader.fields) {
      const array = type === "f32" ? this.#floats : type === "i32" ? this.#integers : this.#words;
      const value = uniforms[name]!;
      if (count === undefined) array[word] = value as number;
      else for (let i = 0; i < count; i++) array[word + i] = (value as readonly number[])[i]!;
    }
  }
}
