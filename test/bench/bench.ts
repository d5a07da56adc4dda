// `npm run bench`: ours against every installed peer and the ceiling, in one run. Prints a table, writes JSON on demand.
// Measures only: it fails for no number, since numbers of a busy machine prove nothing.

import { spawnSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { availableParallelism, cpus, loadavg } from "node:os";
import { dirname } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { ceiling, installPeers, ours, PEER_NAMES, PEERS, type PeerName } from "./contenders.ts";
import { flopsOf } from "./flops.ts";
import { installKernels } from "./kernels/contenders.ts";
import { benchKernels } from "./kernels/kernels.ts";
import { isMeasured, measure, type Outcome } from "./measure.ts";
import { gigaFlops, type Result, resultsOf } from "./results.ts";
import { median } from "./statistics.ts";
import { MICRO, scaling } from "./suites.ts";
import { formatMs, formatTable, RESULT_HEAD, resultRows } from "./table.ts";
import { GPU_WORKLOADS, WORKLOADS, type Workload } from "./workloads.ts";

interface Options {
  readonly workloads?: readonly string[];
  readonly peers: readonly PeerName[];
  readonly threads: number;
  readonly runs: number;
  readonly runMs: number;
  readonly gpu?: boolean;
  readonly micro?: boolean;
  readonly scaling?: boolean;
  readonly kernels?: boolean;
  readonly install?: boolean;
  readonly json?: string;
}

/** Load average up to which the machine counts as quiet. */
const QUIET = 0.5;

const options = new Command("bench")
  .description("Measures ours against PyTorch, jax-js, tfjs and the ceiling of WebAssembly on this machine.")
  .option("--workloads <names>", `of ${workloadNames()} (default: all)`, among(workloadNames()))
  .addOption(
    new Option("--peers <names>", `of ${PEER_NAMES}, or none`).default(PEER_NAMES, "all").argParser(among(PEER_NAMES)),
  )
  .option("--threads <n>", "for everybody", count, availableParallelism())
  .option("--runs <n>", "medians are of so many", count, 7)
  .option("--run-ms <n>", "length of one run", count, 300)
  .option("--gpu", "on the GPU, ours through WebGPU, PyTorch through CUDA without TF32")
  .option("--micro", "single ops, against PyTorch; without --workloads, these only")
  .option("--scaling", "over batch, width and threads, against PyTorch; without --workloads, these only")
  .option("--kernels", "our kernel beside tslab and Deno; without --workloads, this only")
  .option("--install", "install the peers that are missing, below .cache/")
  .option("--json <file>", "write the results, too")
  .parse()
  .opts<Options>();

const [load = 0] = loadavg();
const isBusy = load > QUIET;
console.log(`${cpus()[0]?.model ?? "unknown processor"}, node ${process.version}, load ${load.toFixed(2)}`);
if (isBusy) console.log(`warning: load above ${QUIET}: something else is running`);
build();
if (options.install && options.kernels) await installKernels();
else if (options.install) installPeers(options.peers);
const wanted = options.gpu ? options.peers.filter((name) => name === "pytorch-2.x") : options.peers;
const present = wanted.filter((name) => {
  const isThere = PEERS[name].isThere();
  if (!isThere) console.log(`${name} is not installed: npm run bench -- --install --peers ${name}`);
  return isThere;
});

const { micro, scaling: scales, kernels, workloads } = options;
const eager = present.filter((name) => name.startsWith("pytorch"));
const results: Result[] = [];
if (workloads || !(micro || scales || kernels)) {
  await run(
    "workloads",
    (options.gpu ? GPU_WORKLOADS : WORKLOADS).filter(({ name }) => workloads?.includes(name) ?? true),
    present,
  );
}
if (micro) await run("single ops", MICRO, eager);
if (scales) await run("scaling", scaling(options.threads), eager);
if (kernels) results.push(...(await benchKernels(options.runs, console.log)));
if (options.json) {
  await mkdir(dirname(options.json), { recursive: true });
  await writeFile(options.json, `${JSON.stringify(results, undefined, 2)}\n`);
}

async function run(title: string, list: readonly Workload[], peers: readonly PeerName[]): Promise<void> {
  const rows: (readonly string[])[] = [];
  const ceilings: Outcome[] = [];
  const versions = new Map<string, string>();
  for (const workload of list) {
    const { name, spec, threads = options.threads } = workload;
    const commands = [ours, ...peers.map((peer) => PEERS[peer].command), ...(options.gpu ? [] : [ceiling])];
    const device = options.gpu ? "gpu" : "cpu";
    const outcomes = await measure(commands, { spec, threads, device, runMs: options.runMs }, options.runs);
    const flops = flopsOf(spec);
    const found = resultsOf({ workload: name, flops, threads }, outcomes);
    results.push(...found);
    rows.push(...resultRows(workload, found, outcomes));
    ceilings.push(...outcomes.filter((each) => each.name === "ceiling"));
    for (const each of outcomes) if (isMeasured(each)) versions.set(each.name, each.version);
    versions.delete("ours");
    versions.delete("ceiling");
    const speed = (ms: number) => (flops === undefined ? "" : ` (${(flops / ms / 1e6).toFixed(0)} GFLOP/s)`);
    const text = (each: Outcome) => `${each.name} ${isMeasured(each) ? `${formatMs(each.ms)}${speed(each.ms)}` : "–"}`;
    // The ceiling is another product than the workload's.
    console.error(
      `${name}: ${outcomes
        .filter((each) => each.name !== "ceiling")
        .map(text)
        .join(", ")}`,
    );
  }
  const where = options.gpu ? "GPU" : `${options.threads} threads`;
  console.log(`\n${title}, ${where}, medians of ${options.runs} runs\n`);
  console.log(formatTable(RESULT_HEAD, rows));
  console.log(`\n${[...versions].map(([name, version]) => `${name} is ${version}`).join(", ")}`);
  if (!options.gpu) console.log(ceilingLine(ceilings));
  if (isBusy) console.log("measured on a busy machine: neither ratios nor goals mean much");
}

function ceilingLine(ceilings: readonly Outcome[]): string {
  const measured = ceilings.filter(isMeasured);
  if (measured.length === 0) return "no ceiling";
  const speed = median(measured.map((each) => gigaFlops(each)!));
  const tiles = [...new Set(measured.map(({ version }) => version))];
  const all = `${speed.toFixed(1)} GFLOP/s a core (tile ${tiles}), times ${options.threads} = ${(speed * options.threads).toFixed(1)}`;
  return `ceiling: ${all}; it and ours ran with ${ours.args.slice(0, -1).join(" ")}`;
}

/** What is measured is what users get: the bundles. */
function build(): void {
  if (spawnSync(process.execPath, ["build.ts"], { stdio: "inherit" }).status !== 0) process.exit(1);
}

function workloadNames(): readonly string[] {
  return [...new Set([...WORKLOADS, ...GPU_WORKLOADS].map(({ name }) => name))];
}

function count(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError("expected a whole number from 1 on");
}

function among<T extends string>(known: readonly T[]): (text: string) => readonly T[] {
  return (text) => {
    const names = text === "none" ? [] : text.split(",");
    const unknown = names.filter((name) => !(known as readonly string[]).includes(name));
    if (unknown.length === 0) return names as T[];
    throw new InvalidArgumentError(`${unknown} is not among ${known}`);
  };
}
