// Where output arrives, how much of it, and what a client that reads slowly, or not at all, costs.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Subscriber } from "zeromq";
import type { CellOutput } from "#protocol";
import { JupyterClient } from "../jupyter-client.ts";
import { residentMb } from "../process-memory.ts";
import { startTestKernel } from "./real-kernel.ts";

describe("late output", () => {
  let client: JupyterClient;
  beforeAll(async () => {
    client = await JupyterClient.start();
  });
  afterAll(() => client[Symbol.dispose]());

  it("of timers and promises goes to the cell that started them, also while another one runs", async () => {
    const { id } = await client.run(`import { display } from "lectern";
let ticks = 0;
const timer = setInterval(() => { console.log("tick"); if (++ticks === 3) { clearInterval(timer); display("shown late"); } }, 40);
void (async () => { await new Promise((r) => setTimeout(r, 60)); console.error("from a promise"); })(); undefined`);
    const other = await client.run('console.log("other"); await new Promise((r) => setTimeout(r, 200)); undefined');
    await client.until(() => client.of(id).some(({ type }) => type === "display_data"));
    expect(client.printed(id)).toBe("tick\ntick\ntick\n");
    expect(client.printed(id, "stderr")).toBe("from a promise\n");
    expect(client.printed(other.id)).toBe("other\n");
    const states = client.of(id).filter(({ type }) => type === "status");
    expect(states.map(({ content }) => content.execution_state)).toEqual(["busy", "idle"]);
  });

  it("of a child process that goes on arrives, too", async () => {
    const { id } = await client.run(
      `import { spawn } from "node:child_process"; spawn("sh", ["-c", "sleep 0.2; echo child"], { stdio: "inherit" }); undefined`,
    );
    await client.until(() => client.printed(id).includes("child"));
  });

  it("reaches the caller of execute over IPC after the reply", async () => {
    await using kernel = await startTestKernel();
    const texts: string[] = [];
    await kernel.run('setTimeout(() => console.log("late"), 50); undefined', ({ type, content }) => {
      if (type === "stream") texts.push(content.text);
    });
    expect(texts).toEqual([]);
    await kernel.run("undefined");
    await expect.poll(() => texts).toEqual(["late\n"]);
  });
});

describe("a printer without end", () => {
  it("is capped, with a notice, its tail kept, and its displays shown", async () => {
    using client = await JupyterClient.start({ LECTERN_OUTPUT_LIMIT_MB: "1" });
    const { id, reply } = await client.run(
      `import { display } from "lectern";
for (let i = 0; i < 200_000; i++) console.log("line", i); display("a display"); undefined`,
    );
    expect(reply.content.status).toBe("ok");
    const text = client.printed(id);
    expect(text.startsWith("line 0\nline 1\n")).toBe(true);
    expect(text.endsWith("line 199998\nline 199999\n")).toBe(true);
    expect(text.length).toBeGreaterThan(1e6);
    expect(text.length).toBeLessThan(1.2e6);
    const said = client.printed(id, "stderr");
    expect(said).toContain("it printed more than 1 MB (the variable LECTERN_OUTPUT_LIMIT_MB sets the limit)");
    const leftOut = Number(/([\d.]+) MB were left out here/.exec(said)?.[1]);
    const total = Array.from({ length: 200_000 }, (_, i) => `line ${i}\n`.length).reduce((a, b) => a + b);
    expect(Math.abs(leftOut + text.length / 1e6 - total / 1e6)).toBeLessThan(0.1);
    expect(client.of(id).some(({ type }) => type === "display_data")).toBe(true);
    // The next cell prints again.
    expect(client.printed((await client.run('console.log("next")')).id)).toBe("next\n");
  });

  it("can be interrupted, and shows its tail then, too", async () => {
    await using kernel = await startTestKernel({ LECTERN_OUTPUT_LIMIT_MB: "0.5" });
    let hasAsked = false;
    const { reply, stdout, stderr } = await kernel.run(
      "let n = 0; for (;;) console.log('number', n++)",
      ({ type, content }) => {
        if (hasAsked || type !== "stream" || content.name !== "stderr") return;
        hasAsked = true;
        void kernel.connection.interrupt();
      },
    );
    expect(reply).toMatchObject({ ename: "KeyboardInterrupt" });
    expect(stderr).toContain("The rest of this cell's output is kept back");
    const numbers = stdout.trimEnd().split("\n");
    const last = (await kernel.run("n - 1")).result;
    expect(Math.abs(Number(last) - Number(numbers.at(-1)?.split(" ")[1]))).toBeLessThanOrEqual(1);
  });
});

describe("a cell that displays without end", () => {
  it("is capped, with one notice, and goes on: its training figure ends as it should, its last display is shown", async () => {
    using client = await JupyterClient.start({ LECTERN_OUTPUT_LIMIT_MB: "1" });
    const { id, reply } = await client.run(`import { display, newDisplay } from "lectern";
const training = newDisplay(); training.text("step 0");
for (let i = 1; i <= 3000; i++) { display.text("figure " + i); if (i % 100 === 0) training.text("step " + i); }
console.log("printed"); "the result"`);
    expect(reply.content.status).toBe("ok");
    const texts = (type: string) =>
      client.of(id).flatMap((message) => (message.type === type ? [message.content.data["text/plain"]] : []));
    const displays = texts("display_data");
    expect(displays.slice(0, 2)).toEqual(["step 0", "figure 1"]);
    expect(displays.slice(-10)).toEqual(Array.from({ length: 10 }, (_, i) => `figure ${2991 + i}`));
    expect(displays).toHaveLength(200 + 10);
    expect(texts("update_display_data").at(-1)).toBe("step 3000");
    const said = client.printed(id, "stderr");
    expect(said.match(/The rest of this cell's displays is kept back/g)).toHaveLength(1);
    expect(said).toContain(`Displays left out here: ${3001 - displays.length}.`);
    expect(client.printed(id)).toBe("printed\n");
    expect(client.result(id)).toBe("'the result'");
    // The next cell displays again.
    const { id: next } = await client.run('display.text("next"); undefined');
    expect(client.of(next).some(({ type }) => type === "display_data")).toBe(true);
  });

  it("can be interrupted, and shows its last displays then, too", async () => {
    await using kernel = await startTestKernel({ LECTERN_OUTPUT_LIMIT_MB: "0.5" });
    let hasAsked = false;
    const { reply, outputs } = await kernel.run(
      'import { display } from "lectern"; let shown = 0; for (;;) display.text(String(shown++))',
      ({ type, content }) => {
        if (hasAsked || type !== "stream" || !content.text.includes("displays is kept back")) return;
        hasAsked = true;
        void kernel.connection.interrupt();
      },
    );
    expect(reply).toMatchObject({ ename: "KeyboardInterrupt" });
    const displays = outputs.flatMap(({ type, content }) => (type === "display_data" ? [content.data] : []));
    expect(displays).toHaveLength(100 + 10);
    const last = Number((await kernel.run("shown - 1")).result);
    expect(Math.abs(last - Number(displays.at(-1)!["text/plain"]))).toBeLessThanOrEqual(1);
  });

  it("may clear what it has shown, as animations do, for ever", async () => {
    await using kernel = await startTestKernel({ LECTERN_OUTPUT_LIMIT_MB: "0.1" });
    const { outputs, stderr } = await kernel.run(`import { clearOutput, display } from "lectern";
for (let i = 0; i < 200; i++) { clearOutput({ wait: true }); display.text("frame " + i); } undefined`);
    expect(outputs.filter(({ type }) => type === "display_data")).toHaveLength(200);
    expect(stderr).toBe("");
  });
});

describe("a client", () => {
  /** 1 GB of displays. */
  const flood = `import { display } from "lectern";
const picture = "x".repeat(500_000); for (let i = 0; i < 2000; i++) display.text(picture); undefined`;

  it("that reads slowly over IPC slows the cell, not fills the kernel", async () => {
    await using kernel = await startTestKernel({ LECTERN_OUTPUT_LIMIT_MB: "2000" });
    const pid = Number((await kernel.run("process.ppid")).result);
    let whileNobodyReads = 0;
    let shown = 0;
    const onOutput = ({ type }: CellOutput) => {
      if (type !== "display_data" || ++shown !== 100) return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4000);
      whileNobodyReads = residentMb(pid);
    };
    await kernel.connection.execute({ code: flood, onOutput });
    expect(shown).toBe(2000);
    expect(whileNobodyReads).toBeLessThan(650);
  });

  it("that reads nothing over ZeroMQ is cut off after a while; the others get everything", async () => {
    using client = await JupyterClient.start({ LECTERN_OUTPUT_LIMIT_MB: "2000" });
    const lazy = new Subscriber({ linger: 0, receiveHighWaterMark: 10 });
    lazy.connect(`tcp://127.0.0.1:${client.info.iopub_port}`);
    lazy.subscribe();
    await client.run("1");
    const { id, reply } = await client.run(flood.replace("500_000", "30_000"));
    expect(reply.content.status).toBe("ok");
    expect(client.of(id).filter(({ type }) => type === "display_data")).toHaveLength(2000);
    expect(client.log).toContain("a client has read nothing for 10 s");
    lazy.close();
  });
});
