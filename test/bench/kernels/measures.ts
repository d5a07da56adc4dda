// What is measured of a kernel, each as a user meets it, over real ZeroMQ. One round starts a process, goes through all of them and
// ends it.

import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { JupyterClient } from "../../jupyter-client.ts";
import { childrenOf, proportionalMb } from "../../process-memory.ts";
import { median } from "../statistics.ts";
import { KERNELS, type KernelName } from "./contenders.ts";

/** Times in milliseconds. */
export interface Round {
  /** From the start of the process to the result of `1 + 1`. */
  readonly firstResult: number;
  /** From sending `1 + 1` to its reply and idle. */
  readonly trivialCell: number;
  /** `names.ma` completed, where an earlier cell has declared `names`; the language service has been asked before. */
  readonly completion: number;
  /** What it said to that. */
  readonly completes: boolean;
  /** 20,000 times console.log, until idle. */
  readonly manyLines: number;
  /** How many of them had come by then. */
  readonly linesArrived: number;
  /** Of all its processes, in MB, after 200 cells that make an array each; memory that processes share counts in parts. */
  readonly memoryMb: number;
}

const CELLS = 200;
const LINES = 20_000;
/** tslab loses output and never says idle: what had come by then counts. */
const PATIENCE_MS = 10_000;

export async function measureRound(name: KernelName): Promise<Round> {
  const started = performance.now();
  using client = await JupyterClient.startKernel(KERNELS[name]);
  await client.run("1 + 1");
  const firstResult = performance.now() - started;

  const trivial = await times(30, () => client.run("1 + 1"));
  await client.run('const names = ["Ada", "Grace"];');
  const code = "names.ma";
  let matches: unknown[] = [];
  const complete = async () => {
    const { reply } = await client.request("shell", "complete_request", { code, cursor_pos: code.length });
    matches = reply.content.matches ?? [];
  };
  await times(3, complete);
  const completion = await times(20, complete);

  for (let cell = 0; cell < CELLS; cell++)
    await client.run(`const numbers = Array.from({ length: 1000 }, (_, i) => i + ${cell});`);
  const memoryMb = memoryOf(client.kernel.pid!);

  const before = performance.now();
  const id = await client.execute(`for (let i = 0; i < ${LINES}; i++) console.log("line", i);`);
  const isOver = client.end(id).then(
    () => true,
    () => false,
  );
  const hasEnded = await Promise.race([isOver, delay(PATIENCE_MS, false)]);
  const manyLines = hasEnded ? performance.now() - before : Number.POSITIVE_INFINITY;
  const linesArrived = client.printed(id).split("\n").length - 1;
  const completes = matches.some((match) => String(match).endsWith("map"));
  return {
    firstResult,
    trivialCell: median(trivial),
    completion: median(completion),
    completes,
    manyLines,
    linesArrived,
    memoryMb,
  };
}

async function times(count: number, act: () => Promise<unknown>): Promise<number[]> {
  const all: number[] = [];
  for (let i = 0; i < count; i++) {
    const started = performance.now();
    await act();
    all.push(performance.now() - started);
  }
  return all;
}

/** Of a process and its descendants. */
const memoryOf = (pid: number): number =>
  childrenOf(pid).reduce((sum, child) => sum + memoryOf(child), proportionalMb(pid));
