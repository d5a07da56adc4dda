// Sizes at which kernels of the GPU choose another way: workgroups or threads, cut lines, tiles, narrow products. The rest of the
// suite has small tensors, so these are compared with the plain backend here.

import { afterAll, describe, expect, it } from "vitest";
import { gpuForTests, hasSoftwareGpu } from "../../../../test/gpu.ts";
import { backendOf } from "../../../core/devices.ts";
import { configureEngine } from "../../../host.ts";
import {
  cat,
  type Device,
  device,
  logSoftmax,
  manualSeed,
  matmul,
  nn,
  randn,
  softmax,
  type Tensor,
  zeros,
} from "../../../index.ts";
import { createPlainBackend } from "../../cpu/plain-backend.ts";
import { createWebGpuBackend } from "../webgpu-backend.ts";

const reason = "there is no GPU to test with: SwiftShader is not installed, and LECTERN_DEVICE is not webgpu";
const canRun = hasSoftwareGpu || process.env.LECTERN_DEVICE === "webgpu";

describe.skipIf(!canRun)(canRun ? "on the GPU as on the plain backend are" : reason, () => {
  const before = device();
  const plain = createPlainBackend();
  const gpu = canRun ? createWebGpuBackend(gpuForTests()) : plain;
  const cpu = backendOf("cpu");
  afterAll(() => configureEngine({ devices: { cpu }, device: before }));

  /** Compares what `compute` gives on both, elements of about 1. */
  function expectEqual(compute: () => Tensor, tolerance: number): void {
    const [right, got] = [plain, gpu].map((backend) => {
      configureEngine({ devices: { [backend.name]: backend }, device: backend.name as Device });
      manualSeed(7);
      return compute().dataSync();
    });
    expect(got!.length).toBe(right!.length);
    let worst = 0;
    for (const [i, value] of right!.entries())
      worst = Math.max(worst, Math.abs(got![i]! - value) / (1 + Math.abs(value)));
    expect(worst).toBeLessThan(tolerance);
  }

  it.each([
    [[300_000], [0]],
    [[20_000, 7], [0]],
    [[7, 20_000], [1]],
    [[3, 700], [1]],
    [[700, 300], [0]],
    [
      [16, 32, 20, 20],
      [0, 2, 3],
    ],
    [[70_000, 3], [1]],
  ])("sums and extrema of %j along %j", (shape, dims) => {
    expectEqual(() => randn(shape).sum(dims), 2e-5);
    expectEqual(() => randn(shape).mean(dims), 2e-6);
    expectEqual(() => randn(shape).amax(dims), 1e-7);
  });

  it.each([
    [[300_000], 0],
    [[20_000, 7], 0],
    [[7, 5000], 1],
    [[5, 6], -1],
  ])("places of extrema of %j along %d, the first of equal ones", (shape, dim) => {
    expectEqual(() => randn(shape).mul(3).round().argmax(dim), 1e-7);
    expectEqual(() => randn(shape).mul(3).round().argmin(dim), 1e-7);
  });

  it.each([
    [1, 1, 1],
    [33, 17, 65],
    [130, 70, 140],
    [1100, 5, 1100],
    [2040, 3, 2040],
    [9, 3000, 10],
    [3, 3000, 700],
    [700, 3000, 1],
    [5, 0, 3],
    // A software GPU takes seconds to compile large tiles.
  ])("products of %d × %d and %d columns, and of transposes", { timeout: 60_000 }, (rows, inner, columns) => {
    const tolerance = 2e-6 * (1 + Math.sqrt(inner));
    expectEqual(() => matmul(randn([rows, inner]), randn([inner, columns])), tolerance);
    expectEqual(() => matmul(randn([inner, rows]).t(), randn([columns, inner]).t()), tolerance);
    const { linear } = nn.functional;
    expectEqual(() => linear(randn([rows, inner]), randn([columns, inner]), randn([columns])), tolerance);
  });

  it("products of batches, broadcast", () => {
    expectEqual(() => matmul(randn([3, 1, 20, 30]), randn([4, 30, 10])), 1e-5);
    expectEqual(() => matmul(randn([66_000, 2, 3]), randn([3, 2])), 1e-5);
  });

  it.each([
    [[5, 300], 1],
    [[3, 400, 50], 1],
    [[3, 400, 500], 1],
    [[7, 10], 1],
  ])("softmax of %j along %d, and its gradient", (shape, dim) => {
    for (const compute of [softmax, logSoftmax]) {
      expectEqual(() => {
        const x = randn(shape, { requiresGrad: true });
        const y = compute(x, dim);
        y.mul(randn(shape)).sum().backward();
        return cat([y.detach().reshape([-1]), x.grad!.reshape([-1])]);
      }, 1e-5);
    }
  });

  it("copies of views of many dimensions, and what is joined of them", () => {
    expectEqual(() => randn([4, 3, 5, 2, 6]).permute([4, 0, 3, 1, 2]).flip([0, 2]).contiguous(), 1e-7);
    expectEqual(() => cat([randn([20, 30, 4]).transpose(0, 1), zeros([30, 2, 4])], 1), 1e-7);
  });
});
