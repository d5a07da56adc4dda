// The debugger over IPC, as VS Code has it: restart and shutdown of a kernel whose cell is paused, and what debugging leaves behind.

import type { DebugProtocol } from "@vscode/debugprotocol";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestKernel, type TestKernel } from "./real-kernel.ts";

let kernel: TestKernel;
const events: DebugProtocol.Event[] = [];
beforeAll(async () => {
  kernel = await startTestKernel();
  kernel.connection.onDebugEvent((event) => events.push(event));
  await kernel.connection.debug("initialize", { clientID: "test" });
  await kernel.connection.debug("launch");
});
afterAll(() => kernel[Symbol.asyncDispose]());

const CODE = "const pid = process.pid;\npid;";
const stops = () => events.filter(({ event }) => event === "stopped").length;

async function breakAt(code: string, line: number): Promise<void> {
  const { body } = await kernel.connection.debug("dumpCell", { code });
  const source = { path: body.sourcePath };
  await kernel.connection.debug("setBreakpoints", { source, breakpoints: [{ line }] });
}

/** Starts a cell and waits until it is paused. */
async function paused(code: string) {
  const before = stops();
  const ran = kernel.run(code);
  await expect.poll(stops, { timeout: 20_000 }).toBe(before + 1);
  return { ran };
}

it("a restart ends the paused cell, and the fresh engine stops at the same breakpoints", async () => {
  await breakAt(CODE, 2);
  const { ran } = await paused(CODE);
  await kernel.connection.restart();
  expect((await ran).reply).toMatchObject({ status: "error", ename: "Restarted" });
  expect(events.at(-1)?.event).toBe("continued");
  const again = await paused(CODE);
  const { body } = await kernel.connection.debug("stackTrace", { threadId: 1 });
  expect(body.stackFrames).toMatchObject([{ line: 2, source: { name: "Cell 1" } }]);
  await kernel.connection.debug("continue", { threadId: 1 });
  expect((await again.ran).reply.status).toBe("ok");
});

it("a loop runs as fast after debugging as before", async () => {
  const own = await startTestKernel();
  const loop = `{ const work = () => { let sum = 0; const f = (x) => x + 1; for (let i = 0; i < 3e6; i++) sum = f(sum) % 1000; return sum; };
work(); const times = []; for (let i = 0; i < 9; i++) { const start = performance.now(); work(); times.push(performance.now() - start); }
globalThis.median = times.sort((a, b) => a - b)[4]; }
globalThis.median`;
  const median = async () => Number((await own.run(loop)).result);
  const before = await median();
  await own.connection.debug("initialize");
  await own.connection.debug("setExceptionBreakpoints", { filters: ["uncaught"] });
  await own.run("try { throw new Error('x') } catch {}; 1");
  await own.connection.debug("disconnect");
  // Three times: a busy machine is slower than any debugger, but not always.
  const after = Math.min(await median(), await median(), await median());
  expect(after).toBeLessThan(before * 1.5);
  await own[Symbol.asyncDispose]();
});

it("a shutdown takes the paused engine along", async () => {
  await breakAt(CODE, 2);
  const { ran } = await paused(CODE);
  const lost = expect(ran).rejects.toThrow("the kernel process ended");
  const { body } = await kernel.connection.debug("evaluate", { expression: "process.pid", context: "watch" });
  await kernel.connection.shutdown();
  await lost;
  const isAlive = () => {
    try {
      return process.kill(Number(body.result), 0);
    } catch {
      return false;
    }
  };
  await expect.poll(isAlive, { timeout: 10_000 }).toBe(false);
});
