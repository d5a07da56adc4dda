// The engine process's main thread: wires the pieces together and plays cells. The kernel process tells it what to run, through the
// supervisor thread.

import { AsyncLocalStorage } from "node:async_hooks";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import * as engine from "#engine";
import { configureEngine, recoverFromTermination } from "#engine/host";
import { nodeDevices } from "../compute/node-devices.ts";
import {
  createDisplayApi,
  type DisplaySink,
  describe as describeValue,
  toMimeBundle,
  tslab,
} from "../display/index.ts";
import { CellPlayer } from "../evaluate/cell-player.ts";
import { Comms } from "../evaluate/comms.ts";
import { createDialogs } from "../evaluate/dialogs.ts";
import { CellPlaces } from "../evaluate/errors/cell-places.ts";
import { showOwnFrames } from "../evaluate/errors/stack-frames.ts";
import { reportStrayErrors } from "../evaluate/errors/stray-errors.ts";
import { Evaluator } from "../evaluate/evaluator.ts";
import { createFrontEnd } from "../evaluate/front-end.ts";
import { LastResult } from "../evaluate/last-result.ts";
import type { Mailbox } from "../evaluate/mailbox.ts";
import { createImporter } from "../evaluate/modules/importer.ts";
import { LocalFiles } from "../evaluate/modules/local-files.ts";
import { installModuleHooks } from "../evaluate/modules/module-hooks.ts";
import { OutputPipe } from "../evaluate/output-pipe.ts";
import type { RunningCell } from "../evaluate/running-cell.ts";
import { AbandonedCells } from "../evaluate/stopping/abandoned-cells.ts";
import { stopTimersWithCells } from "../evaluate/stopping/cell-timers.ts";
import { createExit } from "../evaluate/stopping/leave-cell.ts";
import type { StopSignal, SupervisorNotice } from "../evaluate/stopping/stop-signal.ts";
import { downloadLines } from "../files/download-lines.ts";
import { nodeFiles } from "../files/node-files.ts";
import { restoreClassNames } from "./class-names.ts";
import { evaluate } from "./evaluate.ts";

/** What was started before. */
interface EngineParts {
  readonly stop: StopSignal;
  readonly mailbox: Mailbox;
  readonly supervisor: Worker;
}

/** Returns what tells the kernel process that cells may come. */
export function playCells({ stop, mailbox, supervisor }: EngineParts): () => void {
  restoreClassNames(engine);
  const cells = new AsyncLocalStorage<RunningCell>();
  const output = new OutputPipe(cells);
  const sink: DisplaySink = {
    display: (data, { displayId, update = false } = {}) =>
      output.output({
        type: update ? "update_display_data" : "display_data",
        content: { data, metadata: {}, transient: displayId === undefined ? {} : { display_id: displayId } },
      }),
  };
  const files = nodeFiles({ assets: new URL("./assets/", import.meta.url) });
  const threads = (file: string) => new URL(file, import.meta.url);
  const { describe, ...devices } = nodeDevices({
    follower: threads("./follower.js"),
    gpuThread: threads("./gpu-thread.js"),
  });
  configureEngine({ ...files, ...devices, showProgress: downloadLines(sink) });
  const { settled, ...display } = createDisplayApi({ readAsset: files.readAsset, sink, evaluate });

  const comms = new Comms(
    (message, buffers) => output.send({ type: "comm", cell: output.cell, message }, buffers),
    (name, isKnown) => output.send({ type: "comm target", name, isKnown }),
  );
  const places = new CellPlaces();
  const player = new CellPlayer({
    cells,
    output,
    stop,
    comms,
    places,
    evaluator: new Evaluator(places),
    abandoned: new AbandonedCells(cells, () => stop.callForTermination()),
    lastResult: new LastResult(),
    toMimeBundle,
    settled,
    recover: recoverFromTermination,
    device: () => describe(engine.device()),
  });

  const builtIn = {
    lectern: { ...engine, ...display, ...createFrontEnd(output, comms) },
    tslab: { ...tslab(display) },
  };
  const ownFolder = new URL(".", import.meta.url).href;
  const localFiles = new LocalFiles();
  const forgetChanged = installModuleHooks({ files: localFiles, builtIn, ownFolder });
  const { load, require, meta } = createImporter({ folder: process.cwd(), files: localFiles, builtIn, forgetChanged });
  // What the compiler puts into cells; then what node's users expect to find.
  player.define("$load_", load);
  player.define("$importmeta", meta);
  player.define("$module_", (name: string, text: string) => localFiles.define(join(meta.dirname, `${name}.ts`), text));
  player.define("$use_", (value: unknown, isAsync = false) => cells.getStore()?.resources.use(value, isAsync));
  player.define("$stop_", stop.memory);
  player.define("$halt_", () => {
    for (;;) stop.callForTermination();
  });
  // Where decorators leave their metadata; V8 has no such symbol yet.
  Reflect.set(Symbol, "metadata", Reflect.get(Symbol, "metadata") ?? Symbol("Symbol.metadata"));
  player.define("require", require);
  player.define("__dirname", meta.dirname);
  player.define("__filename", meta.filename);
  player.define("$describe_", describeValue); // for the debugger
  const dialogs = createDialogs({ cells, output, mailbox });
  for (const [name, dialog] of Object.entries(dialogs)) player.define(name, dialog);

  output.capture();
  showOwnFrames(ownFolder, places);
  stopTimersWithCells(cells);
  reportStrayErrors({ cells, output });
  process.exit = createExit({ cells, output, stop });

  supervisor.on("message", (notice: SupervisorNotice) => player.take(notice));
  return () => output.send({ type: "ready" });
}
