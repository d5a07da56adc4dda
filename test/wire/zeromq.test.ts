// The kernel over real ZeroMQ sockets, as a Jupyter client opens them: the life of a request on five sockets, and what is sent by those
// who have no key or no manners.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Dealer, Request, Subscriber } from "zeromq";
import { WireFormat } from "../../kernel/transport/wire.ts";
import { JupyterClient } from "../jupyter-client.ts";

let client: JupyterClient;
beforeAll(async () => {
  client = await JupyterClient.start();
});
afterAll(() => client[Symbol.dispose]());

const endpoint = (port: number) => `tcp://127.0.0.1:${port}`;

it("answers the heartbeat while a cell holds the engine", async () => {
  const id = await client.execute("while (true) {}");
  await client.status(id, "busy");
  const heartbeat = new Request({ linger: 0 });
  heartbeat.connect(endpoint(client.info.hb_port));
  await heartbeat.send("ping");
  expect(String((await heartbeat.receive())[0])).toBe("ping");
  heartbeat.close();
  await client.send("control", "interrupt_request", {});
  const { reply } = await client.end(id);
  expect(reply.content).toMatchObject({ status: "error", ename: "KeyboardInterrupt" });
});

it.each(["shell", "control"] as const)("tells its language, version and features on %s", async (channel) => {
  const { reply } = await client.request(channel, "kernel_info_request", {});
  expect(reply.content).toMatchObject({
    status: "ok",
    protocol_version: "5.5",
    implementation: "lectern",
    language_info: { name: "typescript", file_extension: ".ts" },
    supported_features: expect.arrayContaining(["kernel subshells"]),
  });
});

it("sends busy first, then input and output, the reply and idle last", async () => {
  const { id, reply } = await client.run("console.log('a'); 1 + 1");
  const types = client.of(id).map(({ type }) => type);
  expect(types).toEqual(["status", "execute_input", "stream", "execute_result", "status"]);
  expect(reply.content).toMatchObject({ status: "ok", user_expressions: {}, payload: [] });
});

it("answers what needs no engine at once, and says again that the cell is busy", async () => {
  const cell = await client.execute("while (true) {}");
  await client.status(cell, "busy");
  const { reply } = await client.request("shell", "is_complete_request", { code: "for (;;) {" });
  expect(reply.content).toMatchObject({ status: "incomplete" });
  expect(client.reply(cell)).toBeUndefined();
  await client.until(
    () => client.seen.at(-1)?.parent === cell && client.seen.at(-1)?.content.execution_state === "busy",
  );
  await client.send("control", "interrupt_request", {});
  await client.end(cell);
});

it("interrupts a cell that was sent a moment ago, also before the engine is up", async () => {
  using fresh = await JupyterClient.start();
  const started = performance.now();
  const id = await fresh.execute("while (true) {}");
  await fresh.send("control", "interrupt_request", {});
  const { reply } = await fresh.end(id);
  expect(reply.content).toMatchObject({
    ename: "KeyboardInterrupt",
    evalue: expect.stringContaining("variables are kept"),
  });
  expect(performance.now() - started).toBeLessThan(8000);
});

it("welcomes a new subscriber with its topic, and said once that it starts", async () => {
  const late = new Subscriber({ linger: 0 });
  late.connect(endpoint(client.info.iopub_port));
  late.subscribe("kernel.special");
  const [topic, ...frames] = await late.receive();
  expect(String(topic)).toBe("kernel.special");
  const { message } = new WireFormat(client.info.key, "hmac-sha256").decode(frames);
  expect(message).toMatchObject({
    header: { msg_type: "iopub_welcome" },
    parent_header: {},
    content: { subscription: "kernel.special" },
  });
  late.close();
  await client.run("1");
  expect(client.seen.filter(({ content }) => content.execution_state === "starting").length).toBeLessThanOrEqual(1);
});

describe("what is forged or malformed", () => {
  it.each(["shell", "control", "stdin"] as const)(
    "is dropped on %s, and the next request is answered",
    async (channel) => {
      const forger = new WireFormat("another key", "hmac-sha256");
      const forged = client.newMessage("execute_request", { code: "globalThis.forged = 1", silent: false });
      const peer = new Dealer({ linger: 500 });
      peer.connect(endpoint(client.info[`${channel}_port`]));
      await peer.send([...forger.encode(forged, [])]);
      await peer.send(["<IDS|MSG>", "", "{"]);
      await peer.send(["nonsense"]);
      await peer.send(Array.from({ length: 20_000 }, () => "x"));
      await peer.send([...client.wire.encode({ ...forged, header: { ...forged.header, msg_id: 5 as never } }, [])]);
      await client.until(() => client.log.split(`${channel}: dropped a message`).length >= 6);
      peer.close();
      const { id } = await client.run("typeof globalThis.forged");
      expect(client.result(id)).toBe("'undefined'");
    },
  );

  it("is not run a second time when it was recorded", async () => {
    await client.run("globalThis.times = 0");
    const message = client.newMessage("execute_request", { code: "globalThis.times++", silent: false });
    const frames = [...client.wire.encode(message, [])];
    await client.shell.send(frames);
    await client.end(message.header.msg_id);
    await client.shell.send(frames);
    const { id } = await client.run("globalThis.times");
    expect(client.result(id)).toBe("1");
  });

  it.each([
    ["execute_request", { code: 5, silent: false }, "execute_request: code: expected string, got 5"],
    ["execute_request", {}, 'execute_request: code: expected "code", got undefined'],
    [
      "execute_request",
      { code: "1", user_expressions: { a: 1 } },
      "execute_request: user_expressions.a: expected string, got 1",
    ],
    ["is_complete_request", { code: null }, "is_complete_request: code: expected string, got null"],
    [
      "history_request",
      { hist_access_type: "all" },
      /history_request: hist_access_type: expected .*"tail".*, got "all"/,
    ],
    ["shutdown_request", { restart: "yes" }, 'shutdown_request: restart: expected boolean, got "yes"'],
  ])("content of %s is answered with a sentence", async (type, content, evalue) => {
    const { reply } = await client.request("shell", type, content);
    expect(reply.content).toMatchObject({ status: "error", ename: "InvalidRequest" });
    expect(reply.content.evalue).toMatch(evalue);
  });

  it("type is answered where it is a request, and logged where it is none", async () => {
    const { reply } = await client.request("shell", "connect_request", {});
    expect(reply).toMatchObject({ type: "connect_reply", content: { status: "error", ename: "NotSupported" } });
    await client.send("shell", "toString", {});
    await client.until(() => client.log.includes('no handler for "toString"'));
  });
});

it.each(["control", "shell"] as const)("says the same on shutdown by %s as it was asked, and goes", async (channel) => {
  using own = await JupyterClient.start();
  const gone = new Promise((resolve) => own.kernel.once("exit", resolve));
  const id = await own.send(channel, "shutdown_request", { restart: true });
  await expect.poll(() => own.reply(id)?.content).toEqual({ status: "ok", restart: true });
  expect(await gone).toBe(0);
});
