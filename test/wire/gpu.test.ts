// The GPU in cells: chosen, missing, interrupted, lost.

import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gpuEnvironment, hasSoftwareGpu } from "../gpu.ts";
import { loseTheDevice } from "../gpu-spy.ts";
import { nodePath, startTestKernel, type TestKernel } from "./real-kernel.ts";

const lectern = (args: readonly string[], env: NodeJS.ProcessEnv) =>
  spawnSync(nodePath, ["dist/lectern.js", ...args], { encoding: "utf8", env: { ...process.env, ...env } });
const noGpu = { VK_ICD_FILENAMES: "/nonexistent/driver.json" };

describe("lectern devices", () => {
  it("tells processor, GPU and its limits", () => {
    const { stdout, status } = lectern(["devices"], { ...gpuEnvironment(), LECTERN_THREADS: "3" });
    expect(stdout).toMatch(/^cpu {5}.+, 3 threads \(LECTERN_THREADS\)$/m);
    expect(stdout).toMatch(/^webgpu {2}\S+/m);
    expect(stdout).toMatch(/tensors of up to \d+ MiB, workgroups of up to \d+/);
    expect(stdout).toContain("New tensors live on cpu.");
    expect(status).toBe(0);
  });

  it("says what to do where there is no GPU, and what a wrong variable should be", () => {
    const { stdout, status } = lectern(["devices"], noGpu);
    expect(stdout).toContain("webgpu  not available");
    expect(stdout).toContain("install a driver");
    expect(status).toBe(0);
    const wrong = lectern(["devices"], { LECTERN_DEVICE: "cuda" });
    expect([wrong.stderr, wrong.status]).toEqual(['lectern: LECTERN_DEVICE: expected cpu or webgpu, got "cuda"\n', 2]);
  });
});

describe("without a GPU", () => {
  it("cells that ask for it fail with a hint, and others go on", async () => {
    await using kernel = await startTestKernel(noGpu);
    const { error, reply } = await kernel.run('import { device, ones } from "lectern"; device("webgpu")');
    expect(reply).toMatchObject({ device: expect.stringMatching(/^CPU/) });
    expect(error).toContain("BackendError: webgpu: there is no GPU adapter");
    expect(error).toContain('Use device("cpu"), or install a driver');
    expect((await kernel.run("ones([2]).sum().itemSync()")).result).toBe("2");
  });
});

describe("on the GPU", () => {
  let kernel: TestKernel;
  beforeAll(async () => {
    kernel = await startTestKernel({ ...gpuEnvironment(), LECTERN_DEVICE: "webgpu" });
    await kernel.run('import { device, memory, ones, zeros } from "lectern"; let kept = ones([3]);');
  });
  afterAll(() => kernel[Symbol.asyncDispose]());

  it("new tensors live, as LECTERN_DEVICE says", async () => {
    expect(kernel.connection.banner).toContain(", webgpu)");
    expect((await kernel.run("console.log(kept.device); await kept.add(1).toArray()")).stdout).toBe("webgpu\n");
  });

  it("replies say so to whom it concerns: the adapter's name, once a tensor has needed it", async () => {
    const { reply } = await kernel.run("await kept.sum().item()");
    expect(reply).toMatchObject({ status: "ok", device: expect.stringMatching(/^GPU: \S+/) });
    const { reply: ofCpu } = await kernel.run('device("cpu"); throw new Error("no matter")');
    expect(ofCpu).toMatchObject({ status: "error", device: expect.stringMatching(/^CPU, \d+ threads?$/) });
    await kernel.run('device("webgpu")');
  });

  it.each([
    ["ops", "let x = ones([2 ** 22]); console.log('running'); for (;;) x = x.mul(1.0001)"],
    ["reads at once", "const x = ones([2 ** 20]); console.log('running'); for (;;) x.mul(2).dataSync()"],
    ["awaited reads", "const x = ones([2 ** 20]); console.log('running'); for (;;) await x.mul(2).data()"],
    ["new tensors", "console.log('running'); for (;;) zeros([2 ** 20])"],
  ])("an interrupt in a loop of %s stops within a second and leaves the device usable", async (_, code) => {
    let [asked, stopped] = [0, 0];
    const { reply } = await kernel.run(code, ({ type, content }) => {
      if (type !== "stream" || !content.text.includes("running")) return;
      setTimeout(() => {
        asked = performance.now();
        void kernel.connection.interrupt();
      }, 300);
    });
    stopped = performance.now();
    expect(reply).toMatchObject({ status: "error", ename: "KeyboardInterrupt" });
    expect(stopped - asked).toBeLessThan(1000);
    expect((await kernel.run("await kept.add(1).sum().item()")).result).toBe("6");
  });

  it("memory of re-run cells comes back", async () => {
    await kernel.run('let big = zeros([2 ** 20]); memory("webgpu").bytes');
    const before = Number((await kernel.run('memory("webgpu").bytes')).result);
    for (let i = 0; i < 5; i++) await kernel.run("big = zeros([2 ** 20])");
    const after = Number((await kernel.run('memory("webgpu").bytes')).result);
    expect(Math.abs(after - before)).toBeLessThan(100_000);
  });

  it("a tensor that no buffer can hold is named, and the kernel lives", async () => {
    const { error } = await kernel.run("zeros([2 ** 15, 2 ** 15, 4])");
    expect(error).toContain("BackendError: tensor: no room for float32 [32768, 32768, 4]: it takes 16384 MiB, and");
    expect((await kernel.run("await kept.sum().item()")).result).toBe("3");
  });

  // SwiftShader has less memory than it binds at once.
  it.runIf(hasSoftwareGpu)(
    "a tensor for which the driver has no memory is named at its line, and others stay",
    async () => {
      const { error } = await kernel.run("const one = ones([1, 1]);\none.expand([2 ** 14, 2 ** 14]).mul(2)");
      expect(error).toContain("BackendError: mul: no room for float32 [16384, 16384]: it takes 1024 MiB, and");
      expect(error).toContain("(the GPU is out of memory)");
      expect(error).toMatch(/Cell \d+, line 2/);
      expect((await kernel.run("await kept.sum().item()")).result).toBe("3");
    },
  );

  it("tensors of two devices in one op: the error says which is where", async () => {
    const { error } = await kernel.run('kept.add(ones([3], { device: "cpu" }))');
    expect(error).toContain("add: operands live on different devices: [3] on webgpu, [3] on cpu");
  });
});

describe("when the device is lost under a running kernel", () => {
  const spied = `--import ${new URL("../gpu-spy.ts", import.meta.url)}`;

  it("the cell that meets it says so, the next one computes on a new device, and models are made again", async () => {
    const env = { ...gpuEnvironment(), LECTERN_DEVICE: "webgpu", NODE_OPTIONS: spied };
    await using kernel = await startTestKernel(env);
    await kernel.run(
      'import { memory, nn, ones, randn } from "lectern"; const old = ones([3]); await old.sum().item()',
    );
    // In the middle of a loop that never returns to the event loop.
    const loop = `${loseTheDevice} let x = old; for (;;) { x = x.mul(1); x.sum().itemSync(); }`;
    const { error } = await kernel.run(loop);
    expect(error).toContain("BackendError: webgpu: the GPU device was lost, and all tensors with it");
    expect(error).toContain("There is a new device now: run the cells that create tensors and models once more.");
    const { error: ofOld } = await kernel.run("await old.add(1).item()");
    expect(ofOld).toContain("a tensor of 3 float32 elements was lost with the GPU device that held it");
    const again =
      "const model = new nn.Linear(3, 2); const y = model.forward(randn([4, 3])); y.sum().backward(); y.shape";
    expect((await kernel.run(again)).result).toBe("[ 4, 2 ]");
    expect((await kernel.run("await ones([3]).add(1).sum().item()")).result).toBe("6");
  });
});
