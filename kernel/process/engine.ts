// Entry point of the engine process: cells run here, on this thread, next to the engine. Wires the pieces together and
// plays one cell at a time; the kernel process tells it what to run, through the supervisor thread.

import { AsyncLocalStorage } from "node:async_hooks";
import { Worker } from "node:worker_threads";
import * as engine from "#engine";
import { nodeDevices } from "../compute/node-devices.ts";
import { createDisplayApi, type DisplaySink, toMimeBundle, tslab } from "../display/index.ts";
import { AbandonedCells } from "../evaluate/abandoned-cells.ts";
import { CellPlayer } from "../evaluate/cell-player.ts";
import { Evaluator } from "../evaluate/evaluator.ts";
import { createImporter } from "../evaluate/importer.ts";
import { LastResult } from "../evaluate/last-result.ts";
import { installModuleHooks } from "../evaluate/module-hooks.ts";
import { OutputPipe } from "../evaluate/output-pipe.ts";
import type { RunningCell } from "../evaluate/running-cell.ts";
import { StopSignal, type SupervisorNotice } from "../evaluate/stop-signal.ts";
import { downloadLines } from "../files/download-lines.ts";
import { nodeFiles } from "../files/node-files.ts";
import { restoreClassNames } from "./class-names.ts";
import { evaluate } from "./evaluate.ts";

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
const devices = nodeDevices({ follower: threads("./follower.js"), gpuThread: threads("./gpu-thread.js") });
engine.configureEngine({ ...files, ...devices, showProgress: downloadLines(sink) });
const { settled, ...display } = createDisplayApi({ readAsset: files.readAsset, sink, evaluate });

const stop = new StopSignal();
const player = new CellPlayer({
  cells,
  output,
  stop,
  evaluator: new Evaluator(),
  abandoned: new AbandonedCells(cells, () => stop.callForTermination()),
  lastResult: new LastResult(),
  toMimeBundle,
  settled,
  recover: engine.recoverFromTermination,
});

// What only the host calls is no part of the library that cells import.
const {
  configureEngine: _configure,
  createCpuBackend: _createCpu,
  createWebGpuBackend: _createWebGpu,
  recoverFromTermination: _recover,
  ...api
} = engine;
const builtIn = { lectern: { ...api, ...display }, tslab: { ...tslab(display) } };
const forgetChanged = installModuleHooks({ builtIn, ownFolder: new URL(".", import.meta.url).href });
const { load, require, meta } = createImporter({ folder: process.cwd(), builtIn, forgetChanged });
// What the compiler puts into cells; then what node's users expect to find.
player.define("$load_", load);
player.define("$importmeta", meta);
player.define("$use_", (value: unknown, isAsync = false) => cells.getStore()?.resources.use(value, isAsync));
player.define("$stop_", stop.memory);
player.define("$halt_", () => {
  for (;;) stop.callForTermination();
});
player.define("require", require);
player.define("__dirname", meta.dirname);
player.define("__filename", meta.filename);

output.capture();
// An error outside of every promise that a cell awaits: said in the output, and the process lives.
process.on("uncaughtException", (error) => console.error("Uncaught", error));

const supervisor = new Worker(new URL("./supervisor.js", import.meta.url), { workerData: stop.memory });
supervisor.on("message", (notice: SupervisorNotice) => player.take(notice));
supervisor.on("online", () => output.send({ type: "ready" }));
