// The debugger over real ZeroMQ: breakpoints in cells of every kind, steps, and what ends a pause.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { JupyterClient } from "../jupyter-client.ts";
import { DebugClient } from "./debug-client.ts";

let client: JupyterClient;
let debug: DebugClient;
beforeAll(async () => {
  client = await JupyterClient.start();
  debug = new DebugClient(client);
  await debug.start();
});
afterAll(() => client[Symbol.dispose]());

afterEach(() => debug.startAnew());

/** Starts a cell with breakpoints in it. */
async function begin(code: string, ...breakpoints: Parameters<DebugClient["setBreakpoints"]>[1][]) {
  const { set, path } = await debug.setBreakpoints(code, ...breakpoints);
  return { id: await debug.execute(code), set, path };
}

const finish = async (id: string) => {
  await debug.resume();
  return (await client.end(id)).reply.content;
};

describe("a breakpoint", () => {
  it("stops a cell at its line, with the cell's path and the names it was given", async () => {
    const code = "const a = 1;\nconst b = a + 1;\nb * 2";
    const { id, set, path } = await begin(code, 2);
    expect(set).toMatchObject([{ verified: true, line: 2, source: { path } }]);
    expect(await debug.event("stopped")).toMatchObject({ reason: "breakpoint", threadId: 1, allThreadsStopped: true });
    const [frame] = await debug.stack();
    expect(frame).toMatchObject({ line: 2, source: { path, name: expect.stringMatching(/^Cell \d+$/) } });
    expect(client.reply(id)).toBeUndefined();
    expect(await finish(id)).toMatchObject({ status: "ok" });
    expect(client.result(id)).toBe("4");
  });

  it("on a line where nothing stands moves to the next one where something does", async () => {
    const { id, set } = await begin("// first\n\nlet c = 3;\nc", 1);
    expect(set).toMatchObject([{ verified: true, line: 3 }]);
    expect(await debug.stop()).toMatch(/^Cell \d+:3/);
    await finish(id);
  });

  it("stops in a function of an earlier cell, also when it is set after that cell ran", async () => {
    const code = "const twice = (x: number) => {\n  const y = 2 * x;\n  return y;\n};";
    await client.run(code);
    await debug.setBreakpoints(code, 2);
    const id = await client.execute("twice(21)");
    expect(await debug.stop()).toMatch(/:2 twice$/);
    expect((await debug.stack()).map(({ line }) => line)).toEqual([2, 1]);
    await finish(id);
    expect(client.result(id)).toBe("42");
  });

  it("stops in a hoisted function, once, and not beside it", async () => {
    const code = "const first = hoisted(1);\n\nfunction hoisted(x: number) {\n  return x + 1;\n}\n\nfirst";
    const { id, set } = await begin(code, 4);
    expect(set[0]!.line).toBe(4);
    expect(await debug.stop()).toMatch(/:4 hoisted$/);
    expect(await finish(id)).toMatchObject({ status: "ok" });
    expect(client.result(id)).toBe("2");
  });

  it("stops at the cell's line in a cell that was transpiled", async () => {
    const code = "enum Color {\n  Red,\n  Green,\n}\n\nconst shown = Color[Color.Green];\nshown";
    const { id } = await begin(code, 6);
    expect(await debug.stop()).toMatch(/:6 /);
    await finish(id);
    expect(client.result(id)).toBe("'Green'");
  });

  it("stops in a loop at the top level and behind an await", async () => {
    const code = "let sum = 0;\nawait null;\nfor (let i = 0; i < 3; i++) {\n  sum += i;\n}\nsum";
    const { id } = await begin(code, { line: 4, condition: "i === 2" });
    expect(await debug.stop()).toMatch(/:4 /);
    expect((await debug.scope("Local")).i).toMatchObject({ value: "2" });
    expect((await debug.scope("Notebook")).sum).toMatchObject({ value: "1" });
    await finish(id);
    expect(client.result(id)).toBe("3");
  });

  it("stops where its condition holds, which may be TypeScript, and as often as its count says", async () => {
    const code = "for (const n of [1, 2, 3, 4]) {\n  n;\n}";
    const one = await begin(code, { line: 2, condition: "(n as number) > 3" });
    expect(await debug.stop()).toMatch(/:2/);
    expect((await debug.evaluate("n")).result).toBe("4");
    await finish(one.id);
    const two = await begin(code, { line: 2, hitCondition: "% 3" });
    await debug.stop();
    expect((await debug.evaluate("n")).result).toBe("3");
    await finish(two.id);
  });

  it("with a message prints it and does not stop", async () => {
    const { id } = await begin("for (const n of [1, 2]) {\n  n;\n}", {
      line: 2,
      logMessage: "n is {n}, twice {2 * n}",
    });
    await client.end(id);
    expect(client.printed(id)).toBe("n is 1, twice 2\nn is 2, twice 4\n");
  });

  it("that is wrong says why", async () => {
    const asked = [{ line: 1, condition: "n >" }, { line: 1, hitCondition: "often" }, { line: 9 }];
    const { set } = await debug.setBreakpoints("let n = 1;", ...asked);
    expect(set).toMatchObject([
      { verified: false, message: expect.stringContaining('"n >"') },
      { verified: false, message: expect.stringContaining('got "often"') },
      { verified: false, message: expect.stringContaining("nothing that runs") },
    ]);
  });

  it("that was taken back stops nothing", async () => {
    const code = "let z = 1;\nz";
    await debug.setBreakpoints(code, 2);
    await debug.setBreakpoints(code);
    expect((await client.run(code)).reply.content.status).toBe("ok");
  });

  it("stops in a file of the user's that a cell imports", async () => {
    const path = join(client.folder, "net.ts");
    await writeFile(path, "export function f(x: number): number {\n  const y = x + 1;\n  return y;\n}\n");
    const source = { path };
    const { breakpoints } = await debug.request("setBreakpoints", { source, breakpoints: [{ line: 2 }] });
    expect(breakpoints).toMatchObject([{ verified: false }]);
    const id = await client.execute('import { f } from "./net.ts";\nf(1)');
    expect(await debug.stop()).toBe("net.ts:2 f");
    expect((await debug.request("modules")).modules).toMatchObject([{ name: "net.ts", path }]);
    expect((await debug.request("source", { source })).content).toContain("x + 1");
    await finish(id);
    expect(client.result(id)).toBe("2");
    await debug.request("setBreakpoints", { source, breakpoints: [] });
  });
});

describe("a step", () => {
  const CODE = `const half = (x: number) => {
  return x / 2;
};
let h = half(4);
h += [1, 2].map((x) => x + 1).length;
h`;

  it("goes over, in and out, and stays in the user's code", async () => {
    const { id } = await begin(CODE, 4);
    expect(await debug.stop()).toMatch(/:4 /);
    expect(await debug.step("stepIn")).toMatch(/:2 half$/);
    expect(await debug.step("stepOut")).toMatch(/:5 /);
    expect(await debug.step("next")).toMatch(/:6 /);
    await debug.request("next", { threadId: 1 });
    expect((await client.end(id)).reply.content.status).toBe("ok");
  });

  it("does not lead into the library, but into the callback that it calls", async () => {
    const code =
      'import { noGrad, tensor } from "lectern";\nconst t = tensor([1, 2]).add(1);\nnoGrad(() => {\n  t.sum();\n});\nt';
    const { id } = await begin(code, 2);
    await debug.stop();
    expect(await debug.step("stepIn")).toMatch(/:3 /);
    expect(await debug.step("stepIn")).toMatch(/:4 /);
    expect((await debug.stack()).map(({ line }) => line)).toEqual([4, 3]);
    await finish(id);
  });

  it("goes over an await to the next line", async () => {
    const { id } = await begin("let w = 1;\nawait new Promise((r) => setTimeout(r, 5));\nw = 2;\nw", 2);
    await debug.stop();
    expect(await debug.step("next")).toMatch(/:3 /);
    await finish(id);
  });
});

describe("an error", () => {
  const stopsFor = async (code: string, ...filters: string[]) => {
    await debug.request("setExceptionBreakpoints", { filters });
    const id = await client.execute(code);
    await client.until(() => client.reply(id) !== undefined || debug.events.at(-1)?.event === "stopped");
    if (client.reply(id)) return "not";
    const where = await debug.stop();
    const info = await debug.request("exceptionInfo", { threadId: 1 });
    await finish(id);
    return `${where.replace(/^Cell \d+/, "Cell")}: ${info.exceptionId} ${info.description}`;
  };

  it("that ends the cell stops where it is thrown", async () => {
    const thrown = 'function f() {\n  throw new RangeError("no such layer");\n}\n';
    const told = "Cell:2 f: RangeError RangeError: no such layer";
    expect(await stopsFor(`${thrown}f();`, "uncaught")).toBe(told);
    expect(await stopsFor(`${thrown}await null;\nf();`, "uncaught")).toBe(told);
    const later = 'const g = async () => {\n  await null; throw new RangeError("late");\n};\n';
    expect(await stopsFor(`${later}await g();`, "uncaught")).toBe("Cell:2 g: RangeError RangeError: late");
    expect(await stopsFor(`${later}await g();`)).toBe("not");
  });

  it("that is caught stops only where all errors are asked for", async () => {
    const caught = 'try {\n  throw new Error("c");\n} catch {}';
    expect(await stopsFor(caught, "uncaught")).toBe("not");
    expect(await stopsFor(`await null;\n${caught}`, "uncaught")).toBe("not");
    const later = "const h = async () => {\n  await null; throw new Error('d');\n};\ntry {\n  await h();\n} catch {}";
    expect(await stopsFor(later, "uncaught")).toBe("not");
    expect(await stopsFor(caught, "all")).toMatch(/^Cell:2 .*: Error Error: c$/);
  });

  it("of the library stops at the cell's line", async () => {
    const told = await stopsFor('import { tensor } from "lectern";\ntensor([1, 2]).add(tensor([1, 2, 3]))', "uncaught");
    expect(told).toMatch(/^Cell:2 .*ShapeError/);
  });
});

describe("a cell that runs or is paused", () => {
  it("is paused in an endless loop and goes on with another value", async () => {
    const id = await client.execute("let going = true;\nwhile (going) {}");
    await client.status(id, "busy");
    await client.until(() => client.of(id).some(({ type }) => type === "execute_input"));
    await debug.request("pause", { threadId: 1 });
    expect(await debug.event("stopped")).toMatchObject({ reason: "pause" });
    await debug.evaluate("going = false", "repl");
    expect(await finish(id)).toMatchObject({ status: "ok" });
  });

  it("ends when it is interrupted while paused, and the next one runs and stops", async () => {
    await client.run("let kept = 41");
    const code = "for (;;) {\n  kept;\n}";
    const { id } = await begin(code, 2);
    await debug.stop();
    await client.request("control", "interrupt_request", {});
    expect((await client.end(id)).reply.content).toMatchObject({ status: "error", ename: "KeyboardInterrupt" });
    expect(await debug.event("continued")).toMatchObject({ threadId: 1 });
    const next = await begin("kept + 1;\nkept + 1", 2);
    await debug.stop();
    await finish(next.id);
    expect(client.result(next.id)).toBe("42");
  });

  it("lets the cells behind it wait", async () => {
    const { id } = await begin("let v = 1;\nv", 2);
    await debug.stop();
    const behind = await client.execute("v + 1");
    expect((await client.request("control", "kernel_info_request", {})).reply.content.status).toBe("ok");
    expect(client.reply(behind)).toBeUndefined();
    await finish(id);
    await client.end(behind);
    expect(client.result(behind)).toBe("2");
  });

  it("goes on when the debugger is disconnected, and stops no more", async () => {
    const code = "let rounds = 0;\nfor (const _ of [1, 2, 3]) {\n  rounds++;\n}\nrounds";
    const { id } = await begin(code, 3);
    await debug.stop();
    await debug.request("disconnect", { restart: false, terminateDebuggee: false });
    await client.end(id);
    expect(client.result(id)).toBe("3");
    expect((await client.run(code)).reply.content.status).toBe("ok");
    expect(await debug.request("debugInfo")).toMatchObject({ isStarted: false, breakpoints: [], stoppedThreads: [] });
  });

  it("is stopped with the debugger by terminate", async () => {
    const { id } = await begin("let t2 = 1;\nfor (;;) t2++;", 2);
    await debug.stop();
    await debug.request("terminate", {});
    expect((await client.end(id)).reply.content).toMatchObject({ ename: "KeyboardInterrupt" });
    await debug.event("terminated");
  });

  it("that loses its engine while it is paused leaves a debugger that works, with its breakpoints", async () => {
    const { id } = await begin("process.pid;\nlet lost = 1;", 2);
    await debug.stop();
    const { result } = await debug.evaluate("process.pid");
    process.kill(Number(result), "SIGKILL");
    expect((await client.end(id)).reply.content).toMatchObject({ ename: "EngineEnded" });
    await debug.event("continued");
    const again = await client.execute("process.pid;\nlet lost = 1;");
    expect(await debug.stop()).toMatch(/:2 /);
    await finish(again);
  });
});

describe("a second client", () => {
  it("is told that another one debugs, and may end that", async () => {
    const other = { seq: 1, type: "request", command: "setBreakpoints", arguments: { source: { path: "x" } } };
    const ask = async (command: string) => {
      const message = client.newMessage("debug_request", { ...other, command });
      const { header, ...rest } = message;
      await client.control.send([...client.wire.encode({ ...rest, header: { ...header, session: "another" } }, [])]);
      return (await client.end(header.msg_id)).reply.content;
    };
    for (const command of ["initialize", "setBreakpoints"]) {
      expect(await ask(command)).toMatchObject({
        success: false,
        message: expect.stringContaining("another client debugs"),
      });
    }
    expect(await ask("debugInfo")).toMatchObject({ success: true, body: { isStarted: true } });
    expect(await ask("disconnect")).toMatchObject({ success: true });
    expect(await ask("initialize")).toMatchObject({ success: true });
  });
});
