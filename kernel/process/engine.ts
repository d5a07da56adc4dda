// Entry point of the engine process: cells run here, on this thread, next to the engine. The supervisor thread is started before
// anything else is loaded, so that both load side by side.

import { Worker } from "node:worker_threads";
import { Mailbox } from "../evaluate/mailbox.ts";
import { StopSignal } from "../evaluate/stopping/stop-signal.ts";
import { keepCompiledCode } from "./compiled-code.ts";
import type { SupervisorData } from "./supervisor.ts";

const stop = new StopSignal();
const mailbox = new Mailbox();
const workerData: SupervisorData = { memory: stop.memory, mailbox: mailbox.slot };
const transferList = [mailbox.slot.port];
const supervisor = new Worker(new URL("./supervisor.js", import.meta.url), { workerData, transferList });
const online = new Promise((resolve) => supervisor.once("online", resolve));
keepCompiledCode();
const { playCells } = await import("./play-cells.ts");
const onReady = playCells({ stop, mailbox, supervisor });
void online.then(onReady);
