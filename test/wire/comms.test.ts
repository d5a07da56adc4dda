// Comms in both directions, over ZeroMQ, as widgets use them.

import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { JupyterClient, type SendOptions } from "../jupyter-client.ts";

let client: JupyterClient;
beforeAll(async () => {
  client = await JupyterClient.start();
  await client.run('import { comms } from "lectern"');
});
afterAll(() => client[Symbol.dispose]());

const comm = async (type: string, content: object, options: SendOptions = {}) => {
  const id = await client.send("shell", type, content, options);
  await client.status(id, "idle");
  return { id, outputs: client.of(id).filter(({ type }) => type !== "status") };
};
const openComms = async (content: object = {}) =>
  (await client.request("shell", "comm_info_request", content)).reply.content.comms;

it("a front end opens one, speaks, hears, and closes; output has its message as the parent", async () => {
  await client.run(`let closed: unknown;
comms.register("echo", (comm, opening) => {
  console.log("open", opening.data);
  comm.onMessage(({ data, metadata, buffers }) => {
    console.log("got", data);
    comm.send({ data, metadata }, { metadata: { m: 1 }, buffers: buffers.map((b) => b.map((byte) => byte + 1)) });
  });
  comm.onClose(({ data }) => { closed = data; });
});`);
  const comm_id = randomUUID();
  const opened = await comm("comm_open", { comm_id, target_name: "echo", data: { first: 1 } });
  expect(client.printed(opened.id)).toBe("open { first: 1 }\n");
  expect(await openComms()).toEqual({ [comm_id]: { target_name: "echo" } });
  expect(await openComms({ target_name: "other" })).toEqual({});

  const sent = await comm(
    "comm_msg",
    { comm_id, data: "hi" },
    { metadata: { from: "test" }, buffers: [Buffer.from([1, 2]), Buffer.alloc(0)] },
  );
  expect(client.printed(sent.id)).toBe("got hi\n");
  const answer = sent.outputs.find(({ type }) => type === "comm_msg")!;
  expect(answer.content).toEqual({ comm_id, data: { data: "hi", metadata: { from: "test" } } });
  expect(answer.message.metadata).toEqual({ m: 1 });
  expect(answer.message.buffers?.map((b) => [...b])).toEqual([[2, 3], []]);

  await comm("comm_close", { comm_id, data: { why: "done" } });
  expect(await openComms()).toEqual({});
  expect(client.result((await client.run("closed")).id)).toBe("{ why: 'done' }");
});

it("a cell opens one and hears the front end", async () => {
  const { outputs } =
    await client.run(`const own = comms.open("slider", { value: 3 }, { buffers: [new Uint8Array([7])] });
own.onMessage(({ data }) => own.send({ seen: data }));
own.send("more"); undefined`);
  const [, open, more] = outputs;
  const { comm_id } = open!.content;
  expect(open).toMatchObject({ type: "comm_open", content: { target_name: "slider", data: { value: 3 } } });
  expect([...open!.message.buffers![0]!]).toEqual([7]);
  expect(more).toMatchObject({ type: "comm_msg", content: { comm_id, data: "more" } });
  expect(await openComms({ target_name: "slider" })).toEqual({ [comm_id]: { target_name: "slider" } });
  const { outputs: heard } = await comm("comm_msg", { comm_id, data: 5 });
  expect(heard).toMatchObject([{ type: "comm_msg", content: { data: { seen: 5 } } }]);
  const { outputs: closing } = await client.run("own.close(); own.close(); undefined");
  expect(closing.map(({ type }) => type)).toEqual(["execute_input", "comm_close"]);
  const { reply } = await client.run("own.send(1)");
  expect(reply.content.evalue).toContain('comm "slider": is closed');
  expect(await openComms()).toEqual({});
});

it("one with a target that nobody registered is closed at once", async () => {
  const comm_id = randomUUID();
  const { outputs } = await comm("comm_open", { comm_id, target_name: "nobody", data: {} });
  expect(outputs).toMatchObject([{ type: "comm_close", content: { comm_id } }]);
  expect(await openComms()).toEqual({});
});

it("one that is opened behind the cell that registers it finds its target", async () => {
  const cell = await client.execute(
    'await new Promise((r) => setTimeout(r, 100)); comms.register("later", () => console.log("found"))',
  );
  const { id } = await comm("comm_open", { comm_id: randomUUID(), target_name: "later", data: {} });
  await client.end(cell);
  expect(client.printed(id)).toBe("found\n");
});

it("messages are handled while a cell awaits", async () => {
  await client.run('let heard: () => void; comms.register("live", (comm) => comm.onMessage(() => heard()))');
  const comm_id = randomUUID();
  await comm("comm_open", { comm_id, target_name: "live", data: {} });
  const cell = await client.execute('await new Promise<void>((resolve) => { heard = resolve; }); "heard"');
  await client.status(cell, "busy");
  await comm("comm_msg", { comm_id, data: {} });
  await client.end(cell);
  expect(client.result(cell)).toBe("'heard'");
});

it("a listener that throws shows its error under the message, and one that hangs is stopped by an interrupt", async () => {
  await client.run(`comms.register("bad", (comm) => comm.onMessage(({ data }) => {
  if (data === "hang") for (;;) {}
  throw new RangeError("bad message");
}))`);
  const comm_id = randomUUID();
  await comm("comm_open", { comm_id, target_name: "bad", data: {} });
  const { outputs } = await comm("comm_msg", { comm_id, data: "throw" });
  expect(outputs).toMatchObject([{ type: "error", content: { ename: "RangeError", evalue: "bad message" } }]);
  expect(outputs[0]!.content.traceback.join("\n")).toMatch(/Cell \d+, line 3/);
  const id = await client.send("shell", "comm_msg", { comm_id, data: "hang" });
  await client.status(id, "busy");
  await client.send("control", "interrupt_request", {});
  await client.status(id, "idle");
  expect(client.result((await client.run("6 * 7")).id)).toBe("42");
});

it("a message that is none is logged, and not answered with itself", async () => {
  const { id, outputs } = await comm("comm_msg", { comm_id: 5 });
  expect(outputs).toEqual([]);
  expect(client.reply(id)).toBeUndefined();
  expect(client.log).toContain("comm_msg: comm_id: expected string, got 5");
});

it("all are closed when their engine is gone", async () => {
  const { outputs } = await client.run('comms.open("gone"); undefined');
  const { comm_id } = outputs.find(({ type }) => type === "comm_open")!.content;
  await client.run("process.abort()");
  await client.until(() =>
    client.seen.some(({ type, content }) => type === "comm_close" && content.comm_id === comm_id),
  );
  expect(await openComms()).toEqual({});
});
