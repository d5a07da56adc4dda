// Stopping: interrupts that keep state, restarts, engine processes that die, processes that must not stay behind.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { kernelPath, nodePath, startTestKernel, type TestKernel } from "./real-kernel.ts";

/** How often each kind is interrupted: LECTERN_INTERRUPTS=200 npm test -- wire, which then tells the times. */
const ROUNDS = Number(process.env.LECTERN_INTERRUPTS ?? 1);

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await startTestKernel();
});
afterAll(() => kernel[Symbol.asyncDispose]());

/** Runs a cell and interrupts it when it has said that it runs; `stopMs` is the time from then to its reply. */
async function interrupted(code: string) {
  let asked = 0;
  const ran = await kernel.run(`console.log("running"); ${code}`, ({ type, content }) => {
    if (type !== "stream" || !content.text.includes("running")) return;
    asked ||= performance.now();
    void kernel.connection.interrupt();
  });
  return { ...ran, stopMs: performance.now() - asked };
}

function summaryOf(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(share * (sorted.length - 1))]!.toFixed(0);
  return `median ${at(0.5)}, 95 % ${at(0.95)}, most ${at(1)}; above 300: ${sorted.filter((time) => time > 300).length}`;
}

/** A process that has ended but that its new parent has not buried yet ("Z") is not alive. */
function isAlive(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return stdout.trim() !== "" && !stdout.trim().startsWith("Z");
}

describe("interrupt", () => {
  it.each([
    ["a loop", "while (true) {}"],
    ["a loop after an await", "await null; while (true) {}"],
    ["a loop that catches everything", "for (;;) { try { while (true) {} } catch {} }"],
    ["a promise that never settles", "await new Promise(() => {})"],
    ["a loop of microtasks", "for (;;) await null"],
    ["a loop of timers", "for (;;) await new Promise((resolve) => setTimeout(resolve, 1))"],
    ["a loop of immediates", "for (;;) await new Promise((resolve) => setImmediate(resolve))"],
    ["a loop of ticks", "const tick = () => process.nextTick(tick); tick(); await new Promise(() => {})"],
    [
      "an asynchronous loop that cleans up",
      "for (;;) { try { await new Promise((r) => setTimeout(r)) } finally { await null } }",
    ],
    ["a loop in a timer", "setTimeout(() => { for (;;) {} }); await new Promise(() => {})"],
    ["a loop in an interval", "setInterval(() => { for (;;) {} }); await new Promise(() => {})"],
    ["a loop in an immediate", "setImmediate(() => { for (;;) {} }); await new Promise(() => {})"],
    [
      "a loop in a callback of node",
      "(await import('node:fs')).stat('.', () => { for (;;) {} }); await new Promise(() => {})",
    ],
    ["Atomics.wait", "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)"],
    ["a loop that prints", "for (;;) console.log('x'.repeat(80))"],
    ["for await", "for await (const _ of (async function* () { for (;;) yield 1 })());"],
    ["a generator", "for (const _ of (function* () { for (;;) yield 1 })());"],
    ["a regular expression that backtracks", "/^(a+)+$/.test('a'.repeat(40) + 'b')"],
    [
      "JSON of something huge",
      "const huge = Array.from({ length: 1e6 }, (_, i) => ({ i })); for (;;) JSON.stringify(huge)",
    ],
    ["a comparator", "for (;;) Array.from({ length: 1e6 }, Math.random).sort((a, b) => a - b)"],
    ["a proxy's trap", "new Proxy({} as any, { get() { for (;;); } }).x"],
    ["a loop of a tick", "process.nextTick(() => { for (;;); }); await new Promise(() => {})"],
    ["a result that never ends to be shown", "({ [Symbol.for('Jupyter.display')]() { for (;;); } })"],
    ["a result that never comes", "new Promise(() => {})"],
    ["a using that never closes", "using open = { [Symbol.dispose]() { for (;;); } }"],
    ["a loop in code of text", "eval('for (;;);')"],
    ["a thenable", "await { then() { for (;;); } }"],
  ])("stops %s and keeps the variables", async (kind, code) => {
    const times: number[] = [];
    await kernel.run("let kept = 41");
    for (let round = 0; round < ROUNDS; round++) {
      const { reply, stopMs } = await interrupted(code);
      times.push(stopMs);
      expect(reply).toMatchObject({ status: "error", ename: "KeyboardInterrupt" });
      expect((await kernel.run("kept + 1")).result).toBe("42");
    }
    if (ROUNDS > 1) console.log(`${kind}: ${times.length} stopped, in ms: ${summaryOf(times)}`);
  });

  it.each([
    ["while (true) turns++", "turns"],
    ["for (;;) for (let i = 0; i < 10; i++) turns += i % 2", "turns"],
    ["outer: for (;;) { for (let i = 0; ; i++) { turns = i; if (i > 1e5) continue outer } }", "turns"],
    ["const counts = new Float64Array(2); do { counts[0]++; turns++ } while (turns > 0)", "counts[0]"],
    ["for (;;) { try { turns++ } finally { turns++ } }", "turns"],
  ])("keeps what %s has counted", async (loop, counted) => {
    await interrupted(`let turns = 0; ${loop}`);
    expect(Number((await kernel.run(counted)).result)).toBeGreaterThan(1000);
    // Loops run again afterwards.
    expect((await kernel.run("let sum = 0; for (let i = 0; i < 10; i++) sum += i; sum")).result).toBe("45");
  });

  it("stops within 300 ms", async () => {
    const times: number[] = [];
    for (let round = 0; round < 9; round++) times.push((await interrupted("await null; for (;;);")).stopMs);
    expect(times.sort((a, b) => a - b)[4]).toBeLessThan(300);
  });

  it("stops the timers of the cell, and of no other", async () => {
    await kernel.run("let mine = 0, theirs = 0; const other = setInterval(() => theirs++, 1)");
    await interrupted(`setInterval(() => mine++, 1); const again = () => { mine++; setTimeout(again, 1) }; again();
(function now() { mine++; setImmediate(now) })(); await new Promise(() => {})`);
    const { result } = await kernel.run(`const before = [mine, theirs]; await new Promise((r) => setTimeout(r, 50));
clearInterval(other); [mine - before[0], theirs > before[1]]`);
    expect(result).toBe("[ 0, true ]");
  });

  it("stops an asynchronous loop for good", async () => {
    await kernel.run("let rounds = 0");
    await interrupted("for (;;) { await new Promise((resolve) => setTimeout(resolve, 1)); rounds++ }");
    const { result } = await kernel.run(
      "const before = rounds; await new Promise((r) => setTimeout(r, 100)); rounds - before <= 1",
    );
    expect(result).toBe("true");
  });

  it("stops a training step, and gradients are recorded again afterwards", async () => {
    await kernel.run(`import { data, models, nn, noGrad, optim, tensor } from "lectern";
const digits = await data.digits({ size: 32 });
const model = models.leNet5();
const optimizer = new optim.Adam(model.parameters());
const loader = new data.DataLoader(digits, { batchSize: 64 });`);
    const train = `for (;;) for await (const [images, labels] of loader) {
  const loss = nn.functional.crossEntropy(model.forward(images), labels);
  loss.backward(); optimizer.step();
}`;
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const { reply, stopMs } = await interrupted(train);
      expect(reply).toMatchObject({ ename: "KeyboardInterrupt" });
      times.push(stopMs);
    }
    if (ROUNDS > 1) console.log(`a training step: ${times.length} stopped, in ms: ${summaryOf(times)}`);
    expect(
      (await interrupted("noGrad(() => { for (;;) model.forward(digits.tensors[0].narrow(0, 0, 32)) })")).reply.status,
    ).toBe("error");
    expect((await kernel.run("tensor([1], { requiresGrad: true }).mul(2).requiresGrad")).result).toBe("true");
  });

  it("aborts the cells that were waiting", async () => {
    const first = interrupted("while (true) {}");
    const second = kernel.run("1 + 1");
    expect((await first).reply.status).toBe("error");
    expect((await second).reply.status).toBe("aborted");
  });

  it("frees the engine from a timer of a cell that has ended", async () => {
    const isStuck = Promise.withResolvers<void>();
    await kernel.run(
      "let kept = 7; setTimeout(() => { console.log('stuck'); for (;;) {} }, 30); undefined",
      ({ type }) => {
        if (type === "stream") isStuck.resolve();
      },
    );
    await isStuck.promise;
    await kernel.connection.interrupt(); // nothing runs, and the engine is held all the same
    expect((await kernel.run("kept")).result).toBe("7");
  });

  it("of an idle kernel does nothing", async () => {
    await kernel.connection.interrupt();
    expect((await kernel.run("1 + 1")).result).toBe("2");
  });
});

describe("restart", () => {
  it("gives an empty engine, with counts from 1, also while a cell runs", async () => {
    await kernel.run("let gone = 1");
    const running = kernel.run("while (true) {}");
    await kernel.connection.restart();
    expect((await running).reply).toMatchObject({ status: "error", ename: "Restarted" });
    const { reply } = await kernel.run("gone");
    expect(reply).toMatchObject({ status: "error", ename: "ReferenceError", execution_count: 1 });
  });
});

describe("an engine process that ends", () => {
  it.each([
    ["killed", 'process.kill(process.pid, "SIGKILL"); await new Promise(() => {})', "was ended by SIGKILL"],
    ["aborted", "process.abort()", "was ended by SIGABRT"],
  ])("%s ends the cell with a clear error, and the next cell runs in a fresh one", async (_, code, how) => {
    const { reply, error } = await kernel.run(code);
    expect(reply).toMatchObject({ status: "error", ename: "EngineEnded" });
    expect(error).toContain(how);
    expect((await kernel.run("6 * 7")).result).toBe("42");
  });

  it("out of memory ends the cell with a clear error, and the next cell runs in a fresh one", async () => {
    await using small = await startTestKernel({ NODE_OPTIONS: "--max-old-space-size=150" });
    const { reply } = await small.run(
      "const all: unknown[] = []; for (;;) all.push(new Array(10_000).fill(all.length))",
    );
    expect(reply).toMatchObject({ status: "error", ename: "EngineEnded" });
    expect((await small.run("6 * 7")).result).toBe("42");
  });

  it("aborts the cells that wait behind it", async () => {
    const first = kernel.run("await new Promise((r) => setTimeout(r, 50)); process.abort()");
    const second = kernel.run("1");
    expect((await first).reply).toMatchObject({ ename: "EngineEnded" });
    expect((await second).reply).toEqual({ status: "aborted" });
  });

  it("between two cells is said in the next one", async () => {
    const { result } = await kernel.run("setTimeout(() => process.kill(process.pid, 'SIGKILL'), 10); process.pid");
    await expect.poll(() => isAlive(Number(result)), { timeout: 10_000 }).toBe(false);
    // The kernel may hear of the end a moment after the cell was sent: then the cell fails and says the same.
    const { stderr, error } = await kernel.run("1");
    expect(stderr + error).toContain("variables are gone");
  });
});

describe("process.exit", () => {
  it.each([
    ["process.exit(3)", "process.exit(3) ended the cell"],
    ["await null; process.exit(4)", "process.exit(4) ended the cell"],
    ["setTimeout(() => process.exit(5), 5); await new Promise(() => {})", "process.exit(5) ended the cell"],
  ])("%s ends the cell with an error, and the variables stay", async (code, evalue) => {
    await kernel.run("let kept = 41");
    const { reply } = await kernel.run(`${code}; kept = 0`);
    expect(reply).toMatchObject({ status: "error", ename: "ProcessExit" });
    expect(JSON.stringify(reply)).toContain(evalue);
    expect((await kernel.run("kept + 1")).result).toBe("42");
  });

  it("without a code ends the cell well, and neither catch nor finally runs", async () => {
    const { reply, stderr } = await kernel.run(
      "let after = 0; try { process.exit() } catch { after++ } finally { after++ }",
    );
    expect(reply.status).toBe("ok");
    expect(stderr).toContain("the kernel and its variables stay");
    expect((await kernel.run("after")).result).toBe("0");
  });

  it("of a timer whose cell has ended does nothing but say so", async () => {
    await kernel.run("let here = 41; setTimeout(() => process.exit(1), 5); undefined");
    expect((await kernel.run("await new Promise((resolve) => setTimeout(resolve, 50)); here + 1")).result).toBe("42");
  });
});

describe("nothing is left behind", () => {
  const startChildren = `import { spawn } from "node:child_process";
const nested = "require('child_process').spawn('sleep', ['1000']); setInterval(() => {}, 1000); console.log('up')";
const child = spawn(process.execPath, ["-e", nested]); await new Promise((r) => child.stdout.once("data", r));
const { execFileSync } = await import("node:child_process");
const group = execFileSync("ps", ["-o", "pid=", "-g", String(process.pid)], { encoding: "utf8" });
[process.ppid, ...group.trim().split(/\\s+/)].join()`;
  const pidsOf = (result: unknown) => String(result).replaceAll("'", "").split(",").map(Number);

  it("when the kernel process is killed: engine, spare and their children go", async () => {
    const own = await startTestKernel();
    const [kernelPid, ...pids] = pidsOf((await own.run(startChildren)).result);
    const spares = pidsOf(
      spawnSync("ps", ["-o", "pid=", "--ppid", String(kernelPid)], { encoding: "utf8" })
        .stdout.trim()
        .replaceAll(/\s+/g, ","),
    );
    expect(pids.filter(isAlive).length).toBeGreaterThanOrEqual(3);
    expect(spares).toHaveLength(2);
    process.kill(kernelPid!, "SIGKILL");
    await expect.poll(() => [...pids, ...spares].filter(isAlive), { timeout: 5000 }).toEqual([]);
    await own.connection.shutdown();
  });

  it("when the Jupyter server that started the kernel is killed", async () => {
    const folder = await mkdtemp(join(tmpdir(), "lectern-orphan-"));
    const ports = Object.fromEntries(["shell", "iopub", "stdin", "control", "hb"].map((name) => [`${name}_port`, 0]));
    const info = { transport: "tcp", ip: "127.0.0.1", key: "k", signature_scheme: "hmac-sha256", ...ports };
    await writeFile(join(folder, "connection.json"), JSON.stringify(info));
    const script = `"${nodePath}" "${kernelPath}" --connection-file connection.json & echo $!; wait`;
    const server = spawn("sh", ["-c", script], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
    const [chunk] = (await once(server.stdout, "data")) as [Buffer];
    const pid = Number(String(chunk));
    const engines = () =>
      spawnSync("ps", ["-o", "pid=", "--ppid", String(pid)], { encoding: "utf8" })
        .stdout.trim()
        .split(/\s+/)
        .filter((text) => text !== "")
        .map(Number);
    await expect.poll(() => engines().length, { timeout: 20_000 }).toBe(2);
    const all = [pid, ...engines()];
    server.kill("SIGKILL");
    await expect.poll(() => all.filter(isAlive), { timeout: 10_000 }).toEqual([]);
  });

  it("when an interrupt has to end the process: its children go, and the next cell runs", async () => {
    const own = await startTestKernel();
    const pids = pidsOf((await own.run(startChildren)).result).slice(1);
    // Native code that nothing stops: the interrupt ends the process after ten seconds.
    const { reply } = await own.run('console.log("running"); execFileSync("sleep", ["100"])', () => {
      void own.connection.interrupt();
    });
    expect(reply).toMatchObject({
      ename: "KeyboardInterrupt",
      evalue: expect.stringContaining("ended with its process"),
    });
    await expect.poll(() => pids.filter(isAlive)).toEqual([]);
    expect((await own.run("6 * 7")).result).toBe("42");
    await own.connection.shutdown();
  });

  it("children of cells go with a restart, engine and children with the kernel's end", async () => {
    const own = await startTestKernel();
    const start = `import { spawn } from "node:child_process";
const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]); [process.pid, child.pid].join()`;
    const pids = async () =>
      String((await own.run(start)).result)
        .replaceAll("'", "")
        .split(",")
        .map(Number);
    const first = await pids();
    await own.connection.restart();
    await expect.poll(() => first.filter(isAlive)).toEqual([]);
    const second = await pids();
    await own.connection.shutdown();
    await expect.poll(() => second.filter(isAlive)).toEqual([]);
  });
});
