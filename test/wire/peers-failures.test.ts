// What tslab and Deno were measured to get wrong, row by row, over real ZeroMQ: ours has to get all of it right.

import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { JupyterClient } from "../jupyter-client.ts";

let client: JupyterClient;
let folder: string;
beforeAll(async () => {
  client = await JupyterClient.start();
  folder = client.result((await client.run("process.cwd()")).id).slice(1, -1);
  mkdirSync(join(folder, "node_modules/esm"), { recursive: true });
  writeFileSync(join(folder, "node_modules/esm/package.json"), '{"type":"module","exports":"./index.js"}');
  writeFileSync(join(folder, "node_modules/esm/index.js"), "export const esm = await Promise.resolve('esm');");
  writeFileSync(join(folder, "x.ts"), "export const x: string = 'x';");
});
afterAll(() => client[Symbol.dispose]());

async function result(code: string): Promise<unknown> {
  const { id, reply } = await client.run(code);
  return reply.content.status === "ok" ? client.result(id) : reply.content.evalue;
}

async function interrupted(code: string) {
  const id = await client.execute(`console.log("running"); ${code}`);
  await client.until(() => client.printed(id).includes("running"));
  const asked = performance.now();
  await client.send("control", "interrupt_request", {});
  const { reply } = await client.end(id);
  return { reply, tookMs: performance.now() - asked };
}

describe("tslab", () => {
  it("cannot for await at the top level", async () => {
    expect(await result("let n = 0; for await (const x of [Promise.resolve(2)]) n += x; n")).toBe("2");
  });

  it("cannot import ESM with top-level await, with import nor with import()", async () => {
    expect(await result('import { esm } from "esm"; esm')).toBe("'esm'");
    expect(await result('(await import("esm")).esm')).toBe("'esm'");
  });

  it("refuses ./x.ts, Deno ./x", async () => {
    expect(await result('import { x } from "./x.ts"; x')).toBe("'x'");
    expect(await result('import { x as y } from "./x"; y')).toBe("'x'");
  });

  it("prints errors on stderr with lines of its own code, and sends no error message", async () => {
    const { id, reply } = await client.run("const a = 1;\n\nthrow new TypeError('third line')");
    expect(reply.content).toMatchObject({ status: "error", ename: "TypeError", evalue: "third line" });
    expect(reply.content.traceback.join("\n")).toMatch(/Cell \d+, line 3, column 7/);
    expect(reply.content.traceback.join("\n")).not.toMatch(/node:|dist\//);
    expect(client.of(id).filter(({ type }) => type === "error")).toHaveLength(1);
    expect(client.printed(id, "stderr")).toBe("");
  });

  it("prints results, Deno colours them", async () => {
    const { id } = await client.run("({ a: [1, 'b', null] })");
    expect(client.result(id)).toBe("{ a: [ 1, 'b', null ] }");
    expect(client.printed(id)).toBe("");
  });

  it("loses lines and idle from 2,000 lines on", async () => {
    const { id } = await client.run("for (let i = 0; i < 20_000; i++) console.log(i)");
    expect(client.printed(id).split("\n")).toHaveLength(20_001);
    expect(client.of(id).at(-1)).toMatchObject({ type: "status", content: { execution_state: "idle" } });
  });

  it("grows by 0.8 MB with every cell", async () => {
    const rss = async () => Number(await result("process.memoryUsage().rss / 1e6"));
    const cell = "const small = new Float32Array(16); small.length";
    for (let round = 0; round < 50; round++) await client.run(cell);
    const before = await rss();
    for (let round = 0; round < 200; round++) await client.run(cell);
    expect((await rss()) - before).toBeLessThan(40);
  });

  it("dies of process.exit", async () => {
    await client.run("let kept = 41");
    expect(await result("process.exit(3)")).toContain("process.exit(3)");
    expect(await result("kept + 1")).toBe("42");
  });
});

describe("Deno", () => {
  it("cannot declare a name again as something else", async () => {
    await client.run("function name1() {}");
    expect(await result("const name1 = 5; name1")).toBe("5");
  });

  it("loses what is not printed by console.log", async () => {
    const { id } =
      await client.run(`import { writeSync } from "node:fs"; import { spawnSync } from "node:child_process";
process.stdout.write("write\\n"); writeSync(1, "descriptor\\n");
spawnSync(process.execPath, ["-e", "console.log('child')"], { stdio: "inherit" }); undefined`);
    expect(client.printed(id)).toBe("write\ndescriptor\nchild\n");
  });

  it("swallows what timers throw and promises reject", async () => {
    const wait = "await new Promise((resolve) => setTimeout(resolve, 50)); undefined";
    const { id } = await client.run(
      `setTimeout(() => { throw new Error("thrown") }); Promise.reject(new Error("rejected")); ${wait}`,
    );
    expect(client.printed(id, "stderr")).toMatch(/rejected[\s\S]*line 1[\s\S]*thrown[\s\S]*line 1/);
  });

  it.each(["while (true) {}", "await null; while (true) {}", "await new Promise(() => {})"])(
    "dies of, or never stops: %s",
    async (code) => {
      await client.run("let state = 41");
      const { reply, tookMs } = await interrupted(code);
      expect(reply.content).toMatchObject({ status: "error", ename: "KeyboardInterrupt" });
      expect(tookMs).toBeLessThan(1000);
      expect(await result("state + 1")).toBe("42");
    },
  );

  it("leaves children behind after a shutdown", async () => {
    const own = await JupyterClient.start();
    const { id } = await own.run(`import { spawn } from "node:child_process";
spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]).pid`);
    const pid = own.result(id);
    const state = () => spawnSync("ps", ["-o", "stat=", "-p", pid], { encoding: "utf8" }).stdout.trim();
    expect(state()).toMatch(/^[RSD]/);
    await own.send("control", "shutdown_request", { restart: false });
    await expect.poll(() => state() === "" || state().startsWith("Z"), { timeout: 10_000 }).toBe(true);
    own[Symbol.dispose]();
  });
});
