// What `lectern doctor` looks at, in the order in which one thing needs the other. Everything is tried for real: a kernel
// is started, a cell is run, sockets are opened, a file is written.

import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startKernel } from "#kernel";
import type { CellOutput } from "#protocol";
import { describeThreads, processorName } from "../../compute/describe-cpu.ts";
import { deviceWanted } from "../../compute/device-wanted.ts";
import { nodeCpu } from "../../compute/node-cpu.ts";
import type { NodeDeviceFiles } from "../../compute/node-devices.ts";
import { cacheFolder } from "../../files/node-files.ts";
import { describeGpu } from "../describe-gpu.ts";
import { findKernelspecs, programsOf } from "../kernelspec.ts";
import { type Check, type Finding, note, ok, problem } from "./finding.ts";

export interface DoctorOptions extends NodeDeviceFiles {
  readonly version: string;
  readonly kernelPath: string;
}

/** The version of Node that the project's own tests run on. */
const TESTED_NODE = 24;

export function doctorChecks({ version, kernelPath, follower, gpuThread }: DoctorOptions): readonly Check[] {
  return [
    { name: "lectern", run: () => ok(`${version}, ${kernelPath}`) },
    { name: "node", run: checkNode },
    { name: "settings", run: () => checkSettings(follower) },
    { name: "kernel", run: () => checkKernel(kernelPath) },
    { name: "gpu", run: () => checkGpu(gpuThread) },
    { name: "data", run: checkDataFolder },
    { name: "zeromq", run: checkZeromq },
    { name: "kernelspec", run: () => checkKernelspec(kernelPath) },
  ];
}

function checkNode(): Finding {
  const line = `${process.versions.node}, ${process.execPath}`;
  if (Number.parseInt(process.versions.node, 10) >= TESTED_NODE) return ok(line);
  return note(`Lectern is tested on Node ${TESTED_NODE}; npx lectern brings it along`, line);
}

/** Throws what is wrong with a variable, which says how to mend it. */
function checkSettings(follower: URL): Finding {
  const threads = describeThreads(nodeCpu({ follower }));
  const set = Object.keys(process.env).filter((name) => name.startsWith("LECTERN_"));
  const settings = set.map((name) => `${name}=${process.env[name]}`);
  return ok(`new tensors on ${deviceWanted()}, ${threads}, ${processorName()}`, ...settings);
}

/** A cell that needs compiler, engine process and engine. */
const CELL = 'import { tensor } from "lectern"; tensor([1, 2]).dot(tensor([3, 4])).itemSync()';
const RESULT = "11";

async function checkKernel(kernelPath: string): Promise<Finding> {
  const started = performance.now();
  const said: string[] = [];
  const outputs: CellOutput[] = [];
  const log = (line: string) => said.push(line);
  const env = { ...process.env, LECTERN_DEVICE: "cpu" }; // the GPU has a check of its own
  await using kernel = await startKernel({ nodePath: process.execPath, kernelPath, cwd: tmpdir(), env, log });
  const startMs = Math.round(performance.now() - started);
  await kernel.execute({ code: CELL, onOutput: (output) => outputs.push(output) });
  const cellMs = Math.round(performance.now() - started) - startMs;
  const result = outputs.find(({ type }) => type === "execute_result");
  const text = result && "data" in result.content ? String(result.content.data["text/plain"]) : undefined;
  if (text === RESULT) return ok(`starts in ${startMs} ms, first cell ${cellMs} ms`, ...said);
  const came = outputs.map(({ content }) => JSON.stringify(content));
  return problem(
    "report this with the lines above",
    `a cell gave ${text ?? "no result"}, not ${RESULT}`,
    ...came,
    ...said,
  );
}

function checkGpu(thread: URL): Finding {
  const { isAvailable, lines } = describeGpu(thread);
  if (isAvailable) return ok(...lines);
  const mend = "without a GPU everything runs on the CPU";
  return deviceWanted() === "webgpu" ? problem("unset LECTERN_DEVICE, or see above", ...lines) : note(mend, ...lines);
}

async function checkDataFolder(): Promise<Finding> {
  const folder = cacheFolder(process.env);
  const trial = join(folder, `doctor-${process.pid}`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(trial, "");
    await rm(trial);
    return ok(`${folder} can be written`);
  } catch (error) {
    return problem("let LECTERN_DATA name a folder that can be written", `${folder}: ${(error as Error).message}`);
  }
}

/** Loads the native module and opens a socket on a free port of this machine. */
async function checkZeromq(): Promise<Finding> {
  try {
    const { Reply, version } = await import("zeromq");
    const socket = new Reply();
    await socket.bind("tcp://127.0.0.1:*");
    socket.close();
    return ok(`libzmq ${version}, for Jupyter clients; VS Code does without`);
  } catch (error) {
    const mend = "for JupyterLab, nbclient, papermill: npm rebuild zeromq. VS Code and lectern run do without";
    return problem(mend, ...(error as Error).message.split("\n"));
  }
}

async function checkKernelspec(kernelPath: string): Promise<Finding> {
  const found = await findKernelspecs();
  if (found.length === 0) return note("for JupyterLab, nbclient, papermill: lectern install", "not installed");
  const broken = found.flatMap(({ path, spec }) => {
    const { node, kernel } = programsOf(spec);
    if (!existsSync(node)) return [`${path}: no node at ${JSON.stringify(node)}`];
    if (!existsSync(kernel)) return [`${path}: no kernel at ${JSON.stringify(kernel)}`];
    return [];
  });
  if (broken.length > 0) return problem("lectern install, as you installed it before (--prefix)", ...broken);
  const lines = found.map(({ path, spec }) => {
    const { kernel } = programsOf(spec);
    return kernel === kernelPath ? path : `${path} (another: ${kernel})`;
  });
  return ok(...lines);
}
