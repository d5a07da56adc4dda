// One child process that measures one workload: ours, the ceiling or a peer. This is the parent's side of the lines that
// peers/serve.ts and peers/pytorch.py speak: the job is the argument; "run" is answered by milliseconds per step, "end" by
// the peak of its memory.

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Job } from "./spec.ts";

export interface Command {
  readonly name: string;
  readonly path: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** What a child says, one per line. */
interface Line {
  readonly ready?: string;
  readonly cannot?: string;
  readonly ms?: number;
  readonly peakBytes?: number;
}

/** The child cannot do this workload, ended, or took too long; the message is the reason. */
export class ContenderError extends Error {
  override readonly name = "ContenderError";
}

/** For an answer: a workload that needs longer for its first step is not worth its column. */
const TIMEOUT_MS = 90_000;

/** Every library's way to be told how many threads it may use. */
const threadsEnvironment = (threads: number): Record<string, string> =>
  Object.fromEntries(["LECTERN_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"].map((name) => [name, String(threads)]));

const ourDevice = { cpu: "cpu", gpu: "webgpu" } as const;

export class Contender implements Disposable {
  readonly name: string;
  /** As the library calls it. */
  version = "";
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  #lastError = "";

  private constructor({ name, path, args, env = {} }: Command, job: Job) {
    this.name = name;
    this.#child = spawn(path, [...args, JSON.stringify(job)], {
      env: { ...process.env, ...threadsEnvironment(job.threads), LECTERN_DEVICE: ourDevice[job.device], ...env },
    });
    this.#child.stdin.on("error", () => {}); // it ended; the missing answer tells
    this.#child.on("error", ({ message }) => {
      this.#lastError = message;
    });
    this.#child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#lastError = text.trim().split("\n").at(-1) || this.#lastError;
    });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Resolves when it is warm. Throws {@link ContenderError}. */
  static async start(command: Command, job: Job): Promise<Contender> {
    const contender = new Contender(command, job);
    try {
      contender.version = (await contender.#answer("ready")) ?? "";
      return contender;
    } catch (error) {
      contender[Symbol.dispose]();
      throw error;
    }
  }

  /** Milliseconds of a step, the mean over one run. */
  async run(): Promise<number> {
    this.#child.stdin.write("run\n");
    return this.#answer("ms");
  }

  /** Ends it; returns the most memory that it ever had, in bytes. */
  async end(): Promise<number> {
    this.#child.stdin.write("end\n");
    return this.#answer("peakBytes");
  }

  [Symbol.dispose](): void {
    this.#child.kill("SIGKILL");
  }

  async #answer<K extends "ready" | "ms" | "peakBytes">(key: K): Promise<NonNullable<Line[K]>> {
    const late = setTimeout(() => {
      this.#lastError = `no answer within ${TIMEOUT_MS / 1000} s`;
      this.#child.kill("SIGKILL");
    }, TIMEOUT_MS);
    try {
      for (;;) {
        const { value, done } = await this.#lines.next();
        if (done) throw new ContenderError(this.#lastError || "ended without an answer");
        if (!value.startsWith("{")) continue; // a library greets
        const line = JSON.parse(value) as Line;
        if (line.cannot !== undefined) throw new ContenderError(line.cannot);
        if (line[key] !== undefined) return line[key];
      }
    } finally {
      clearTimeout(late);
    }
  }
}
