// What the debugger shows of values: scopes, tensors, layers, collections, and what one evaluates and changes in them.

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

/** Runs a cell up to the statement `debugger`. */
async function paused(code: string): Promise<string> {
  const id = await debug.execute(code);
  await debug.stop();
  return id;
}

const values = (variables: Record<string, { readonly value: string }>) =>
  Object.fromEntries(Object.entries(variables).map(([name, { value }]) => [name, value]));

describe("variables of a paused cell", () => {
  it("are one line each, whatever they are", async () => {
    await paused(`let text = "a\\nb", count = 3, big = 12n, not = NaN, none = null, missing = undefined, yes = true;
let list = [1, "x", { y: 2 }], record = { a: 1, b: [1, 2], f() {} }, map = new Map([["k", 1]]), set = new Set([1]);
let typed = new Float32Array([1, 2.5]), date = new Date(0), pattern = /x/g, error = new RangeError("no");
let arrow = (x, y) => x, symbol = Symbol("s");
class Net { #hidden = 1; get size() { return 7; } }
let net = new Net();
debugger;`);
    expect(values(await debug.scope("Notebook"))).toMatchObject({
      text: '"a\\nb"',
      count: "3",
      big: "12n",
      not: "NaN",
      none: "null",
      missing: "undefined",
      yes: "true",
      list: '(3) [1, "x", Object]',
      record: "{a: 1, b: Array(2), f: ƒ}",
      map: 'Map(1) {"k" => 1}',
      set: "Set(1) {1}",
      typed: "Float32Array(2) [1, 2.5]",
      date: expect.stringContaining("1970"),
      pattern: "/x/g",
      error: "RangeError: no",
      arrow: "ƒ(x, y)",
      symbol: "Symbol(s)",
      Net: "class Net",
      net: "Net {#hidden: 1}",
    });
  });

  it("are those of the function, of what surrounds it and of the notebook", async () => {
    await paused(`let shared = 1;
const outer = (a) => { const c = 10; return (b) => { const inner = a + b + c; debugger; return inner; }; };
outer(2)(3);`);
    expect(values(await debug.scope("Local"))).toMatchObject({ b: "3", inner: "15" });
    expect(values(await debug.scope("Closure"))).toMatchObject({ a: "2", c: "10" });
    expect(values(await debug.scope("Notebook"))).toMatchObject({ shared: "1" });
    expect(values(await debug.scope("Local", 1))).toEqual({});
  });

  it("open up: objects, maps, private fields, and getters when they are asked", async () => {
    await paused(`class Box { #secret = 5; open = [1]; get double() { return 2 * this.#secret; } }
let box = new Box(), own = { get late() { return 4; } }, keyed = new Map([["k", { deep: true }]]);
debugger;`);
    const scope = await debug.scope("Notebook");
    expect(values(await debug.inside(scope.box!))).toEqual({ open: "(1) [1]", "#secret": "5" });
    const own = await debug.inside(scope.own!);
    expect(own.late).toMatchObject({ value: "(…)", presentationHint: { lazy: true } });
    expect(values(await debug.inside(own.late!))).toEqual({ late: "4" });
    const entries = (await debug.inside(scope.keyed!))["[[Entries]]"]!;
    expect(values(await debug.inside(entries))).toMatchObject({ 0: '{"k" => Object}' });
  });

  it("of a long list come in parts", async () => {
    await paused(
      "let long = new Float64Array(1e6).fill(0.5), many = Array.from({ length: 5000 }, (_, i) => i); debugger;",
    );
    const { long, many } = await debug.scope("Notebook");
    expect(long).toMatchObject({ indexedVariables: 1e6, type: "Float64Array" });
    const part = await debug.inside(many!, { start: 4998, count: 2, filter: "indexed" });
    expect(values(part)).toEqual({ 4998: "4998", 4999: "4999" });
    expect(values(await debug.inside(many!, { filter: "named" }))).toEqual({});
    const all = await debug.inside(long!);
    expect(Object.keys(all)).toHaveLength(1001);
    expect(all["…"]!.value).toBe("999000 more");
  });

  it("are tensors with dtype, shape, first elements and gradient, and rows inside", async () => {
    await paused(`import { nn, tensor, zeros } from "lectern";
let matrix = tensor([[1, 2.5], [3, 4], [5, 6]], { requiresGrad: true }), flags = tensor([true, false]), scalar = tensor(0.1);
let empty = zeros([0, 3]), gone = zeros([2]), layer = new nn.Linear(2, 1), big = zeros([100, 100]);
let model = new nn.Sequential(new nn.Linear(2, 1));
gone.dispose();
matrix.sum().backward();
debugger;`);
    const scope = await debug.scope("Notebook");
    expect(values(scope)).toMatchObject({
      matrix: "float32[3, 2] (1, 2.5, …) with grad",
      flags: "bool[2] (true, false)",
      scalar: "float32[] = 0.1",
      empty: "float32[0, 3] (empty)",
      gone: "float32[2] (disposed)",
      big: "float32[100, 100] (0, 0, 0, 0, 0, 0, …)",
      layer: "Linear(in_features=2, out_features=1, bias=True)",
      model: "Sequential(…)",
    });
    expect(scope.matrix).toMatchObject({ type: "Tensor float32[3, 2]", indexedVariables: 3 });
    const inside = await debug.inside(scope.matrix!);
    expect(values(inside)).toEqual({
      shape: "(2) [3, 2]",
      dtype: '"float32"',
      device: expect.any(String),
      requiresGrad: "true",
      grad: "float32[3, 2] (1, 1, …)",
      0: "float32[2] (1, 2.5)",
      1: "float32[2] (3, 4)",
      2: "float32[2] (5, 6)",
    });
    const row = await debug.inside(inside[1]!, { start: 0, count: 2, filter: "indexed" });
    expect(values(row)).toEqual({ 0: "3", 1: "4" });
  });
});

describe("an expression", () => {
  it("is evaluated in a frame, also typed, and says what it throws", async () => {
    await paused("let g = 1;\n((local) => { debugger; return local; })(4);");
    expect(await debug.evaluate("local + g")).toMatchObject({ result: "5", type: "number" });
    expect((await debug.evaluate("({ local } as { local: number })")).result).toBe("{local: 4}");
    expect((await debug.evaluate("{ a: local }", "repl")).result).toBe("{a: 4}");
    await expect(debug.evaluate("nowhere")).rejects.toThrow("ReferenceError: nowhere is not defined");
    await expect(debug.evaluate("local +")).rejects.toThrow('"local +"');
    await expect(debug.evaluate("(() => { for (;;); })()")).rejects.toThrow("terminated");
    await expect(debug.evaluate("g = 5", "hover")).rejects.toThrow("side-effect");
    expect((await debug.evaluate("g")).result).toBe("1");
  });

  it("is evaluated in the notebook while nothing is paused, and may declare", async () => {
    await client.run("let here = 20;");
    expect((await debug.request("evaluate", { expression: "here + 1", context: "repl" })).result).toBe("21");
    await debug.request("evaluate", { expression: "let typed = here * 2", context: "repl" });
    const { id } = await client.run("typed");
    expect(client.result(id)).toBe("40");
  });

  it("gives variables another value: local, of the notebook, in an object and in a list", async () => {
    const id = await paused(
      "let top = 1, box = { n: 1 }, list = [1];\n((x) => { debugger; return [x, top, box.n, list[0]].join(); })(1);",
    );
    const [local, notebook] = [
      await debug.request("scopes", { frameId: (await debug.stack())[0]!.id }),
      await debug.scope("Notebook"),
    ];
    const set = (variablesReference: number, name: string, value: string) =>
      debug.request("setVariable", { variablesReference, name, value });
    const [{ variablesReference: locals }] = local.scopes;
    const global = local.scopes.find(({ name }: { name: string }) => name === "Notebook").variablesReference;
    expect(await set(locals, "x", "top + 1 as number")).toMatchObject({ value: "2" });
    expect(await set(global, "top", "3")).toMatchObject({ value: "3" });
    expect(await set(notebook.box!.variablesReference, "n", "4")).toMatchObject({ value: "4" });
    expect(await set(notebook.list!.variablesReference, "0", "5")).toMatchObject({ value: "5" });
    await debug.resume();
    await client.end(id);
    expect(client.result(id)).toBe("'2,3,4,5'");
  });

  it("of a frame that has gone on is refused with a sentence", async () => {
    const id = await paused("debugger;");
    const [frame] = await debug.stack();
    await debug.resume();
    await client.end(id);
    await expect(debug.request("scopes", { frameId: frame!.id })).rejects.toThrow("the cell has gone on since");
  });
});

describe("what JupyterLab asks for", () => {
  it("is answered without a started debugger: variables, what is in them, and how they look", async () => {
    await debug.request("disconnect", {});
    await client.run('import { tensor } from "lectern";\nlet t = tensor([[1, 2], [3, 4]]), n = 5, fn = () => 1;');
    const { variables } = await debug.request("inspectVariables");
    const byName = Object.fromEntries(variables.map((variable: { name: string }) => [variable.name, variable]));
    expect(values(byName)).toMatchObject({ t: "float32[2, 2] (1, 2, …)", n: "5" });
    const order = Object.keys(byName);
    expect(order.indexOf("n")).toBeLessThan(order.indexOf("fn"));
    expect(values(await debug.inside(byName.t))).toMatchObject({ 0: "float32[2] (1, 2)" });
    const rich = await debug.request("richInspectVariables", { variableName: "t" });
    expect(rich).toEqual({ data: { "text/plain": expect.stringContaining("tensor([[1., 2.]") }, metadata: {} });
    expect((await debug.request("richInspectVariables", { variableName: "n" })).data).toEqual({ "text/plain": "5" });
    expect(await debug.request("richInspectVariables", { variableName: "special variables" })).toMatchObject({
      data: {},
    });
  });

  it("gives a figure with its picture, and while paused as text", async () => {
    await client.run('import { viz } from "lectern";\nlet figure = viz.lines({ series: { y: [1, 2, 3] } });');
    const { data } = await debug.request("richInspectVariables", { variableName: "figure" });
    expect(Object.keys(data)).toEqual(
      expect.arrayContaining(["application/vnd.plotly.v1+json", "image/png", "text/plain"]),
    );
    await paused("((local) => { debugger; })(figure);");
    const frameId = (await debug.stack())[0]!.id;
    const pausedData = (await debug.request("richInspectVariables", { variableName: "local", frameId })).data;
    expect(pausedData["text/plain"]).toEqual(expect.any(String));
    const unknown = debug.request("richInspectVariables", { variableName: "nowhere", frameId });
    await expect(unknown).rejects.toThrow("ReferenceError: nowhere is not defined");
  });

  it("finds the variables of a cell that runs, too", async () => {
    const id = await client.execute("let running = 1; for (;;) Math.abs(running++);");
    await client.until(() => client.of(id).some(({ type }) => type === "execute_input"));
    const names = async () =>
      (await debug.request("inspectVariables")).variables.map(({ name }: { name: string }) => name);
    await expect.poll(names).toContain("running");
    await client.request("control", "interrupt_request", {});
    await client.end(id);
  });

  it("makes a local a variable of the notebook", async () => {
    const id = await paused("((inner) => { debugger; })({ kept: 1 });");
    const srcFrameId = (await debug.stack())[0]!.id;
    await debug.request("copyToGlobals", { srcVariableName: "inner", dstVariableName: "copied", srcFrameId });
    expect((await debug.evaluate("copied.kept")).result).toBe("1");
    await debug.resume();
    await client.end(id);
    await client.run("const copied = 'declared again';");
    const { id: after } = await client.run("copied");
    expect(client.result(after)).toBe("'declared again'");
  });

  it("is told how paths are made and what is set", async () => {
    const { sourcePath } = await debug.request("dumpCell", { code: "let π = 'é';" });
    const { set } = await debug.setBreakpoints("let π = 'é';", 1);
    const info = await debug.request("debugInfo");
    expect(info).toMatchObject({
      isStarted: true,
      hashMethod: "Murmur2",
      tmpFileSuffix: ".ts",
      richRendering: true,
      copyToGlobals: true,
    });
    expect(sourcePath).toMatch(new RegExp(`^${info.tmpFilePrefix}\\d+${info.tmpFileSuffix}$`));
    expect(info.breakpoints).toEqual([{ source: sourcePath, breakpoints: [{ line: set[0]!.line }] }]);
    expect((await debug.request("source", { source: { path: sourcePath } })).content).toBe("let π = 'é';");
    await expect(debug.request("source", { source: { path: "/etc/passwd" } })).rejects.toThrow(
      "neither a cell nor a file",
    );
  });

  it("hears of the debugger in kernel_info", async () => {
    const { reply } = await client.request("control", "kernel_info_request", {});
    expect(reply.content).toMatchObject({ debugger: true, supported_features: expect.arrayContaining(["debugger"]) });
  });
});
