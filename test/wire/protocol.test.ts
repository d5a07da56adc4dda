// The fields of the Jupyter protocol that change what a request does. Source: jupyter_client, docs/messaging.rst.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { JupyterClient } from "../jupyter-client.ts";

let client: JupyterClient;
beforeAll(async () => {
  client = await JupyterClient.start();
});
afterAll(() => client[Symbol.dispose]());

const inputs = (reply: { content: { history: [number, number, unknown][] } }) =>
  reply.content.history.map(([, , input]) => input);
const history = async (content: object) => (await client.request("shell", "history_request", content)).reply;

describe("execute_request", () => {
  it("evaluates user expressions after the cell, each with an error of its own", async () => {
    const user_expressions = {
      fine: "base + (1 as number)",
      thrown: "(() => { throw new RangeError('no') })()",
      awaited: "await Promise.resolve('x')",
      wrong: "const",
      statement: "let a = 1",
    };
    const { reply } = await client.run("let base = 41", { user_expressions });
    expect(reply.content.user_expressions).toMatchObject({
      fine: { status: "ok", data: { "text/plain": "42" }, metadata: {} },
      thrown: { status: "error", ename: "RangeError", evalue: "no" },
      awaited: { status: "ok", data: { "text/plain": "'x'" } },
      wrong: { status: "error", ename: "SyntaxError" },
      statement: { status: "error", ename: "SyntaxError", evalue: 'expected an expression, got "let a = 1"' },
    });
  });

  it("is stopped by an interrupt in a user expression, too", async () => {
    const id = await client.execute("console.log('cell')", {
      user_expressions: { endless: "(() => { for (;;) {} })()" },
    });
    await client.until(() => client.printed(id) !== "");
    await client.send("control", "interrupt_request", {});
    expect((await client.end(id)).reply.content).toMatchObject({ ename: "KeyboardInterrupt" });
  });

  it("counts nothing, stores nothing and shows no input and no result when it is silent", async () => {
    const before = (await client.run("1")).reply.content.execution_count;
    const { reply, outputs } = await client.run("console.log('said'); 'result of silence'", { silent: true });
    expect(reply.content).toMatchObject({ status: "ok", execution_count: before });
    expect(outputs.map(({ type }) => type)).toEqual(["stream"]);
    expect((await client.run("2")).reply.content.execution_count).toBe(before + 1);
    expect(inputs(await history({}))).not.toContain("console.log('said'); 'result of silence'");
  });

  it("counts but stores nothing without store_history", async () => {
    const before = (await client.run("1")).reply.content.execution_count;
    const { reply } = await client.run("'not stored'", { store_history: false });
    expect(reply.content.execution_count).toBe(before + 1);
    expect(inputs(await history({}))).not.toContain("'not stored'");
  });

  it("that fails aborts the cells behind it, unless stop_on_error is false", async () => {
    const failing = "await new Promise((r) => setTimeout(r, 50)); throw new Error('x')";
    const first = await client.execute(failing);
    const aborted = await client.execute("1");
    expect((await client.end(first)).reply.content).toMatchObject({ status: "error", ename: "Error", evalue: "x" });
    expect((await client.end(aborted)).reply.content).toEqual({ status: "aborted" });
    const second = await client.execute(failing, { stop_on_error: false });
    const runs = await client.execute("1");
    await client.end(second);
    expect((await client.end(runs)).reply.content).toMatchObject({ status: "ok" });
  });

  it("gives an error in reply and on iopub with the same three fields", async () => {
    const { reply, outputs } = await client.run("null.x");
    const { ename, evalue, traceback } = reply.content;
    expect(ename).toBe("TypeError");
    expect(outputs.at(-1)).toMatchObject({ type: "error", content: { ename, evalue, traceback } });
  });

  it("updates a display of an earlier cell, and clears", async () => {
    const { outputs } = await client.run(
      'import { display } from "lectern"; const shown = display("one"); await shown.shown; undefined',
    );
    const { display_id } = outputs.find(({ type }) => type === "display_data")!.content.transient;
    const later = await client.run('shown.update("two"); undefined');
    expect(later.outputs.at(-1)).toMatchObject({
      type: "update_display_data",
      content: { data: { "text/plain": "'two'" }, transient: { display_id } },
    });
  });
});

describe("history_request", () => {
  beforeAll(async () => {
    for (const code of ["let alpha = 1", "let beta = 2", "let alpha = 1", "// [x]"]) await client.run(code);
  });

  it("gives the tail", async () => {
    expect(inputs(await history({ hist_access_type: "tail", n: 2, output: false, raw: true }))).toEqual([
      "let alpha = 1",
      "// [x]",
    ]);
    expect(inputs(await history({ hist_access_type: "tail", n: 1, output: true }))).toEqual([["// [x]", null]]);
  });

  it("gives a range, without its end, of this session", async () => {
    const [[, last]] = (await history({ hist_access_type: "tail", n: 1 })).content.history;
    const range = { hist_access_type: "range", session: 0, start: last - 1, stop: last };
    expect((await history(range)).content.history).toEqual([[0, last - 1, "let alpha = 1"]]);
    expect(inputs(await history({ ...range, session: -1 }))).toEqual([]);
  });

  it.each([
    ["let *", ["let alpha = 1", "let beta = 2", "let alpha = 1"]],
    ["let ????? = 1", ["let alpha = 1", "let alpha = 1"]],
    ["*[ab]eta*", ["let beta = 2"]],
    ["*[^a]eta*", ["let beta = 2"]],
    ["// [[]x]", ["// [x]"]],
    ["alpha", []],
  ])("searches for %s", async (pattern, found) => {
    const all = inputs(await history({ hist_access_type: "search", pattern, n: 3 }));
    expect(all.filter((code) => /^(let (alpha|beta)|\/\/)/.test(String(code)))).toEqual(found);
  });

  it("searches for different ones, and for the latest", async () => {
    const search = { hist_access_type: "search", pattern: "let *eta*", unique: true };
    expect(inputs(await history({ ...search, pattern: "let alpha = 1" }))).toEqual(["let alpha = 1"]);
    expect(inputs(await history({ ...search, pattern: "let ?????*", n: 1 }))).toEqual(["let alpha = 1"]);
  });
});
