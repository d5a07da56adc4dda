// Runs cells and hands over comm messages: compiles, gives them to the engine process, turns every ending (finished, threw,
// interrupted, process gone) into a Jupyter reply. Knows nothing of channels and clients; Session does.

import type { CommMessage, ErrorContent } from "#protocol";
import { CellSyntaxError, type CompiledCell, compileCell } from "../compile/index.ts";
import type { CellTypes } from "./cell-types.ts";
import { type CellOutcome, cellName, type EngineTask, type ExpressionOutcome } from "./engine-messages.ts";
import type { EnginePool } from "./engine-pool.ts";
import { type EngineEnd, EngineEndedError, type EngineProcess, type PlayOptions } from "./engine-process.ts";
import type { EngineListener, TaskListener } from "./task-listeners.ts";
import type { Tracebacks } from "./traceback.ts";

/** A cell that has not stopped by then blocks in native code: only ending the process stops it. */
const INTERRUPT_TIMEOUT_MS = 10_000;

/** One of `user_expressions`, as the reply tells it. */
export type ExpressionReply =
  | { readonly status: "ok"; readonly data: object; readonly metadata: object }
  | ({ readonly status: "error" } & ErrorContent);

export type RunResult =
  | {
      readonly status: "ok";
      readonly expressions: Readonly<Record<string, ExpressionReply>>;
      /** The cell gave a value, which is `_` now. */
      readonly hasResult: boolean;
    }
  | {
      readonly status: "error";
      readonly error: ErrorContent;
      /** The variables went with the engine process. */
      readonly isEngineGone?: boolean;
    };

type Failure = Extract<RunResult, { status: "error" }>;

export interface CellToRun {
  readonly code: string;
  /** Names the cell in errors. */
  readonly executionCount: number;
  readonly allowsInput?: boolean;
  /** Evaluated after the cell: the front end's `user_expressions`. */
  readonly expressions?: Readonly<Record<string, string>>;
}

/** Why the engine process went away, when the kernel itself had sent it away. */
type Ending = "restart" | "interrupt";

export interface CellRunnerParts {
  readonly pool: EnginePool;
  readonly tracebacks: Tracebacks;
  readonly types: CellTypes;
  /** Called when another engine process takes over: nothing of the old one is left. */
  readonly onFreshEngine: () => void;
  readonly debugger: CellObserver;
}

/** What the debugger has to know of the cells that run. */
export interface CellObserver {
  /** Whether loops run as they are written, with their variables in sight, and not as quick as they can. */
  readonly keepsLoops: boolean;
  /** Called with every cell that is about to run, which waits until the breakpoints in it are set. Never rejects. */
  beforeRun(cell: ExecutedScripts, engine: EngineProcess): Promise<void>;
}

export interface ExecutedScripts {
  readonly executionCount: number;
  readonly code: string;
  readonly compiled: CompiledCell;
}

export class CellRunner {
  readonly #pool: EnginePool;
  readonly #tracebacks: Tracebacks;
  readonly #types: CellTypes;
  readonly #onFreshEngine: () => void;
  readonly #debugger: CellObserver;
  readonly #endings = new WeakMap<EngineProcess, Ending>();
  #serial = 0;
  #lostNotice = "";
  /** Names that cells have declared in the engine process in use. */
  readonly #names = new Set<string>();

  constructor({ pool, tracebacks, types, onFreshEngine, debugger: debug }: CellRunnerParts) {
    this.#pool = pool;
    this.#tracebacks = tracebacks;
    this.#types = types;
    this.#onFreshEngine = onFreshEngine;
    this.#debugger = debug;
  }

  /** Where new tensors live, in words; undefined before the first cell of an engine process. */
  get device(): string | undefined {
    return this.#pool.current.device;
  }

  /** Never rejects: whatever happens is a result. `listener` also hears what comes after the end. */
  async run(cell: CellToRun, listener: TaskListener): Promise<RunResult> {
    const { code, executionCount, allowsInput = false, expressions = {} } = cell;
    const engine = this.#watchedEngine();
    if (this.#lostNotice) listener.output({ type: "stream", content: { name: "stderr", text: this.#lostNotice } });
    this.#lostNotice = "";
    const compiled = this.#compile(code, executionCount);
    if ("error" in compiled) return compiled;
    const { scripts, showsResult, names, shifts, sourceMap } = compiled;
    const { invalid, scripts: expressionScripts } = compileExpressions(expressions);
    const errors = await this.#types.stop(code);
    if (errors) return { status: "error", error: this.#tracebacks.ofTypeErrors(executionCount, errors) };
    const check = this.#types.begin(code, executionCount);
    const task = {
      type: "execute",
      scripts,
      moves: { shifts, sourceMap },
      showsResult,
      executionCount,
      allowsInput,
      expressions: expressionScripts,
    } as const;
    const prepared = this.#debugger.beforeRun({ executionCount, code, compiled }, engine);
    const result = await this.#play(engine, task, listener, { prepared });
    check.end(result, (text) => listener.output({ type: "stream", content: { name: "stderr", text } }));
    if (result.status === "error") return result;
    for (const name of names) this.#names.add(name);
    return { ...result, expressions: { ...result.expressions, ...invalid } };
  }

  /** Hands a comm message of the front end to the cells' listeners. Never rejects. */
  deliver(message: CommMessage, buffers: readonly Uint8Array[], listener: TaskListener): Promise<RunResult> {
    return this.#play(this.#watchedEngine(), { type: "comm", message }, listener, { buffers });
  }

  /** Whether cells listen for comms of this target. */
  knowsTarget(name: string): boolean {
    return this.#pool.current.commTargets.has(name);
  }

  /** Stops what is under way, at the cost of the engine process if nothing else helps. */
  interrupt(): void {
    const engine = this.#pool.current;
    const tasks = engine.running;
    engine.interrupt(++this.#serial);
    setTimeout(() => {
      if (!tasks.some((task) => engine.running.includes(task))) return;
      this.#endings.set(engine, "interrupt");
      engine.kill();
    }, INTERRUPT_TIMEOUT_MS).unref();
  }

  restart(): void {
    this.#endings.set(this.#pool.current, "restart");
    this.#replace();
  }

  async #play(
    engine: EngineProcess,
    task: EngineTask,
    listener: TaskListener,
    options?: PlayOptions,
  ): Promise<RunResult> {
    try {
      return this.#result(await engine.play(++this.#serial, task, this.#heard(listener), options));
    } catch (error) {
      if (!(error instanceof EngineEndedError)) throw error;
      return { status: "error", error: this.#engineGone(engine, error.end), isEngineGone: true };
    }
  }

  /** Errors that nobody awaits are told on stderr, with the lines of the cells. */
  #heard(listener: TaskListener): EngineListener {
    return {
      output: (output) => listener.output(output),
      comm: (message, buffers) => listener.comm(message, buffers),
      ask: (question) => listener.ask(question),
      page: (data) => listener.page(data),
      strayError: (what, error) => {
        const text = `${what} ${this.#tracebacks.ofThrown(error).traceback.join("\n")}\n`;
        listener.output({ type: "stream", content: { name: "stderr", text } });
      },
    };
  }

  #compile(code: string, executionCount: number): CompiledCell | Failure {
    this.#tracebacks.remember(executionCount, code);
    try {
      return compileCell(code, cellName(executionCount), this.#names, this.#debugger);
    } catch (error) {
      if (!(error instanceof CellSyntaxError)) throw error;
      return { status: "error", error: this.#tracebacks.ofSyntaxError(executionCount, error) };
    }
  }

  #result(outcome: CellOutcome): RunResult {
    if (outcome.status === "ok") {
      const replies = Object.entries(outcome.expressions).map(([name, value]) => [name, this.#expression(value)]);
      return { status: "ok", expressions: Object.fromEntries(replies), hasResult: outcome.hasResult };
    }
    if (outcome.status === "error") return { status: "error", error: this.#tracebacks.ofThrown(outcome.error) };
    if (outcome.status === "left") {
      if (outcome.exitCode === 0) return { status: "ok", expressions: {}, hasResult: false };
      const evalue = `process.exit(${outcome.exitCode}) ended the cell; the kernel and its variables stay`;
      return { status: "error", error: toErrorContent("ProcessExit", evalue) };
    }
    return {
      status: "error",
      error: toErrorContent("KeyboardInterrupt", "the cell was interrupted; variables are kept"),
    };
  }

  #expression(outcome: ExpressionOutcome): ExpressionReply {
    if (outcome.status === "ok") return { status: "ok", data: outcome.data, metadata: {} };
    return { status: "error", ...this.#tracebacks.ofThrown(outcome.error) };
  }

  /** The engine process in use; if it has ended while no cell ran, a fresh one, and the next cell says so. */
  #watchedEngine(): EngineProcess {
    if (this.#pool.current.hasEnded) {
      this.#lostNotice =
        "The engine process had ended since the last cell: its variables are gone. This is a fresh one.\n";
      this.#replace();
    }
    return this.#pool.current;
  }

  #replace(): void {
    this.#pool.replace();
    this.#types.forget();
    this.#names.clear();
    this.#onFreshEngine();
  }

  #engineGone(engine: EngineProcess, end: EngineEnd): ErrorContent {
    const ending = this.#endings.get(engine);
    if (this.#pool.current === engine) this.#replace();
    if (ending === "restart") return toErrorContent("Restarted", "the kernel was restarted while the cell ran");
    if (ending === "interrupt") {
      const evalue = `the cell blocked for ${INTERRUPT_TIMEOUT_MS / 1000} s and was ended with its process`;
      return toErrorContent("KeyboardInterrupt", evalue, VARIABLES_GONE);
    }
    const how = end.signal ? `was ended by ${end.signal}` : `exited with code ${end.code}`;
    return toErrorContent("EngineEnded", `the engine process ${how} while the cell ran`, VARIABLES_GONE);
  }
}

const VARIABLES_GONE = "Its variables are gone, and a fresh engine is ready: run the cells again from the top.";

/** The scripts of those that are expressions, and the replies to those that are none. */
function compileExpressions(expressions: Readonly<Record<string, string>>) {
  const scripts: Record<string, readonly string[]> = {};
  const invalid: Record<string, ExpressionReply> = {};
  for (const [name, expression] of Object.entries(expressions)) {
    try {
      const compiled = compileCell(expression, "expression.ts");
      if (compiled.showsResult) scripts[name] = compiled.scripts;
      else
        invalid[name] = {
          status: "error",
          ...toErrorContent("SyntaxError", `expected an expression, got "${expression}"`),
        };
    } catch (error) {
      if (!(error instanceof CellSyntaxError)) throw error;
      invalid[name] = { status: "error", ...toErrorContent(error.name, error.message) };
    }
  }
  return { scripts, invalid };
}

const toErrorContent = (ename: string, evalue: string, ...hints: string[]): ErrorContent => ({
  ename,
  evalue,
  traceback: [`${ename}: ${evalue}`, ...hints],
});
