// Chains of ops that compute every element by itself, as one kernel, give what the ops give one by one, to the bit. Each chain runs
// three times: op by op, as the same chain for the first time, and fused.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gpuForTests, hasSoftwareGpu } from "../../../../test/gpu.ts";
import { configureEngine } from "../../../host.ts";
import { noGrad, type Tensor, tensor, where } from "../../../index.ts";
import type { GpuThread } from "../gpu-thread.ts";
import type { ToGpuThread } from "../protocol.ts";
import { createWebGpuBackend } from "../webgpu-backend.ts";

const reason = "there is no GPU to test with: SwiftShader is not installed, and LECTERN_DEVICE is not webgpu";
const canRun = hasSoftwareGpu || process.env.LECTERN_DEVICE === "webgpu";

/** One op: which, and which two of the tensors so far it takes. */
type Step = readonly [op: number, left: number, right: number, release: boolean];

const ops: readonly ((a: Tensor, b: Tensor) => Tensor)[] = [
  (a, b) => a.mul(b),
  (a, b) => a.add(b),
  (a, b) => a.sub(b),
  (a, b) => a.div(b),
  (a) => a.tanh(),
  (a) => a.neg(),
  (a) => a.mul(0.7),
  (a) => a.add(1e-3),
  (a, b) => where(a.gt(b), a, b),
  (a) => a.exp(),
  (a, b) => a.flip(0).mul(b),
  (a) => a.clamp({ min: -2, max: 2 }),
  (a, b) => a.mul(b.mean()),
];

describe.skipIf(!canRun)(canRun ? "chains on the GPU" : reason, () => {
  const posted: ToGpuThread[] = [];
  const fused = () =>
    posted.filter((message) => message.kind === "pipeline" && message.key.startsWith("chain/")).length;
  const options = canRun ? gpuForTests() : undefined;
  const thread: GpuThread | undefined = options && {
    ...options.thread,
    post(message, transfer) {
      posted.push(message);
      options.thread.post(message, transfer);
    },
  };
  if (options && thread) {
    configureEngine({ devices: { webgpu: createWebGpuBackend({ ...options, thread }) }, device: "webgpu" });
  }

  const start = (size: number) =>
    [1, 2, 3].map((k) => tensor(Float32Array.from({ length: size }, (_, i) => Math.sin(i * k + k) * 2)));

  /** The bits of all tensors that are left; `oneByOne` reads each before the next op. */
  function play(size: number, steps: readonly Step[], oneByOne: boolean): (readonly number[] | undefined)[] {
    return noGrad(() => {
      const tensors: (Tensor | undefined)[] = start(size);
      for (const [op, left, right, release] of steps) {
        const alive = tensors.filter((each) => each !== undefined);
        const [a, b] = [alive[left % alive.length]!, alive[right % alive.length]!];
        const y = ops[op % ops.length]!(a, b);
        if (oneByOne) y.dataSync();
        tensors.push(y);
        if (release && alive.length > 2) {
          tensors[tensors.indexOf(a)] = undefined;
          a.dispose();
        }
      }
      return tensors.map((each) => each && [...new Uint32Array(each.dataSync().slice().buffer)]);
    });
  }

  it("give the bits of the ops one by one, whatever is released in between", { timeout: 200_000 }, () => {
    const step = fc.tuple(fc.nat(ops.length - 1), fc.nat(9), fc.nat(9), fc.boolean());
    fc.assert(
      fc.property(fc.constantFrom(1, 5, 300), fc.array(step, { minLength: 2, maxLength: 30 }), (size, steps) => {
        const expected = play(size, steps, true);
        expect(play(size, steps, false)).toEqual(expected);
        expect(play(size, steps, false)).toEqual(expected);
      }),
      { numRuns: 60, seed: 20_261_122 },
    );
    expect(fused()).toBeGreaterThan(30);
  });

  it("are one kernel from the second time on, which is kept", () => {
    const [x, y] = start(1000) as [Tensor, Tensor];
    const byHand = () =>
      noGrad(() => x.mul(x).mul(0.044715).add(1).mul(x).mul(0.79788456).tanh().add(1).mul(y).dataSync());
    const first = byHand();
    const before = fused();
    expect(byHand()).toEqual(first);
    expect(fused()).toBe(before + 1);
    expect(byHand()).toEqual(first);
    expect(fused()).toBe(before + 1);
  });

  it("see what was written to their operands before, and not what is written after", () => {
    for (let round = 0; round < 3; round++) {
      const x = tensor([1, 2, 3]);
      const y = noGrad(() => x.mul(2).add(1));
      x.dispose();
      const later = tensor([9, 9, 9]);
      expect([...y.dataSync(), ...later.dataSync()]).toEqual([3, 5, 7, 9, 9, 9]);
    }
  });
});
