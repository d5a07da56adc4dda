// Entry point of the kernel process. With `--connection-file FILE` it serves Jupyter clients over ZeroMQ, otherwise its
// parent over IPC. It never runs user code: that is the engine process's part.

import "./require-node.ts";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { TYPESCRIPT_VERSION } from "../compile/index.ts";
import { debugRequests } from "../debug/debug-requests.ts";
import { Debugger } from "../debug/debugger.ts";
import { CellSources } from "../debug/places/cell-sources.ts";
import { LanguageThread } from "../language/thread/language-thread.ts";
import { outputLimitMb } from "../output/limit.ts";
import { CellRunner } from "../session/cell-runner.ts";
import { CellTypes, typeErrorsWanted } from "../session/cell-types.ts";
import { EnginePool } from "../session/engine-pool.ts";
import { EngineProcess } from "../session/engine-process.ts";
import { ExecutedCells } from "../session/executed-cells.ts";
import { kernelInfo } from "../session/kernel-info.ts";
import { jupyterRequests } from "../session/requests/jupyter-requests.ts";
import { languageRequests } from "../session/requests/language-requests.ts";
import { LiveComms } from "../session/requests/live-comms.ts";
import { Subshells } from "../session/requests/subshells.ts";
import { type Outlet, Session } from "../session/session.ts";
import { Tracebacks } from "../session/traceback.ts";
import { readConnectionFile } from "../transport/connection-file.ts";
import { IpcTransport } from "../transport/ipc.ts";

const log = (line: string) => process.stderr.write(`lectern kernel: ${line}\n`);

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};
const ownFolder = new URL(".", import.meta.url).href;
const enginePath = fileURLToPath(new URL("./engine.js", import.meta.url));
const limitMb = outputLimitMb(process.env.LECTERN_OUTPUT_LIMIT_MB);

const typeErrors = typeErrorsWanted();
const language = new LanguageThread({
  script: new URL("./language.js", import.meta.url),
  folder: process.cwd(),
  types: fileURLToPath(new URL("./types", import.meta.url)),
  log,
});

/** Everything behind the transport, and how it is ended. */
function createKernel(outlet: Outlet, restartsInPlace: boolean) {
  const untilRoom = () => outlet.untilRoom();
  const engine = { nodePath: process.execPath, enginePath, cwd: process.cwd(), untilRoom };
  const pool = new EnginePool(() => new EngineProcess(engine));
  const shutDown = () => {
    pool[Symbol.dispose]();
    process.exit(0);
  };
  const comms = new LiveComms();
  const subshells = new Subshells();
  const debug = new Debugger({
    cells: new CellSources(join(tmpdir(), `lectern_${process.pid}`) + sep),
    ownFolder,
    inspector: () => pool.current.inspector,
    interrupt: () => runner.interrupt(),
    log,
  });
  const runner = new CellRunner({
    pool,
    tracebacks: new Tracebacks(ownFolder),
    debugger: debug,
    types: new CellTypes(typeErrors, language),
    onFreshEngine: () => {
      debug.engineReplaced();
      for (const comm_id of comms.clear()) session.announce("comm_close", { comm_id, data: {} });
    },
  });
  const jupyter = jupyterRequests({
    runner,
    comms,
    subshells,
    cells: new ExecutedCells(),
    info: kernelInfo(version, TYPESCRIPT_VERSION),
    outputLimitMb: limitMb,
    flush: () => outlet.flush(),
    restartsInPlace,
    onShutdown: async () => {
      await outlet.flush();
      shutDown();
    },
  });
  const session = new Session({
    outlet,
    log,
    subshells,
    requests: { ...jupyter, ...languageRequests(language), ...debugRequests(debug) },
  });
  return { session, shutDown };
}

const { "connection-file": connectionFile } = parseArgs({ options: { "connection-file": { type: "string" } } }).values;
if (connectionFile === undefined) {
  if (!process.send)
    throw new Error("lectern kernel: expected --connection-file FILE, or a parent process with an IPC channel");
  const transport = new IpcTransport();
  const { session, shutDown } = createKernel(transport, true);
  transport.listen((request) => session.take(request), shutDown);
  endOnSignals(shutDown);
} else {
  const { ZeromqTransport } = await import("../transport/zeromq.ts");
  const transport = new ZeromqTransport(await readConnectionFile(connectionFile), log);
  await transport.bind();
  const { session, shutDown } = createKernel(transport, false);
  const welcome = (subscription: string) => transport.publish(session.welcome(subscription), subscription);
  transport.listen((request) => session.take(request), welcome);
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
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) shutDown();
  }, 1000).unref();
}
