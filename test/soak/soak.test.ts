// A long day of one kernel: thousands of cells of all sorts with flat memory, and an engine that is killed again and again.
// `LECTERN_SOAK=10000 LECTERN_KILLS=100 npm test -- soak` for as many; CI does fewer.

import { setTimeout as delay } from "node:timers/promises";
import { expect, it } from "vitest";
import { JupyterClient } from "../jupyter-client.ts";
import { childrenOf, residentMb } from "../process-memory.ts";

const CELLS = Number(process.env.LECTERN_SOAK ?? 600);
/** Memory is measured after each part of the cells. The first part warms everything up: the compiler, the language service. */
const PARTS = 5;
/** The language service compacts its heap when it has not been asked for two seconds. */
const REST_MS = 5000;
const KILLS = Number(process.env.LECTERN_KILLS ?? 6);
const HOUR_MS = 3_600_000;

/** A cell by its number: what a lecture does, over the same names again and again. */
const SORTS: readonly ((i: number) => string)[] = [
  (i) => `const numbers = Array.from({ length: 10_000 }, (_, k) => k * ${i}); numbers.length`,
  (i) => `function again() { return numbers.at(-1) + ${i}; } again()`,
  () => `class Again { readonly field = new Float64Array(10_000); } new Again().field.length`,
  (i) =>
    `import { tensor, nn, noGrad } from "lectern"; const x = tensor([[${i}, 2], [3, 4]], { requiresGrad: true }); x.matmul(x).sum().backward(); x.grad`,
  (i) => `for (let line = 0; line < 100; line++) console.log("cell ${i}", line);`,
  () => `await new Promise((resolve) => setTimeout(resolve, 1)); enum Color { red, green } Color.green`,
  (i) => `interface Row { a: number } const rows: Row[] = [{ a: ${i} }, { a: 2 }]; rows`,
  (i) => `throw new RangeError("cell ${i}")`,
  () => `import { viz } from "lectern"; viz.lines({ title: "Squares", series: { y: [0, 1, 4, 9] } })`,
  () =>
    `const model = new nn.Sequential(new nn.Linear(64, 64), new nn.ReLU(), new nn.Linear(64, 10)); noGrad(() => model.forward(tensor([new Array(64).fill(1)])).shape)`,
];

it(`${CELLS} cells leave the memory flat`, { timeout: HOUR_MS }, async () => {
  using client = await JupyterClient.start();
  const run = async (i: number) => {
    const { reply } = await client.run(SORTS[i % SORTS.length]!(i));
    expect(reply.content.status).toBe(i % SORTS.length === 7 ? "error" : "ok");
    // What the client has heard is not what is measured here.
    client.seen.length = 0;
    client.replies.length = 0;
  };
  const measured: Memory[] = [];
  for (let i = 0; i < CELLS; i++) {
    await run(i);
    if ((i + 1) % (CELLS / PARTS) !== 0) continue;
    const busy = memoryOf(client.kernel.pid!);
    await delay(REST_MS);
    const atRest = memoryOf(client.kernel.pid!);
    measured.push(atRest);
    console.log(
      `${i + 1} cells: kernel ${busy.kernel} MB, at rest ${atRest.kernel}; engine ${busy.engine} MB, at rest ${atRest.engine}`,
    );
  }
  const [first, last] = [measured[0]!, measured.at(-1)!];
  expect(last.kernel - first.kernel).toBeLessThan(40);
  expect(last.engine - first.engine).toBeLessThan(80);
});

/** Ends of an engine process, by name; the heap is small, so that it is full soon. */
const ENDS = {
  SIGKILL: 'process.kill(process.pid, "SIGKILL"); await new Promise(() => {})',
  abort: "process.abort()",
  "out of memory": "const full = []; while (true) full.push(new Array(100_000).fill(full.length))",
} as const;

it(`${KILLS} ends of the engine leave the kernel alive, and the next cell right`, { timeout: HOUR_MS }, async () => {
  using client = await JupyterClient.start({ NODE_OPTIONS: "--max-old-space-size=150" });
  const names = Object.keys(ENDS) as (keyof typeof ENDS)[];
  for (let i = 0; i < KILLS; i++) {
    const name = names[i % names.length]!;
    const ended = await client.run(ENDS[name]);
    expect(ended.reply.content, name).toMatchObject({ status: "error", ename: "EngineEnded" });
    const next = await client.run(`const next = ${i}; typeof full + next`);
    expect(client.result(next.id), name).toBe(`'undefined${i}'`);
  }
  expect(client.kernel.exitCode).toBe(null);
});

interface Memory {
  readonly kernel: number;
  /** Of the engine that runs cells, the largest; the spare is idle. */
  readonly engine: number;
}

function memoryOf(pid: number): Memory {
  const mb = (process: number) => Math.round(residentMb(process));
  return { kernel: mb(pid), engine: Math.max(...childrenOf(pid).map(mb)) };
}
