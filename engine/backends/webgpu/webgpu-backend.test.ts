// The backend and the thread of the GPU together, on a device of their own: what ops compute is tested with the whole suite
// (LECTERN_DEVICE=webgpu), here is how they get there, and what goes wrong on the way.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gpuForTests, hasSoftwareGpu } from "../../../test/gpu.ts";
import { GpuSpy } from "../../../test/gpu-spy.ts";
import { contiguousLayout } from "../../core/layout.ts";
import type { Operand } from "../backend.ts";
import type { GpuThread } from "./gpu-thread.ts";
import type { GpuBuffer } from "./memory/gpu-buffer.ts";
import type { ToGpuThread } from "./protocol.ts";
import { SharedState } from "./shared-state.ts";
import { createWebGpuBackend, type WebGpuBackend } from "./webgpu-backend.ts";

const reason = "there is no GPU to test with: SwiftShader is not installed, and LECTERN_DEVICE is not webgpu";
const canRun = hasSoftwareGpu || process.env.LECTERN_DEVICE === "webgpu";

interface Opened {
  readonly backend: WebGpuBackend;
  readonly thread: GpuThread;
  /** What the backend has posted to its thread. */
  readonly posted: ToGpuThread[];
}

function openBackend(spied = false): Opened {
  const options = gpuForTests({ spied });
  const posted: ToGpuThread[] = [];
  const thread: GpuThread = {
    ...options.thread,
    post(message, transfer) {
      posted.push(message);
      options.thread.post(message, transfer);
    },
  };
  return { backend: createWebGpuBackend({ ...options, thread }), thread, posted };
}

/** A buffer with these float32 elements. */
function made(backend: WebGpuBackend, values: readonly number[]): GpuBuffer {
  const buffer = backend.allocate("float32", values.length);
  backend.write(buffer, Float32Array.from(values));
  return buffer;
}

function operand(buffer: GpuBuffer): Operand<GpuBuffer> {
  return { ...contiguousLayout([buffer.length]), dtype: buffer.dtype, buffer };
}

/** y = a + b, in a new buffer. */
function add(backend: WebGpuBackend, a: GpuBuffer, b: GpuBuffer): GpuBuffer {
  const y = backend.allocate("float32", Math.max(a.length, b.length));
  backend.run("add", [operand(a), operand(b)], operand(y), {});
  return y;
}

const elements = (backend: WebGpuBackend, buffer: GpuBuffer): number[] =>
  Array.from(backend.readSync(buffer, 0, buffer.length));

describe.skipIf(!canRun)(canRun ? "the GPU backend" : reason, () => {
  let backend: WebGpuBackend;
  let posted: ToGpuThread[];
  beforeAll(() => {
    ({ backend, posted } = openBackend());
  });

  it("says what it runs on", () => {
    const { info } = backend;
    expect(info.name).not.toBe("");
    expect(info.limits.maxStorageBufferBindingSize).toBeGreaterThanOrEqual(2 ** 27);
  });

  it("computes in order, and reads at once or when it is awaited", async () => {
    const x = made(backend, [1, 2, 3]);
    const y = add(backend, x, x);
    const z = add(backend, y, made(backend, [10]));
    expect(elements(backend, z)).toEqual([12, 14, 16]);
    expect(await backend.read(y, 1, 2)).toEqual(Float32Array.of(4, 6));
  });

  it("keeps a bool as a byte of JavaScript and a word of the GPU", () => {
    const buffer = backend.allocate("bool", 3);
    backend.write(buffer, Uint8Array.of(1, 0, 1));
    expect(backend.readSync(buffer, 1, 2)).toEqual(Uint8Array.of(0, 1));
    backend.release(buffer);
  });

  it("answers reads that are asked for together with one copy", async () => {
    posted.length = 0;
    const x = made(backend, [1, 2]);
    const y = add(backend, x, x);
    const sums = await Promise.all([x, y, x].map((buffer) => backend.read(buffer, 0, 2)));
    expect(sums.map((values) => [...values])).toEqual([
      [1, 2],
      [2, 4],
      [1, 2],
    ]);
    expect(posted.filter(({ kind }) => kind === "batch").length).toBe(1);
  });

  it("sends many dispatches at once, and few pipelines", () => {
    posted.length = 0;
    let x = made(backend, [0]);
    const one = made(backend, [1]);
    for (let i = 0; i < 500; i++) {
      const next = add(backend, x, one);
      backend.release(x);
      x = next;
    }
    expect(elements(backend, x)).toEqual([500]);
    expect(posted.filter(({ kind }) => kind === "batch").length).toBeLessThan(250);
    expect(posted.filter(({ kind }) => kind === "pipeline").length).toBeLessThan(2);
    expect(backend.memory().tensors).toBe(2);
  });

  it("writes large data and small data in order with ops", () => {
    const size = 100_000;
    const x = backend.allocate("float32", size);
    backend.write(x, new Float32Array(size).fill(1));
    const y = add(backend, x, x);
    backend.write(x, new Float32Array(size).fill(5));
    const z = add(backend, y, x);
    expect(elements(backend, z).every((value) => value === 7)).toBe(true);
  });

  it("computes more than 65,535 workgroups at once", () => {
    const size = 256 * 65_535 + 1000;
    const x = backend.allocate("float32", size);
    backend.run("exp", [{ ...operand(made(backend, [0])), shape: [size], strides: [0] }], operand(x), {});
    const last = backend.readSync(x, size - 1001, 1001);
    expect(last.every((value) => value === 1)).toBe(true);
  });

  it("takes unreachable buffers back", () => {
    const x = made(backend, [1]);
    for (let i = 0; i < 100; i++) add(backend, x, x);
    expect(backend.memory().tensors).toBe(1);
    expect(elements(backend, x)).toEqual([1]);
  });
});

describe.skipIf(!canRun)(canRun ? "what goes wrong on the GPU" : reason, () => {
  let backend: WebGpuBackend;
  let thread: GpuThread;
  const spy = new GpuSpy();
  beforeAll(() => {
    ({ backend, thread } = openBackend(true));
  });
  afterAll(() => spy[Symbol.dispose]());

  it("is a tensor that no GPU can bind", () => {
    const { maxStorageBufferBindingSize, maxBufferSize } = backend.info.limits;
    const size = Math.min(maxStorageBufferBindingSize, maxBufferSize) / 4 + 1;
    expect(() => backend.allocate("float32", size)).toThrow(
      /allocate: no room for a tensor of .*, and this GPU binds at most/,
    );
    expect(elements(backend, made(backend, [3]))).toEqual([3]);
  });

  it("is a tensor for which the GPU has no room: it is refused at once, and nothing else is lost", async () => {
    const x = made(backend, [1, 2]);
    expect(elements(backend, add(backend, x, x))).toEqual([2, 4]);
    await spy.refuseBuffers(2);
    expect(() => backend.allocate("float32", 2 ** 22)).toThrow(
      /allocate: no room for a tensor of 16 MiB: it takes 16 MiB, and \d+ live tensors hold .* \(the GPU is out of memory\)/,
    );
    expect(elements(backend, add(backend, x, x))).toEqual([2, 4]);
    const { tensors } = backend.memory();
    backend.release(backend.allocate("float32", 2 ** 22));
    expect(backend.memory().tensors).toBeLessThanOrEqual(tensors);
  });

  it("is no room as long as tensors of the past wait to be used again: these are given up", async () => {
    backend.release(backend.allocate("float32", 2 ** 21));
    const { buffers } = await spy.held();
    await spy.refuseBuffers(1);
    const x = backend.allocate("float32", 2 ** 23);
    expect(elements(backend, made(backend, [3]))).toEqual([3]);
    expect((await spy.held()).buffers).toBeLessThan(buffers);
    expect(backend.memory().pooledBytes).toBe(0);
    backend.release(x);
  });

  it("is no room even for a small tensor: what was computed with it is lost, and so the device is replaced", async () => {
    const x = made(backend, [1, 2]);
    expect(elements(backend, x)).toEqual([1, 2]);
    await spy.refuseBuffers(1);
    const y = add(backend, x, made(backend, new Array(1000).fill(1)));
    expect(() => elements(backend, y)).toThrow(
      /no room for a tensor of 0.0 MiB: .*and all are lost\nThere is a new device/s,
    );
    expect(() => elements(backend, x)).toThrow(
      "a tensor of 2 float32 elements was lost with the GPU device that held it",
    );
    expect(elements(backend, made(backend, [4]))).toEqual([4]);
  });

  it("is data that an op cannot work with: the next read says it, once", async () => {
    const zero = backend.allocate("int32", 1);
    backend.write(zero, Int32Array.of(0));
    const y = backend.allocate("int32", 1);
    backend.run("remainder", [operand(zero), operand(zero)], operand(y), {});
    expect(() => backend.readSync(y, 0, 1)).toThrow("remainder: an integer cannot be divided by 0");
    expect(elements(backend, y)).toEqual([0]);
    backend.run("remainder", [operand(zero), operand(zero)], operand(y), {});
    await expect(backend.read(y, 0, 1)).rejects.toThrow("remainder: an integer cannot be divided by 0");
  });

  it("is a kernel that does not compile: the next read names it", () => {
    thread.post({ kind: "pipeline", pipeline: 999, key: "broken/1", code: "fn main() { let x = ; }", access: "" }, []);
    expect(() => elements(backend, made(backend, [1]))).toThrow(
      /the kernel broken\/1 does not compile: [\s\S]*missing initializer/,
    );
    expect(elements(backend, made(backend, [1]))).toEqual([1]);
  });

  it("is the loss of the device: old tensors say that they are gone, new ones work", async () => {
    const x = made(backend, [1, 2]);
    expect(elements(backend, x)).toEqual([1, 2]);
    await spy.loseDevice();
    expect(() => elements(backend, x)).toThrow("the GPU device was lost, and all tensors with it");
    expect(() => add(backend, x, x)).toThrow("add: a tensor of 2 float32 elements was lost");
    expect(() => elements(backend, x)).toThrow("was lost with the GPU device that held it");
    const y = made(backend, [3, 4]);
    expect(elements(backend, add(backend, y, y))).toEqual([6, 8]);
    backend.release(x);
    expect(elements(backend, made(backend, [5, 6]))).toEqual([5, 6]);
  });

  it("is that there is none", () => {
    const refusing: GpuThread = {
      post(message) {
        const trouble = { kind: "no device", message: "there is no GPU adapter that WebGPU can use" } as const;
        if (message.kind === "open") new SharedState(message.state).refuse(trouble);
      },
      listen() {},
      stayAwake() {},
      afterTurn() {},
      beforeEnd() {},
    };
    expect(() => createWebGpuBackend({ thread: refusing })).toThrow(
      'webgpu: there is no GPU adapter that WebGPU can use\nUse device("cpu"), or install a driver',
    );
  });
});
