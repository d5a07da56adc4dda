// Subshells (JEP 91): queues of their own. Their cells run where the main cell waits, what needs no engine is answered at once.

import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { JupyterClient } from "../jupyter-client.ts";

let client: JupyterClient;
let subshell: string;
beforeAll(async () => {
  client = await JupyterClient.start();
});
afterAll(() => client[Symbol.dispose]());
beforeEach(async () => {
  subshell = (await client.request("control", "create_subshell_request", {})).reply.content.subshell_id;
});

const waiting = "await new Promise<void>((resolve) => { globalThis.go = resolve; })";

it("are made, listed and deleted on control", async () => {
  const list = async () => (await client.request("control", "list_subshell_request", {})).reply.content.subshell_id;
  expect(await list()).toContain(subshell);
  const { reply } = await client.request("control", "delete_subshell_request", { subshell_id: subshell });
  expect(reply.content).toEqual({ status: "ok" });
  expect(await list()).not.toContain(subshell);
  const again = await client.request("control", "delete_subshell_request", { subshell_id: subshell });
  expect(again.reply.content).toMatchObject({ status: "error", evalue: expect.stringContaining("no subshell") });
  const unknown = await client.run("1", {}, { subshell: randomUUID() });
  expect(unknown.reply.content).toMatchObject({ status: "error", evalue: expect.stringContaining("no subshell") });
});

it("run their cells while the main cell waits, share its names and counts, and keep their output apart", async () => {
  const main = await client.execute(`let shared = 1; ${waiting}; console.log("main"); shared`);
  await client.until(() => client.of(main).some(({ type }) => type === "execute_input"));
  const inner = await client.run('console.log("sub"); shared = 2; globalThis.go(); "done"', {}, { subshell });
  expect(inner.reply.message.parent_header).toMatchObject({ subshell_id: subshell });
  await client.end(main);
  expect(client.printed(inner.id)).toBe("sub\n");
  expect(client.printed(main)).toBe("main\n");
  expect(client.result(main)).toBe("2");
  expect(inner.reply.content.execution_count).toBe(client.reply(main)!.content.execution_count + 1);
});

it("have their cells in order, and an error aborts those of the same subshell only", async () => {
  const other = (await client.request("control", "create_subshell_request", {})).reply.content.subshell_id;
  const failing = await client.execute("await new Promise((r) => setTimeout(r, 100)); throw 1", {}, { subshell });
  const behind = await client.execute("1", {}, { subshell });
  const elsewhere = await client.execute("1", {}, { subshell: other });
  expect((await client.end(failing)).reply.content.status).toBe("error");
  expect((await client.end(behind)).reply.content.status).toBe("aborted");
  expect((await client.end(elsewhere)).reply.content.status).toBe("ok");
});

it("answer at once what needs no engine, even while a synchronous cell runs", async () => {
  const main = await client.execute("for (;;) {}");
  await client.status(main, "busy");
  for (const type of ["kernel_info_request", "history_request", "comm_info_request"]) {
    expect((await client.request("shell", type, {}, { subshell })).reply.content.status).toBe("ok");
  }
  await client.send("control", "interrupt_request", {});
  await client.end(main);
});

it("are stopped by an interrupt together with the main cell, and state is kept", async () => {
  const main = await client.execute("let kept = 5; await new Promise(() => {})");
  await client.status(main, "busy");
  const inner = await client.execute("console.log('in'); for (;;) {}", {}, { subshell });
  await client.until(() => client.printed(inner) !== "");
  await client.send("control", "interrupt_request", {});
  for (const id of [main, inner])
    expect((await client.end(id)).reply.content).toMatchObject({ ename: "KeyboardInterrupt" });
  expect(client.result((await client.run("kept")).id)).toBe("5");
});

it("a crash in one ends the cells of all, aborts what waits, and the next cell runs in a fresh engine", async () => {
  const main = await client.execute("await new Promise(() => {})");
  const behind = await client.execute("1");
  await client.status(main, "busy");
  const inner = await client.execute("process.abort()", {}, { subshell });
  for (const id of [main, inner]) expect((await client.end(id)).reply.content).toMatchObject({ ename: "EngineEnded" });
  expect((await client.end(behind)).reply.content).toEqual({ status: "aborted" });
  expect(client.result((await client.run("6 * 7", {}, { subshell })).id)).toBe("42");
});
