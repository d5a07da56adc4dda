import { afterEach, describe, expect, it } from "vitest";
import { configureEngine, createCpuBackend } from "../../host.ts";
import { gradients, manualSeed, nn, randn } from "../../index.ts";
import { createPlainBackend } from "../cpu/plain-backend.ts";
import { ModuleBuilder } from "./assembler/index.ts";
import { type Compilation, plainCompilation } from "./kernel-library.ts";

afterEach(() => configureEngine({ devices: { cpu: createPlainBackend() } }));

/** A small network's output and gradient. */
function results(): number[] {
  manualSeed(3);
  const model = new nn.Sequential(new nn.Conv2d(1, 4, 3), new nn.Tanh(), new nn.Flatten(), new nn.Linear(144, 3));
  const x = randn([2, 1, 8, 8], { requiresGrad: true });
  const y = model.forward(x);
  return [...y.dataSync(), ...gradients(y.sum(), [x])[0].dataSync()];
}

/** Claims to pair vectors, and then makes kernels that do nothing. */
const broken: Compilation = {
  canRevectorize: true,
  withFlags(revectorize, compile) {
    const module = compile();
    if (!revectorize) return module;
    const idle = new ModuleBuilder({ initialPages: 256, maximumPages: 65_536, shared: true });
    idle.export("kernel", {}, () => {});
    return new WebAssembly.Module(idle.encode()) as typeof module;
  },
};

describe("the CPU backend", () => {
  it("computes what the plain one does", () => {
    const wanted = results();
    configureEngine({ devices: { cpu: createCpuBackend({ compilation: plainCompilation }) } });
    for (const [i, value] of results().entries()) expect(value).toBeCloseTo(wanted[i]!, 5);
  });

  it("does without paired vectors, and says so, where they compute wrongly", () => {
    const [wanted, warnings] = [results(), [] as string[]];
    configureEngine({
      devices: { cpu: createCpuBackend({ compilation: broken, warn: (message) => warnings.push(message) }) },
    });
    for (const [i, value] of results().entries()) expect(value).toBeCloseTo(wanted[i]!, 5);
    expect(warnings).toEqual(["linear computes wrongly with paired vectors: all kernels are compiled without"]);
  });
});
