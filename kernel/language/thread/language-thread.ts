// The language service as the kernel process sees it: a thread that starts when it is first needed, answers one question at a
// time, and is replaced when it ends. Questions that a newer one overtakes are answered with null at once. The kernel process
// itself never waits for it. Knows no TypeScript.

import { Worker } from "node:worker_threads";
import type {
  Execution,
  ExecutionEnd,
  ThreadData,
  ThreadMethod,
  ThreadMethods,
  ThreadNotice,
  ThreadQuestion,
} from "./thread-messages.ts";

export interface LanguageThreadOptions extends ThreadData {
  /** The bundled thread, `dist/language.js`. */
  readonly script: URL;
  readonly log: (line: string) => void;
}

type Result<M extends ThreadMethod> = ThreadMethods[M]["result"] | null;

interface Waiting extends ThreadQuestion {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

type Executed =
  | { readonly method: "execute"; readonly params: Execution }
  | { readonly method: "ended"; readonly params: ExecutionEnd };

/** What the thread has to know to answer: kept, so that a new thread can be told again. */
const TELLS = new Set<ThreadMethod>(["notebook", "cell", "execute", "ended", "restart"]);
/** What waits for a question, or for somebody who starts the thread. */
const LAZY = new Set<ThreadMethod>(["execute", "ended", "restart"]);
/** Nobody waits for these with a finger on the keyboard: they go behind the others. */
const PATIENT = new Set<ThreadMethod>(["diagnostics"]);
/** A thread that ends so often has a fault that starting again does not mend. */
const MAX_STARTS = 5;
/** Beginnings and ends of cells that a new thread is told of: names are what matters, and old ones have been declared again. */
const REMEMBERED = 1000;
/**
 * Memory of the thread, where TypeScript with Node's declarations holds 90 MB. The old generation's limit also says how much garbage
 * V8 lets lie. A young one of 64 MB made answers no faster, and the process 50 MB larger.
 */
const LIMITS = { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 16 };

/** The language service failed to answer; the sentence says why. */
export class LanguageError extends Error {
  override readonly name = "LanguageError";
}

export class LanguageThread implements Disposable {
  readonly #options: LanguageThreadOptions;
  #worker: Worker | undefined;
  #starts = 0;
  #serial = 0;
  #isReady = false;
  #asked: Waiting | undefined;
  #queue: Waiting[] = [];
  /** What was executed since the last restart of the engine, and how it ended. */
  #executed: Executed[] = [];
  #notebook: ThreadMethods["notebook"]["params"] | undefined;

  constructor(options: LanguageThreadOptions) {
    this.#options = options;
  }

  /** Whether the declarations are read: from then on answers take milliseconds. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Starts the thread, if it does not run yet. */
  start(): void {
    if (this.#worker || this.#starts >= MAX_STARTS) return;
    this.#starts++;
    const { script, folder, types } = this.#options;
    const worker = new Worker(script, { workerData: { folder, types } satisfies ThreadData, resourceLimits: LIMITS });
    this.#worker = worker;
    worker.unref();
    worker.on("message", (notice: ThreadNotice) => this.#take(notice));
    worker.on("error", (error) => this.#options.log(`the language service failed: ${error.message}`));
    worker.on("exit", () => this.#ended(worker));
    this.#tellAgain();
  }

  /**
   * Null: nothing to say, or overtaken. Rejects with {@link LanguageError}. A question starts the thread; what is executed waits
   * for it to be started.
   */
  ask<M extends ThreadMethod>(method: M, params: ThreadMethods[M]["params"]): Promise<Result<M>> {
    if (!LAZY.has(method)) this.start();
    return new Promise((resolve, reject) => {
      const question: Waiting = { id: ++this.#serial, method, params, resolve, reject };
      if (this.#starts >= MAX_STARTS && !this.#worker) {
        this.#abandon(question);
        return;
      }
      this.#overtake(question);
      const before = PATIENT.has(method) ? -1 : this.#queue.findIndex((waiting) => PATIENT.has(waiting.method));
      if (before < 0) this.#queue.push(question);
      else this.#queue.splice(before, 0, question);
      this.#next();
    });
  }

  /** What the thread should know, without waiting; a thread that does not run yet is told when it starts. */
  tell<M extends "execute" | "ended" | "restart">(method: M, params: ThreadMethods[M]["params"]): void {
    if (this.#worker || this.#queue.length > 0) this.ask(method, params).catch(() => {});
    else this.#remember(method, params);
  }

  [Symbol.dispose](): void {
    this.#starts = MAX_STARTS;
    void this.#worker?.terminate();
  }

  #overtake({ method, params }: ThreadQuestion): void {
    if (TELLS.has(method)) return;
    const place = "cell" in params ? params.cell : undefined;
    const isSame = (other: ThreadQuestion) =>
      other.method === method && ("cell" in other.params ? other.params.cell : undefined) === place;
    for (const older of this.#queue.filter(isSame)) older.resolve(null as never);
    this.#queue = this.#queue.filter((other) => !isSame(other));
  }

  #next(): void {
    if (this.#asked || !this.#worker) return;
    this.#asked = this.#queue.shift();
    if (!this.#asked) return;
    const { id, method, params } = this.#asked;
    this.#worker.postMessage({ id, method, params } satisfies ThreadQuestion);
  }

  #take(notice: ThreadNotice): void {
    if (notice.type === "ready") this.#isReady = true;
    else if (notice.type === "notice") this.#options.log(notice.sentence);
    else if (notice.id === this.#asked?.id) {
      const { method, params, resolve, reject } = this.#asked;
      this.#asked = undefined;
      if (TELLS.has(method)) this.#remember(method, params);
      if (notice.type === "answer") resolve(notice.result as never);
      else reject(new LanguageError(notice.sentence));
      this.#next();
    }
  }

  #ended(worker: Worker): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#isReady = false;
    // The question may be what it died of: it is not asked again.
    const asked = this.#asked;
    this.#asked = undefined;
    if (asked) this.#abandon(asked);
    const waiting = this.#queue;
    this.#queue = [];
    this.start();
    if (this.#worker) this.#queue.push(...waiting);
    else for (const question of waiting) this.#abandon(question);
    this.#next();
  }

  /** Nobody will answer: what was told is remembered, what was asked is refused. */
  #abandon({ method, params, resolve, reject }: Waiting): void {
    if (TELLS.has(method)) {
      this.#remember(method, params);
      resolve(null as never);
    } else reject(new LanguageError("The language service ended while it looked for the answer."));
  }

  #remember(method: ThreadMethod, params: object): void {
    if (method === "execute") this.#executed.push({ method, params: { ...(params as Execution), isChecked: false } });
    else if (method === "ended") this.#executed.push({ method, params: params as ExecutionEnd });
    else if (method === "restart") this.#executed = [];
    else if (method === "notebook") this.#notebook = params as ThreadMethods["notebook"]["params"];
    else if (method === "cell" && this.#notebook) {
      const { cell, text } = params as ThreadMethods["cell"]["params"];
      const cells = this.#notebook.cells.map((known) => (known.cell === cell ? { cell, text } : known));
      this.#notebook = { cells };
    }
    if (this.#executed.length > REMEMBERED) this.#executed.shift();
  }

  /** In front of everything that waits. What is told again is remembered again. */
  #tellAgain(): void {
    const again: Waiting[] = [];
    const tell = (method: ThreadMethod, params: object) =>
      again.push({ id: ++this.#serial, method, params: params as never, resolve: () => {}, reject: () => {} });
    for (const { method, params } of this.#executed) tell(method, params);
    if (this.#notebook) tell("notebook", this.#notebook);
    this.#executed = [];
    this.#queue.unshift(...again);
    this.#next();
  }
}
