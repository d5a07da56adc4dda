// Entry point of the engine process's second thread. It owns the control pipe, so commands arrive even while a cell
// holds the main thread: cells are handed over, an `interrupt` stops them and keeps the state, an `answer` reaches the cell that waits
// for it, calls of the debugger reach V8. When the pipe closes the kernel is gone, and so is this process with all its children.

import inspector from "node:inspector";
import { Socket } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { InspectedThread } from "../debug/v8/inspected-thread.ts";
import { type MailboxSlot, post } from "../evaluate/mailbox.ts";
import { StopSignal, type SupervisorNotice } from "../evaluate/stopping/stop-signal.ts";
import { CONTROL_FD, type EngineCommand } from "../session/engine-messages.ts";
import { encodeFrame, FrameReader } from "../transport/frames.ts";

/** What the engine process's main thread hands over. */
export interface SupervisorData {
  readonly memory: StopSignal["memory"];
  readonly mailbox: MailboxSlot;
}

if (!parentPort) throw new Error("supervisor: runs as a worker of the engine process");
const main = parentPort;
const { memory, mailbox } = workerData as SupervisorData;
const stop = new StopSignal(memory);
const tell = (notice: SupervisorNotice) => main.postMessage(notice);

/** How long a main thread that is not stuck may take to notice an interrupt. */
const NOTICE_MS = 40;

const session = new inspector.Session();
session.connectToMainThread();

const control = new Socket({ fd: CONTROL_FD, readable: true, writable: true });
const inspected = new InspectedThread(session, (event) => control.write(encodeFrame(event)));

let terminating = 0;
const terminate = () => {
  terminating++;
  session.post("Runtime.terminateExecution", () => terminating--);
};

async function interrupt(cell: number): Promise<void> {
  stop.stopping = true;
  tell({ type: "interrupt", cell });
  inspected.forbidPauses();
  let isForced = false;
  while (!(await stop.acknowledged(cell, NOTICE_MS))) {
    isForced = true;
    terminate();
    // A termination that comes when nothing runs hits the next JavaScript, which may be the one that takes this notice: the notice
    // is lost then. So it is sent again, behind one that may be lost.
    tell({ type: "nothing" });
    tell({ type: "interrupt", cell });
  }
  // A termination that found nothing to stop waits for the next JavaScript to run: let it hit this, and not the report.
  while (terminating > 0) {
    tell({ type: "nothing" });
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  inspected.allowPauses();
  stop.stopping = false;
  tell({ type: "stopped", cell, isForced });
}

/** What comes behind an interrupt waits for its end: a termination that is still under way would hit it. */
let settled: Promise<void> = Promise.resolve();
const reader = new FrameReader<EngineCommand>((command, buffers) => {
  if (command.type === "answer") post(mailbox, command);
  else if (command.type === "inspect") inspected.take(command);
  else if (command.type === "interrupt") settled = settled.then(() => interrupt(command.cell));
  else void settled.then(() => tell(command.type === "comm" ? { ...command, buffers } : command));
});
control.on("data", (chunk) => reader.push(chunk));
control.on("close", () => {
  // The engine process leads its own process group: this ends its children, and itself.
  process.kill(process.platform === "win32" ? process.pid : -process.pid, "SIGKILL");
});
void stop.onCall(terminate);
