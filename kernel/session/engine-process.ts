// The engine process as the kernel sees it: spawned, told to run or to stop a cell, listened to, ended. One object per
// process; when the process is gone the object is done, and whoever used it takes another (see EnginePool).

import { type ChildProcess, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import type { CellOutput } from "#protocol";
import { encodeFrame, FrameReader } from "../transport/frames.ts";
import {
  type CellOutcome,
  type CellScripts,
  CONTROL_FD,
  type EngineCommand,
  type EngineEvent,
  OUTPUT_FD,
} from "./engine-messages.ts";
import { PlainOutput } from "./plain-output.ts";

export interface EngineOptions {
  readonly nodePath: string;
  /** Path of the bundled engine process, `dist/engine.js`. */
  readonly enginePath: string;
  readonly cwd: string;
}

/** Flags of the engine process: `import.meta.resolve(specifier, parent)` resolves imports from the notebook's folder. */
export const NODE_FLAGS = [
  "--experimental-import-meta-resolve",
  "--no-warnings=ExperimentalWarning",
  "--stack-trace-limit=30",
];

/** Said by node whenever a process with an inspector session ends. */
const FAREWELL = "Waiting for the debugger to disconnect...\n";

export type EngineEnd = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

interface RunningCell {
  readonly cell: number;
  readonly onOutput: (output: CellOutput) => void;
  readonly finish: (outcome: CellOutcome) => void;
  readonly fail: (end: EngineEnd) => void;
}

/** The engine process ended while a cell was running in it. */
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
  readonly #child: ChildProcess;
  readonly #control: Writable;
  #ended = false;
  #running: RunningCell | undefined;
  /** Receives what is printed while no cell runs: timers, promises left behind. */
  onLateOutput: (output: CellOutput) => void = () => {};

  constructor({ nodePath, enginePath, cwd }: EngineOptions) {
    const stdio = ["ignore", "pipe", "pipe", "pipe", "pipe"] as const;
    // Detached: it leads a process group of its own, so that children of cells can be ended with it.
    this.#child = spawn(nodePath, [...NODE_FLAGS, enginePath], { cwd, stdio: [...stdio], detached: true });
    this.#control = this.#child.stdio[CONTROL_FD] as Writable;
    this.#control.on("error", () => {}); // the process is gone; `ended` tells
    this.ended = new Promise((resolve) => {
      this.#child.once("error", () => resolve({ code: null, signal: null }));
      this.#child.once("close", (code, signal) => resolve({ code, signal }));
    });
    void this.ended.then((end) => {
      this.#ended = true;
      this.#running?.fail(end);
    });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.ready = promise;
    this.ready.catch(() => {});
    void this.ended.then((end) => reject(new EngineEndedError(end)));
    this.#listen(resolve);
  }

  get busy(): boolean {
    return this.#running !== undefined;
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  /** Runs a cell. Rejects with {@link EngineEndedError} when the process ends under it. One cell at a time. */
  async run(
    cell: number,
    executionCount: number,
    scripts: CellScripts,
    onOutput: (output: CellOutput) => void,
  ): Promise<CellOutcome> {
    await this.ready;
    const stdout = this.#plain.stdout.untilEndOf(cell);
    const stderr = this.#plain.stderr.untilEndOf(cell);
    try {
      const outcome = await new Promise<CellOutcome>((resolve, reject) => {
        this.#running = { cell, onOutput, finish: resolve, fail: (end) => reject(new EngineEndedError(end)) };
        this.#send({ type: "execute", cell, executionCount, ...scripts });
      });
      await Promise.race([Promise.all([stdout, stderr]), this.ended]);
      return outcome;
    } finally {
      this.#running = undefined;
    }
  }

  /** Asks the running cell to stop; its `run` resolves with `interrupted`. */
  interrupt(): void {
    if (this.#running) this.#send({ type: "interrupt", cell: this.#running.cell });
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

  #print(name: "stdout" | "stderr", text: string): void {
    if (text !== "") this.#output({ type: "stream", content: { name, text } });
  }

  #listen(onReady: () => void): void {
    const events = new FrameReader<EngineEvent>((event) => {
      if (event.type === "ready") onReady();
      else if (event.type === "output") this.#output(event.output);
      else if (event.cell === this.#running?.cell) this.#running.finish(event.outcome);
    });
    (this.#child.stdio[OUTPUT_FD] as Readable).on("data", (chunk: Buffer) => events.push(chunk));
    this.#child.stdout!.setEncoding("utf8").on("data", (text: string) => this.#plain.stdout.push(text));
    this.#child.stderr!.setEncoding("utf8").on("data", (text: string) => this.#plain.stderr.push(text));
  }

  #output(output: CellOutput): void {
    if (this.#running) this.#running.onOutput(output);
    else this.onLateOutput(output);
  }

  #send(command: EngineCommand): void {
    this.#control.write(encodeFrame(command));
  }
}
