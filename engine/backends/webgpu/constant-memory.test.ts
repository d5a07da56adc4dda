// What a long training leaves on the GPU: nothing. Counted on both sides, by memory() and by a spy in the thread that owns the
// device, since a buffer that only one of them forgets is lost.

import { afterAll, describe, expect, it } from "vitest";
import { gpuForTests, hasSoftwareGpu } from "../../../test/gpu.ts";
import { GpuSpy } from "../../../test/gpu-spy.ts";
import { configureEngine } from "../../host.ts";
import { manualSeed, memory, nn, optim, randint, randn } from "../../index.ts";
import { createWebGpuBackend } from "./webgpu-backend.ts";

const reason = "there is no GPU to test with: SwiftShader is not installed, and LECTERN_DEVICE is not webgpu";
const canRun = hasSoftwareGpu || process.env.LECTERN_DEVICE === "webgpu";

/** LeNet's kinds of layers, as small as they can be. */
function tinyLeNet() {
  manualSeed(0);
  const model = new nn.Sequential(
    ...[new nn.Conv2d(1, 2, 3), new nn.Tanh(), new nn.AvgPool2d(2)],
    ...[new nn.Conv2d(2, 3, 2), new nn.Tanh(), new nn.Flatten()],
    ...[new nn.Linear(12, 6), new nn.Tanh(), new nn.Linear(6, 4)],
  );
  const [images, labels] = [randn([4, 1, 8, 8]), randint(0, 4, [4])];
  return { model, images, labels, optimizer: new optim.Adam(model.parameters()) };
}

describe.skipIf(!canRun)(canRun ? "1,000 steps of a small LeNet" : reason, () => {
  const spy = new GpuSpy();
  afterAll(() => spy[Symbol.dispose]());

  it("keep the GPU's buffers and bytes constant", { timeout: 300_000 }, async () => {
    const webgpu = createWebGpuBackend(gpuForTests({ spied: true }));
    configureEngine({ devices: { webgpu }, device: "webgpu" });
    const { model, images, labels, optimizer } = tinyLeNet();
    const train = async (steps: number) => {
      for (let step = 1; step <= steps; step++) {
        const loss = nn.functional.crossEntropy(model.forward(images), labels);
        optimizer.zeroGrad();
        loss.backward();
        optimizer.step();
        if (step % 10 === 0) await loss.item();
      }
      const { tensors, bytes, pooledBytes } = memory("webgpu");
      // What memory() found to be garbage is destroyed with the next batch.
      await labels.data();
      return { tensors, bytes, pooledBytes, onDevice: await spy.held() };
    };
    const early = await train(100);
    const late = await train(1000);
    console.log(`after 100 steps ${JSON.stringify(early)}\nafter 1100 steps ${JSON.stringify(late)}`);
    expect(early.onDevice.bytes).toBeGreaterThan(early.bytes);
    // One buffer left behind in a hundred steps would be more than that.
    expect(Math.abs(late.tensors - early.tensors)).toBeLessThan(10);
    expect(Math.abs(late.bytes - early.bytes)).toBeLessThan(10_000);
    expect(Math.abs(late.onDevice.buffers - early.onDevice.buffers)).toBeLessThan(10);
    expect(Math.abs(late.onDevice.bytes - early.onDevice.bytes)).toBeLessThan(20_000);
  });
});
