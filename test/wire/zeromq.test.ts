// The kernel over real ZeroMQ sockets, as a Jupyter client opens them; frames are written by hand to send wrong ones too.

import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { Dealer, Request, Subscriber } from "zeromq";
import type { Message } from "#protocol";
import type { ConnectionInfo } from "../../kernel/transport/connection-file.ts";
import { WireFormat } from "../../kernel/transport/wire.ts";
import { kernelPath, nodePath } from "./real-kernel.ts";

const key = randomUUID();
const wire = new WireFormat(key, "hmac-sha256");
const seen: Message[] = [];
const replies: Message[] = [];
let child: ChildProcess;
let info: ConnectionInfo;
let shell: Dealer;
let control: Dealer;
let iopub: Subscriber;

beforeAll(async () => {
  const [shell_port, iopub_port, stdin_port, control_port, hb_port] = (await Promise.all(
    Array.from({ length: 5 }, freePort),
  )) as [number, number, number, number, number];
  const ports = { shell_port, iopub_port, stdin_port, control_port, hb_port };
  info = { transport: "tcp", ip: "127.0.0.1", key, signature_scheme: "hmac-sha256", ...ports };
  const file = join(await mkdtemp(join(tmpdir(), "lectern-zmq-")), "connection.json");
  await writeFile(file, JSON.stringify(info));
  child = spawn(nodePath, [kernelPath, "--connection-file", file], { stdio: ["ignore", "ignore", "pipe"] });
  shell = connect(new Dealer(), shell_port);
  control = connect(new Dealer(), control_port);
  iopub = connect(new Subscriber(), iopub_port);
  iopub.subscribe();
  void collect(shell, replies);
  void collect(control, replies);
  void collect(iopub, seen);
  // A subscriber may join late: ask until it hears the answer.
  const asked = async () => {
    await send(shell, "kernel_info_request", {});
    return seen.length > 0;
  };
  await vi.waitUntil(asked, { timeout: 20_000, interval: 100 });
});

afterAll(() => {
  child.kill("SIGKILL");
  for (const socket of [shell, control, iopub]) socket.close();
});

it("answers the heartbeat while a cell holds the engine", async () => {
  const id = await send(shell, "execute_request", { code: "while (true) {}", silent: false });
  await statusOf(id, "busy");
  const heartbeat = connect(new Request(), info.hb_port);
  await heartbeat.send("ping");
  expect(String((await heartbeat.receive())[0])).toBe("ping");
  heartbeat.close();
  await send(control, "interrupt_request", {});
  await statusOf(id, "idle");
  expect(replyTo(id)?.content).toMatchObject({ status: "error", ename: "KeyboardInterrupt" });
});

it("completes and inspects while a cell holds the engine, in code points", async () => {
  const ran = await send(shell, "execute_request", { code: "const 𝑥learningRate = 0.1", silent: false });
  await statusOf(ran, "idle");
  const busy = await send(shell, "execute_request", { code: "while (true) {}", silent: false });
  await statusOf(busy, "busy");
  const code = 'const s = "😀😀"; 𝑥learn';
  const completion = await send(shell, "complete_request", { code, cursor_pos: [...code].length });
  await statusOf(completion, "idle");
  expect(replyTo(completion)?.content).toMatchObject({
    status: "ok",
    matches: ["𝑥learningRate"],
    cursor_start: 16,
    cursor_end: 22,
    metadata: { _jupyter_types_experimental: [{ start: 16, end: 22, text: "𝑥learningRate", type: "variable" }] },
  });
  const inspection = await send(shell, "inspect_request", { code: "𝑥learningRate", cursor_pos: 3, detail_level: 0 });
  await statusOf(inspection, "idle");
  expect(replyTo(inspection)?.content).toMatchObject({
    status: "ok",
    found: true,
    data: {
      "text/plain": "const 𝑥learningRate: 0.1",
      "text/markdown": "```typescript\nconst 𝑥learningRate: 0.1\n```",
    },
  });
  expect(replyTo(busy)).toBeUndefined();
  await send(control, "interrupt_request", {});
  await statusOf(busy, "idle");
});

it("tells its language and version", async () => {
  const id = await send(control, "kernel_info_request", {});
  await statusOf(id, "idle");
  expect(replyTo(id)?.content).toMatchObject({
    status: "ok",
    implementation: "lectern",
    language_info: { name: "typescript" },
  });
});

it("sends busy first, then input and output, the reply and idle last", async () => {
  const id = await send(shell, "execute_request", { code: "console.log('a'); 1 + 1", silent: false });
  await statusOf(id, "idle");
  const types = seen.filter((message) => parentId(message) === id).map(({ header }) => header.msg_type);
  expect(types).toEqual(["status", "execute_input", "stream", "execute_result", "status"]);
  expect(replyTo(id)?.content).toMatchObject({ status: "ok", user_expressions: {} });
});

it("drops a forged request, runs none of it, and answers the next one", async () => {
  const forger = new WireFormat("another key", "hmac-sha256");
  await shell.send(forger.encode(newMessage("execute_request", { code: "globalThis.forged = 1", silent: false }), []));
  await shell.send(["<IDS|MSG>", "", "{"]);
  await shell.send(["nonsense"]);
  const id = await send(shell, "execute_request", { code: "typeof globalThis.forged", silent: false });
  await statusOf(id, "idle");
  const result = seen.find((message) => parentId(message) === id && message.header.msg_type === "execute_result");
  expect(result?.content).toMatchObject({ data: { "text/plain": "'undefined'" } });
});

it("answers what it does not know with an error, not with silence", async () => {
  const id = await send(shell, "connect_request", {});
  await statusOf(id, "idle");
  expect(replyTo(id)).toMatchObject({ header: { msg_type: "connect_reply" }, content: { status: "error" } });
});

it("answers a content of the wrong type with a sentence that names field and type", async () => {
  const id = await send(shell, "execute_request", { code: 5, silent: false });
  await statusOf(id, "idle");
  const evalue = "execute_request: code: expected string, got 5";
  expect(replyTo(id)?.content).toMatchObject({ status: "error", ename: "InvalidRequest", evalue });
});

it("answers what needs no engine at once, while a cell runs", async () => {
  const cell = await send(shell, "execute_request", { code: "while (true) {}", silent: false });
  await statusOf(cell, "busy");
  const id = await send(shell, "is_complete_request", { code: "for (;;) {" });
  await statusOf(id, "idle");
  expect(replyTo(id)?.content).toMatchObject({ status: "incomplete" });
  expect(replyTo(cell)).toBeUndefined();
  await send(control, "interrupt_request", {});
  await statusOf(cell, "idle");
});

it("says the same on shutdown as it was asked, and goes", async () => {
  const gone = new Promise((resolve) => child.once("exit", resolve));
  const id = await send(control, "shutdown_request", { restart: true });
  await expect.poll(() => replyTo(id)?.content).toEqual({ status: "ok", restart: true });
  expect(await gone).toBe(0);
});

function connect<Socket extends Dealer | Request | Subscriber>(socket: Socket, port: number): Socket {
  socket.linger = 0;
  socket.connect(`tcp://127.0.0.1:${port}`);
  return socket;
}

async function collect(socket: Dealer | Subscriber, into: Message[]): Promise<void> {
  for await (const frames of socket) into.push(wire.decode(frames).message);
}

async function send(socket: Dealer, type: string, content: object): Promise<string> {
  const message = newMessage(type, content);
  await socket.send(wire.encode(message, []));
  return message.header.msg_id;
}

function newMessage(msg_type: string, content: object): Message {
  const date = new Date().toISOString();
  const header = { msg_id: randomUUID(), session: "test", username: "test", date, msg_type, version: "5.3" };
  return { header, parent_header: {}, metadata: {}, content };
}

const parentId = ({ parent_header }: Message) => ("msg_id" in parent_header ? parent_header.msg_id : undefined);
const replyTo = (id: string) => replies.find((message) => parentId(message) === id);

const statusOf = (id: string, state: "busy" | "idle") =>
  expect
    .poll(
      () =>
        seen.some(
          (message) =>
            parentId(message) === id && (message.content as { execution_state?: string }).execution_state === state,
        ),
      { timeout: 20_000 },
    )
    .toBe(true);

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        typeof address === "object" && address ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}
