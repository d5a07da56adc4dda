// complete_request and inspect_request over real ZeroMQ, as consoles and JupyterLab send them; and a warning that comes late.

import { afterAll, beforeAll, expect, it } from "vitest";
import { JupyterClient } from "../jupyter-client.ts";

let client: JupyterClient;
beforeAll(async () => {
  client = await JupyterClient.start();
});
afterAll(() => client[Symbol.dispose]());

const ask = async (type: string, code: string, more: object = {}, cursor_pos = [...code].length) => {
  const { reply } = await client.request("shell", type, { code, cursor_pos, ...more });
  return reply.content as Record<string, unknown> & { data: Record<string, string>; matches: string[] };
};

it("completes and inspects while a cell holds the engine, counting code points", async () => {
  await client.run("const 𝑥learningRate = 0.1");
  const busy = await client.execute("while (true) {}");
  await client.status(busy, "busy");
  expect(await ask("complete_request", 'const s = "😀😀"; 𝑥learn')).toMatchObject({
    status: "ok",
    matches: ["𝑥learningRate"],
    cursor_start: 16,
    cursor_end: 22,
    metadata: { _jupyter_types_experimental: [{ start: 16, end: 22, text: "𝑥learningRate", type: "variable" }] },
  });
  expect(await ask("inspect_request", "𝑥learningRate", { detail_level: 0 }, 3)).toMatchObject({
    status: "ok",
    found: true,
    data: {
      "text/plain": "const 𝑥learningRate: 0.1",
      "text/markdown": "```typescript\nconst 𝑥learningRate: 0.1\n```",
    },
  });
  expect(client.reply(busy)).toBeUndefined();
  await client.send("control", "interrupt_request", {});
  await client.end(busy);
});

it("completes methods of a value of an executed cell, with their signatures", async () => {
  await client.run('import { tensor } from "lectern"; const t = tensor([1, 2])');
  const { matches, metadata, cursor_start } = await ask("complete_request", "t.resh");
  expect({ matches, cursor_start }).toEqual({ matches: ["reshape"], cursor_start: 2 });
  expect(metadata).toMatchObject({
    _jupyter_types_experimental: [{ type: "function", signature: expect.stringMatching(/reshape\(.*\): Tensor/) }],
  });
});

it("knows the type of the last result, which a cell without one or with an error leaves as it was", async () => {
  await client.run('import { tensor } from "lectern"; tensor([1, 2])');
  const matches = async (code: string) => (await ask("complete_request", code)).matches;
  expect(await matches("_.resh")).toEqual(["reshape"]);
  for (const cell of ["const other = 1", "console.log(other)", "[other].at(5)", "throw new Error('x'); 'text'"])
    await client.run(cell);
  expect(await matches("_.resh")).toEqual(["reshape"]);
  expect((await ask("inspect_request", "_")).data["text/plain"]).toMatch(/^let _: Tensor\b/);
  await client.run("await Promise.resolve('text')");
  expect(await matches("_.toUpp")).toEqual(["toUpperCase"]);
});

it("says how to import what the library has and no cell has imported", async () => {
  expect((await ask("complete_request", "meshgri")).matches).toEqual([]);
  const inspected = await ask("inspect_request", "const [x, y] = meshgrid(");
  expect(inspected.data["text/plain"]).toMatch(/^import \{ meshgrid \} from "lectern";\nfunction meshgrid\(/);
  expect((await ask("inspect_request", "({ meshgrid: 1 }).meshgrid // meshgrid")).found).toBe(false);
});

it("inspects with doc comment, and with the source at level 1", async () => {
  await client.run("/** Halves a number. */\nfunction half(x: number) {\n  return x / 2;\n}");
  const brief = await ask("inspect_request", "half(3)", { detail_level: 0 }, 2);
  expect(brief.data["text/plain"]).toBe("function half(x: number): number\n\nHalves a number.");
  const full = await ask("inspect_request", "half(3)", { detail_level: 1 }, 2);
  expect(full.data["text/plain"]).toContain("return x / 2;");
});

it("inspects the function whose arguments are being written", async () => {
  expect((await ask("inspect_request", "half( ")).data["text/plain"]).toContain("function half(x: number)");
});

it("finds nothing where nothing is", async () => {
  expect(await ask("inspect_request", "   ")).toMatchObject({ status: "ok", found: false, data: {} });
  expect(await ask("complete_request", "noSuchThing.")).toMatchObject({ status: "ok", matches: [], cursor_start: 12 });
});

it("offers nothing of before a restart of the engine", async () => {
  await client.run("const keptName = 1");
  expect((await ask("complete_request", "keptNa")).matches).toEqual(["keptName"]);
  await client.run('process.kill(process.pid, "SIGKILL"); await new Promise(() => {})');
  expect((await ask("complete_request", "keptNa")).matches).toEqual([]);
});

it("warns of types under a cell that was over before its check", async () => {
  const { id } = await client.run("const text: string = 1");
  const warning = "line 1: Type 'number' is not assignable to type 'string'.\n";
  const warned = () =>
    client.of(id).some(({ type, content }) => type === "stream" && String(content.text).endsWith(warning));
  await client.until(warned);
});
