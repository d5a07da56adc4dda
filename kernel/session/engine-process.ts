// The engine process as the kernel sees it: spawned, told what to do and what to stop, listened to, ended. One object per
// process; when the process is gone the object is done, and whoever used it takes another (see EnginePool).

import { type ChildProcess, spawn } from "node:child_process";
import type { Duplex, Readable } from "node:stream";
import { Inspector } from "../debug/v8/inspector.ts";
import { encodeFrame, FrameReader } from "../transport/frames.ts";
import {
  type CellOutcome,
  CONTROL_FD,
  type EngineCommand,
  type EngineEvent,
  type EngineTask,
  OUTPUT_FD,
  type SupervisorEvent,
} from "./engine-messages.ts";
import { PlainOutput } from "./plain-output.ts";
import { type EngineListener, TaskListeners } from "./task-listeners.ts";

export interface EngineOptions {
  readonly nodePath: string;
  /** Path of the bundled engine process, `dist/engine.js`. */
  readonly enginePath: string;
  readonly cwd: string;
  /** Resolves when the clients have taken what was sent, undefined while they keep up: until then the engine's output waits. */
  readonly untilRoom?: () => Promise<void> | undefined;
}

/** Flags of the engine process: `import.meta.resolve(specifier, parent)` resolves imports from the notebook's folder. */
export const NODE_FLAGS = [
  "--experimental-import-meta-resolve",
  "--no-warnings=ExperimentalWarning",
  "--stack-trace-limit=30",
  // A terminated timer leaves an entry on the stack of asynchronous ids: harmless, but with checks on node ends the process over it.
  "--no-force-async-hooks-checks",
];

/** Said by node whenever a process with an inspector session ends. */
const FAREWELL = "Waiting for the debugger to disconnect...\n";

export type EngineEnd = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

export interface PlayOptions {
  readonly buffers?: readonly Uint8Array[];
  /** The task is sent when this resolves; it never rejects. */
  readonly prepared?: Promise<void>;
}

interface RunningTask {
  readonly finish: (outcome: CellOutcome) => void;
  readonly fail: (end: EngineEnd) => void;
  /** Until then an interrupt is answered here. */
  isSent: boolean;
}

/** The engine process ended while a task was under way in it. */
export class EngineEndedError extends Error {
  override readonly name = "EngineEndedError";
  readonly end: EngineEnd;

  constructor(end: EngineEnd) {
    super(`the engine process ended (${end.signal ?? `exit code ${end.code}`})`);
    this.end = end;
  }
}

export class EngineProcess {
  readonly ready: Promise<void>;
  readonly ended: Promise<EngineEnd>;
  /** Names of the comm targets that cells have registered. */
  readonly commTargets = new Set<string>();
  /** For the debugger. */
  readonly inspector = new Inspector((command) => this.#send(command));
  /** Where new tensors live, in words, as the last cell left it. */
  device: string | undefined;
  readonly #child: ChildProcess;
  readonly #control: Duplex;
  readonly #untilRoom: () => Promise<void> | undefined;
  readonly #running = new Map<number, RunningTask>();
  readonly #listeners = new TaskListeners();
  #ended = false;

  constructor({ nodePath, enginePath, cwd, untilRoom = () => undefined }: EngineOptions) {
    this.#untilRoom = untilRoom;
    const stdio = ["ignore", "pipe", "pipe", "pipe", "pipe"] as const;
    // Detached: it leads a process group of its own, so that children of cells can be ended with it.
    this.#child = spawn(nodePath, [...NODE_FLAGS, enginePath], { cwd, stdio: [...stdio], detached: true });
    this.#control = this.#child.stdio[CONTROL_FD] as Duplex;
    this.#control.on("error", () => {}); // the process is gone; `ended` tells
    this.ended = new Promise((resolve) => {
      this.#child.once("error", () => resolve({ code: null, signal: null }));
      this.#child.once("close", (code, signal) => resolve({ code, signal }));
    });
    void this.ended.then((end) => {
      this.#ended = true;
      this.inspector.end();
      for (const stream of Object.values(this.#plain)) stream.end();
      for (const { fail } of this.#running.values()) fail(end);
    });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.ready = promise;
    this.ready.catch(() => {});
    void this.ended.then((end) => reject(new EngineEndedError(end)));
    this.#listen(resolve);
  }

  /** The numbers of the tasks that are under way. */
  get running(): readonly number[] {
    return [...this.#running.keys()];
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  /** Rejects with {@link EngineEndedError} when the process ends under the task. `listener` also hears what comes after the end. */
  async play(
    cell: number,
    task: EngineTask,
    listener: EngineListener,
    { buffers = [], prepared = Promise.resolve() }: PlayOptions = {},
  ): Promise<CellOutcome> {
    const { promise, resolve, reject } = Promise.withResolvers<CellOutcome>();
    const running: RunningTask = { finish: resolve, fail: (end) => reject(new EngineEndedError(end)), isSent: false };
    this.#running.set(cell, running);
    this.#listeners.begin(cell, listener);
    promise.catch(() => {}); // awaited below, perhaps after it has failed
    try {
      await Promise.race([Promise.all([this.ready, prepared]), promise]);
      if (!this.#running.has(cell)) return await promise; // interrupted before it was sent
      const printed = [this.#plain.stdout.untilEndOf(cell), this.#plain.stderr.untilEndOf(cell)];
      running.isSent = true;
      this.#send({ ...task, cell }, buffers);
      const outcome = await promise;
      await Promise.all(printed);
      return outcome;
    } finally {
      this.#running.delete(cell);
      this.#listeners.end(cell);
    }
  }

  /**
   * Asks everything that is under way to stop; it ends with `interrupted`. Also what a timer of an ended cell does, if it holds the
   * engine. `number` is larger than that of every task so far.
   */
  interrupt(number: number): void {
    for (const [cell, { isSent, finish }] of this.#running) {
      if (isSent) continue;
      this.#running.delete(cell);
      finish({ status: "interrupted" });
    }
    this.#send({ type: "interrupt", cell: number });
  }

  /** Ends the process and the children that its cells have started. */
  kill(): void {
    const { pid } = this.#child;
    if (pid === undefined || this.#child.exitCode !== null) return;
    try {
      process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
    } catch {
      // gone in the meantime
    }
  }

  readonly #plain = {
    stdout: new PlainOutput((text) => this.#print("stdout", text)),
    stderr: new PlainOutput((text) => this.#print("stderr", text.replace(FAREWELL, ""))),
  };

  /** What native code and children write does not say which cell it belongs to: the one that began last. */
  #print(name: "stdout" | "stderr", text: string): void {
    if (text !== "") this.#listeners.latest?.output({ type: "stream", content: { name, text } });
  }

  #listen(onReady: () => void): void {
    const events = new FrameReader<EngineEvent>((event, buffers) => {
      if (event.type === "ready") onReady();
      else this.#take(event, buffers);
    });
    const answers = new FrameReader<SupervisorEvent>((event) => this.inspector.take(event));
    this.#control.on("data", (chunk: Buffer) => answers.push(chunk));
    const [output, stdout, stderr] = [
      this.#child.stdio[OUTPUT_FD] as Readable,
      this.#child.stdout!,
      this.#child.stderr!,
    ];
    output.on("data", (chunk: Buffer) => events.push(chunk));
    stdout.setEncoding("utf8").on("data", (text: string) => this.#plain.stdout.push(text));
    stderr.setEncoding("utf8").on("data", (text: string) => this.#plain.stderr.push(text));
    for (const stream of [output, stdout, stderr]) stream.on("data", () => this.#waitForRoom(stream));
  }

  #take(event: Exclude<EngineEvent, { type: "ready" }>, buffers: readonly Uint8Array[]): void {
    switch (event.type) {
      case "output":
        this.#listeners.of(event.cell)?.output(event.output);
        break;
      case "stray error":
        this.#listeners.of(event.cell)?.strayError(event.what, event.error);
        break;
      case "leave":
        this.#send({ type: "interrupt", cell: event.cell });
        break;
      case "comm":
        this.#listeners.of(event.cell)?.comm(event.message, buffers);
        break;
      case "page":
        this.#listeners.of(event.cell)?.page(event.data);
        break;
      case "comm target":
        if (event.isKnown) this.commTargets.add(event.name);
        else this.commTargets.delete(event.name);
        break;
      case "question": {
        const { cell, question, ...asked } = event;
        const answer = this.#listeners.of(cell)?.ask(asked) ?? Promise.resolve({ problem: "nobody listens any more" });
        void answer.then((answer) => this.#send({ type: "answer", question, answer }));
        break;
      }
      case "done":
        this.device = event.device;
        this.#running.get(event.cell)?.finish(event.outcome);
    }
  }

  /** A client that reads slowly slows the cell down, instead of filling the kernel's memory. */
  #waitForRoom(stream: Readable): void {
    const room = this.#untilRoom();
    if (!room || stream.isPaused()) return;
    stream.pause();
    void room.then(() => stream.resume());
  }

  #send(command: EngineCommand, buffers: readonly Uint8Array[] = []): void {
    this.#control.write(encodeFrame(command, buffers));
  }
}
