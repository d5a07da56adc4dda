// What the kernel process is between its transport and its engine processes, wired together.

import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { TYPESCRIPT_VERSION } from "../compile/index.ts";
import { debugRequests } from "../debug/debug-requests.ts";
import { Debugger } from "../debug/debugger.ts";
import { CellSources } from "../debug/places/cell-sources.ts";
import { LanguageThread } from "../language/thread/language-thread.ts";
import { outputLimitMb } from "../output/limit.ts";
import { CellRunner } from "../session/cell-runner.ts";
import { CellTypes, typeErrorsWanted } from "../session/cell-types.ts";
import type { EnginePool } from "../session/engine-pool.ts";
import { ExecutedCells } from "../session/executed-cells.ts";
import { kernelInfo } from "../session/kernel-info.ts";
import { jupyterRequests } from "../session/requests/jupyter-requests.ts";
import { languageRequests } from "../session/requests/language-requests.ts";
import { LiveComms } from "../session/requests/live-comms.ts";
import { Subshells } from "../session/requests/subshells.ts";
import { type Outlet, Session } from "../session/session.ts";
import { Tracebacks } from "../session/traceback.ts";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};
const ownFolder = new URL(".", import.meta.url).href;

export interface KernelParts {
  readonly pool: EnginePool;
  /** The way to the clients. */
  readonly outlet: Outlet;
  /** Over IPC a restart keeps this process; over ZeroMQ the client starts a new one. */
  readonly restartsInPlace: boolean;
  readonly log: (line: string) => void;
}

/** Everything behind the transport, and how it is ended. Throws SettingError. */
export function createKernel({ pool, outlet, restartsInPlace, log }: KernelParts) {
  const limitMb = outputLimitMb(process.env.LECTERN_OUTPUT_LIMIT_MB);
  const language = new LanguageThread({
    script: new URL("./language.js", import.meta.url),
    folder: process.cwd(),
    types: fileURLToPath(new URL("./types", import.meta.url)),
    log,
  });
  pool.untilRoom = () => outlet.untilRoom();
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
    types: new CellTypes(typeErrorsWanted(), language),
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
