// The kernel process's side of the thread. The thread here is a stand-in that can be told to die; the real one is tested in test/wire.

import { afterEach, describe, expect, it } from "vitest";
import { LanguageThread } from "./language-thread.ts";

/** Answers with the method and everything it was told before; a hover at offset 666 is its end. */
const STAND_IN = `
  const { parentPort } = require("node:worker_threads");
  const told = [];
  parentPort.postMessage({ type: "ready" });
  parentPort.on("message", ({ id, method, params }) => {
    if (params.offset === 666) process.exit(1);
    if (["execute", "ended", "notebook", "cell", "restart"].includes(method)) told.push(params.text ?? method);
    parentPort.postMessage({ type: "answer", id, result: method === "hover" ? [...told] : true });
  });
`;

const threads: LanguageThread[] = [];
function newThread() {
  const script = new URL(
    `data:text/javascript,${encodeURIComponent(`import { createRequire } from "node:module";
    const require = createRequire("file:///");${STAND_IN}`)}`,
  );
  const thread = new LanguageThread({ script, folder: "/", types: "/", log: () => {} });
  threads.push(thread);
  return thread;
}
afterEach(() => {
  for (const thread of threads.splice(0)) thread[Symbol.dispose]();
});

const told = (thread: LanguageThread) => thread.ask("hover", { cell: "a", offset: 0 });
const execute = (text: string) => ({ execution: 0, text, isChecked: false });

describe("the language thread", () => {
  it("is told what was executed before it started, in order, when the first question starts it", async () => {
    const thread = newThread();
    thread.tell("execute", execute("first"));
    thread.tell("execute", execute("second"));
    expect(thread.isReady).toBe(false);
    expect(await told(thread)).toEqual(["first", "second"]);
    expect(thread.isReady).toBe(true);
  });

  it("is replaced when it dies, and the new one knows what the old one knew", async () => {
    const thread = newThread();
    thread.tell("execute", execute("first"));
    thread.tell("ended", { execution: 0, hasResult: true });
    await thread.ask("notebook", { cells: [{ cell: "a", text: "x" }] });
    await thread.ask("cell", { cell: "a", text: "changed" });
    await expect(thread.ask("hover", { cell: "a", offset: 666 })).rejects.toThrow("ended while it looked");
    thread.tell("execute", execute("second"));
    expect(await told(thread)).toEqual(["first", "ended", "notebook", "second"]);
  });

  it("answers what waits behind its death", async () => {
    const thread = newThread();
    const death = thread.ask("hover", { cell: "a", offset: 666 });
    const waiting = thread.ask("hover", { cell: "b", offset: 0 });
    await expect(death).rejects.toThrow("ended");
    expect(await waiting).toEqual([]);
  });

  it("is given up after it has died five times", async () => {
    const thread = newThread();
    for (let death = 0; death < 5; death++) {
      await expect(thread.ask("hover", { cell: "a", offset: 666 })).rejects.toThrow("ended");
    }
    await expect(told(thread)).rejects.toThrow("The language service ended");
    expect(await thread.ask("execute", execute("x"))).toBeNull();
  });

  it("answers an overtaken question with null, of the same cell only", async () => {
    const thread = newThread();
    const blocker = thread.ask("signatureHelp", { cell: "a", offset: 0 });
    const questions = ["a", "b", "a"].map((cell) => thread.ask("hover", { cell, offset: 0 }));
    expect(await Promise.all(questions)).toEqual([null, [], []]);
    await blocker;
  });

  it("lets a question overtake the checks that wait", async () => {
    const thread = newThread();
    const order: string[] = [];
    const note = (name: string) => () => order.push(name);
    await Promise.all([
      thread.ask("signatureHelp", { cell: "a", offset: 0 }).then(note("first")),
      thread.ask("diagnostics", { cell: "a" }).then(note("check")),
      thread.ask("completion", { cell: "a", offset: 0 }).then(note("completion")),
    ]);
    expect(order).toEqual(["first", "completion", "check"]);
  });

  it("forgets what was executed before a restart", async () => {
    const thread = newThread();
    thread.tell("execute", execute("old"));
    thread.tell("restart", {});
    thread.tell("execute", execute("new"));
    expect(await told(thread)).toEqual(["new"]);
  });
});
