// Where the time of a training step goes, op by op: `node test/bench/profile.ts lenet`, `--plain` for
// the plain backend, `--webgpu` for the GPU, which is waited for after each op, `--steps 200`. Medians over the steps; what is
// left is JavaScript: dispatch, tape, optimiser, garbage.

import { registerHooks } from "node:module";
import { Command, Option } from "commander";
import { type Backend, configureEngine, createCpuBackend, createWebGpuBackend } from "#engine/host";
import { nodeCpu } from "../../kernel/compute/node-cpu.ts";
import { gpuForTests } from "../gpu.ts";
import { median } from "./statistics.ts";
import { formatTable } from "./table.ts";
import { WORKLOADS } from "./workloads.ts";

// The step comes with the engine whose backend is watched here: the sources, not the bundle.
registerHooks({
  resolve: (specifier, context, next) => next(specifier === "lectern" ? "#engine" : specifier, context),
});
const { trainingStep } = await import("./peers/our-step.ts");

const names = WORKLOADS.flatMap(({ name, spec }) => (spec.kind === "train" ? [name] : []));
const program = new Command("profile")
  .argument("<workload>", `of ${names}`)
  .option("--plain", "on the plain backend")
  .option("--webgpu", "on the GPU, or what plays one")
  .addOption(new Option("--steps <n>", "medians are of so many").default(100).argParser(Number))
  .parse();
const { plain, webgpu, steps } = program.opts<{ plain?: boolean; webgpu?: boolean; steps: number }>();
const spec = WORKLOADS.find(({ name }) => name === program.args[0])?.spec;
if (spec?.kind !== "train") throw new Error(`${program.args[0]} is not among ${names}`);

/** What ran in one step, in order. */
let calls: { readonly op: string; readonly ms: number }[] = [];

function timed<T>(op: string, run: () => T): T {
  const started = performance.now();
  const result = run();
  calls.push({ op, ms: performance.now() - started });
  return result;
}

/** Until everything that was recorded has run. */
function waitFor(backend: Backend): void {
  const probe = backend.allocate("bool", 1);
  backend.readSync(probe, 0, 1);
  backend.release(probe);
}

/** Every call passes through, with its time taken; `after` belongs to it. */
function watched(backend: Backend, after: (backend: Backend) => void = () => {}): Backend {
  return new Proxy(backend, {
    get(target, key) {
      const value = Reflect.get(target, key, target) as unknown;
      if (typeof value !== "function") return value;
      const method = (...values: unknown[]): unknown => Reflect.apply(value, target, values);
      if (key !== "run" && key !== "update") return method;
      return (...values: unknown[]) =>
        timed(String(values[0]), () => {
          method(...values);
          after(target);
        });
    },
  });
}

if (plain) {
  const { createPlainBackend } = await import("../../engine/backends/cpu/plain-backend.ts");
  configureEngine({ devices: { cpu: watched(createPlainBackend()) } });
} else if (webgpu) {
  configureEngine({ devices: { webgpu: watched(createWebGpuBackend(gpuForTests()), waitFor) }, device: "webgpu" });
} else {
  const follower = new URL("../../dist/follower.js", import.meta.url);
  configureEngine({ devices: { cpu: watched(createCpuBackend(nodeCpu({ follower }))) } });
}

const step = trainingStep(spec);
const first = performance.now();
step();
const firstMs = performance.now() - first;
await new Promise((resolve) => setTimeout(resolve, 200)); // Followers start.
for (let i = 0; i < 20; i++) step();
const wholes: number[] = [];
const byOp = new Map<string, number[]>();
const counts = new Map<string, number>();
for (let i = 0; i < steps; i++) {
  calls = [];
  const started = performance.now();
  step();
  wholes.push(performance.now() - started);
  const sums = new Map<string, number>();
  counts.clear();
  for (const { op, ms } of calls) {
    sums.set(op, (sums.get(op) ?? 0) + ms);
    counts.set(op, (counts.get(op) ?? 0) + 1);
  }
  for (const [op, ms] of sums) byOp.set(op, [...(byOp.get(op) ?? []), ms]);
}

const whole = median(wholes);
const rows = [...byOp].map(([op, times]) => ({ op, count: counts.get(op) ?? 0, ms: median(times) }));
rows.sort((a, b) => b.ms - a.ms);
const rest = whole - rows.reduce((sum, { ms }) => sum + ms, 0);
const cells = [...rows, { op: "JavaScript", count: 0, ms: rest }, { op: "step", count: 0, ms: whole }].map((row) => [
  row.op,
  row.count > 0 ? String(row.count) : "",
  row.ms.toFixed(3),
  `${((100 * row.ms) / whole).toFixed(1)} %`,
]);
console.log(formatTable(["op", "calls", "ms", "share"], cells));
console.log(`first step ${firstMs.toFixed(0)} ms`);
process.exit(0);
