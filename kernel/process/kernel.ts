// Entry point of the kernel process. With `--connection-file FILE` it serves Jupyter clients over ZeroMQ, otherwise its parent over
// IPC. It never runs user code: that is the engine process's part. What others wait for comes first: the engine process is started
// and the sockets are bound, then all the rest is loaded.

import "./require-node.ts";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { EnginePool } from "../session/engine-pool.ts";
import { readConnectionFile } from "../transport/connection-file.ts";
import { IpcTransport } from "../transport/ipc.ts";
import { keepCompiledCode } from "./compiled-code.ts";

const parent = process.ppid;
const log = (line: string) => process.stderr.write(`lectern kernel: ${line}\n`);
const enginePath = fileURLToPath(new URL("./engine.js", import.meta.url));

const { "connection-file": connectionFile } = parseArgs({ options: { "connection-file": { type: "string" } } }).values;
if (connectionFile === undefined && !process.send)
  throw new Error("lectern kernel: expected --connection-file FILE, or a parent process with an IPC channel");
const pool = new EnginePool({ nodePath: process.execPath, enginePath, cwd: process.cwd() });
keepCompiledCode();

if (connectionFile === undefined) {
  const transport = new IpcTransport();
  const { createKernel } = await import("./create-kernel.ts");
  const { session, shutDown } = createKernel({ pool, outlet: transport, restartsInPlace: true, log });
  transport.listen((request) => session.take(request), shutDown);
  session.begin();
  endOnSignals(shutDown);
} else {
  const { ZeromqTransport } = await import("../transport/zeromq.ts");
  const transport = new ZeromqTransport(await readConnectionFile(connectionFile), log);
  await transport.bind();
  const { createKernel } = await import("./create-kernel.ts");
  const { session, shutDown } = createKernel({ pool, outlet: transport, restartsInPlace: false, log });
  transport.listen(
    (request) => session.take(request),
    (topic) => session.welcome(topic),
  );
  session.begin();
  endOnSignals(shutDown);
  endWithParent(shutDown);
}

/** Clients interrupt by message; Ctrl-C in a terminal reaches the whole process group and must not end the kernel. */
function endOnSignals(shutDown: () => void): void {
  process.on("SIGINT", () => {});
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, shutDown);
  // A defect of ours costs a message at worst, not somebody's variables.
  process.on("uncaughtException", (error) => log(`unexpected: ${error instanceof Error ? error.stack : error}`));
}

/** A client that dies sends nothing: the kernel is then somebody else's child. */
function endWithParent(shutDown: () => void): void {
  setInterval(() => {
    if (process.ppid !== parent) shutDown();
  }, 1000).unref();
}
