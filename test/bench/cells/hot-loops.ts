// Loops at the top level of a cell beside the same loops in a function of a module, in the same engine process, in turns, both compiled
// anew for every run. The time is that of the engine's thread, which a busy machine disturbs least; V8 compiles on others.
// `node test/bench/cells/hot-loops.ts`, after `npm run build`.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startTestKernel, type TestKernel } from "../../wire/real-kernel.ts";
import { median } from "../statistics.ts";

/** What earlier cells have declared. */
const EARLIER = `let numbers = Array.from({ length: 1e6 }, (_, i) => i * 0.5), floats = Float32Array.from(numbers);
let total = 0, add = (a, b) => a + b, point = { x: 0 };`;

/** Cells, and what they use of earlier ones. */
export const LOOPS: Readonly<Record<string, readonly [cell: string, ...uses: string[]]>> = {
  integers: ["let s = 0; for (let i = 0; i < 3e7; i++) s += i;"],
  floats: ["let s = 0.5; for (let i = 0; i < 3e7; i++) s += i * 0.25;"],
  while: ["let i = 0, s = 0; while (i < 3e7) { s += i & 3; i++; }"],
  "do while": ["let i = 0; do i++; while (i < 3e7)"],
  nested: ["let s = 0; for (let r = 0; r < 6000; r++) { for (let c = 0; c < 6000; c++) s += r * c; }"],
  "variable of an earlier cell": ["for (let i = 0; i < 3e7; i++) total += i;", "total"],
  "array of an earlier cell": [
    "let s = 0; for (let r = 0; r < 30; r++) for (let i = 0; i < numbers.length; i++) s += numbers[i];",
    "numbers",
  ],
  "Float32Array of an earlier cell": [
    "let s = 0; for (let r = 0; r < 30; r++) for (let i = 0; i < floats.length; i++) s += floats[i];",
    "floats",
  ],
  "stores into a Float32Array": [
    "for (let r = 0; r < 30; r++) for (let i = 0; i < floats.length; i++) floats[i] = floats[i] * 0.9 + 0.1;",
    "floats",
  ],
  "field of an object": ["for (let i = 0; i < 3e7; i++) point.x += i;", "point"],
  Math: ["let s = 0; for (let i = 0; i < 3e7; i++) s += Math.sqrt(i);"],
  "function of an earlier cell": ["let s = 0; for (let i = 0; i < 3e7; i++) s = add(s, i);", "add"],
  "function that writes a variable of the cell": [
    "let s = 0; const bump = (n) => { for (let i = 0; i < n; i++) s += i; }; bump(3e7);",
  ],
  "for of": ["let s = 0; for (let r = 0; r < 30; r++) for (const x of numbers) s += x;", "numbers"],
};

export interface LoopTimes {
  readonly name: string;
  /** In ms, one a run. */
  readonly cellMs: readonly number[];
  readonly functionMs: readonly number[];
}

export async function timeLoops(runs: number, onTimes: (times: LoopTimes) => void): Promise<void> {
  const kernel = await startTestKernel();
  await kernel.run(EARLIER);
  for (const [name, [cell, ...uses]] of Object.entries(LOOPS)) {
    const cellMs: number[] = [];
    const functionMs: number[] = [];
    for (let run = 0; run < runs; run++) {
      functionMs.push(await timeFunction(kernel, cell, uses, `${name.replaceAll(" ", "-")}-${run}.mjs`));
      cellMs.push(await timeCell(kernel, cell));
    }
    onTimes({ name, cellMs, functionMs });
  }
  await kernel[Symbol.asyncDispose]();
}

async function timeCell(kernel: TestKernel, code: string): Promise<number> {
  const { result, error } = await kernel.run(`const start = process.threadCpuUsage();\n${code}\n${USED}`);
  if (error !== "") throw new Error(error);
  return Number(result);
}

const USED = "; (process.threadCpuUsage(start).user + process.threadCpuUsage(start).system) / 1000";

async function timeFunction(kernel: TestKernel, cell: string, uses: readonly string[], file: string): Promise<number> {
  const code = `export function run(${uses.join(", ")}) { ${cell} }`;
  await writeFile(join(kernel.cwd, file), code);
  await kernel.run(`import { run } from "./${file}"`);
  return timeCell(kernel, `run(${uses.join(", ")})`);
}

if (import.meta.main) {
  console.log("ms, medians of 9 runs".padEnd(44), "    cell function  ratio");
  await timeLoops(9, ({ name, cellMs, functionMs }) => {
    const [cell, inFunction] = [median(cellMs), median(functionMs)];
    const numbers = [
      cell.toFixed(1).padStart(8),
      inFunction.toFixed(1).padStart(8),
      (cell / inFunction).toFixed(2).padStart(6),
    ];
    console.log(name.padEnd(44), ...numbers);
  });
}
