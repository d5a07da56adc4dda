// The real kernel process, with its engine process, as the wire tests talk to it. Needs `npm run build`.

import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type KernelConnection, startKernel } from "#kernel";
import type { CellOutput, ExecuteReply } from "#protocol";

export const nodePath = resolve("node_modules/.bin/node");
export const kernelPath = resolve("dist/kernel.js");

export interface Ran {
  readonly reply: ExecuteReply;
  readonly outputs: readonly CellOutput[];
  /** `text/plain` of the result. */
  readonly result: unknown;
  readonly stdout: string;
  readonly stderr: string;
  /** The traceback, lines joined. */
  readonly error: string;
}

export interface TestKernel extends AsyncDisposable {
  readonly connection: KernelConnection;
  /** The folder in which cells run. */
  readonly cwd: string;
  run(code: string, onOutput?: (output: CellOutput) => void): Promise<Ran>;
}

export async function startTestKernel(
  env: NodeJS.ProcessEnv = {},
  log: (line: string) => void = () => {},
): Promise<TestKernel> {
  const cwd = await mkdtemp(join(tmpdir(), "lectern-cells-"));
  const connection = await startKernel({ nodePath, kernelPath, cwd, env: { ...process.env, ...env }, log });
  return {
    connection,
    cwd,
    run: (code, onOutput) => run(connection, code, onOutput),
    [Symbol.asyncDispose]: () => connection.shutdown(),
  };
}

async function run(
  connection: KernelConnection,
  code: string,
  also: (output: CellOutput) => void = () => {},
): Promise<Ran> {
  const outputs: CellOutput[] = [];
  const onOutput = (output: CellOutput) => {
    outputs.push(output);
    also(output);
  };
  const reply = await connection.execute({ code, onOutput });
  const streams = (name: string) =>
    outputs.map(({ type, content }) => (type === "stream" && content.name === name ? content.text : "")).join("");
  const result = outputs.find((output) => output.type === "execute_result")?.content.data["text/plain"];
  const error = outputs.find((output) => output.type === "error")?.content.traceback.join("\n") ?? "";
  return { reply, outputs, result, error, stdout: streams("stdout"), stderr: streams("stderr") };
}
