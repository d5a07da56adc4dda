// Runs cells one after the other: compiles, hands over to the engine process, turns every ending (finished, threw,
// interrupted, process gone) into a Jupyter reply. Knows nothing of channels and clients; Session does.

import type { CellOutput, ErrorContent } from "#protocol";
import { CellSyntaxError, type CompiledCell, compileCell } from "../compile/index.ts";
import type { CellTypes } from "./cell-types.ts";
import type { CellOutcome } from "./engine-messages.ts";
import type { EnginePool } from "./engine-pool.ts";
import { type EngineEnd, EngineEndedError, type EngineProcess } from "./engine-process.ts";
import { cellName, type Tracebacks } from "./traceback.ts";

/** A cell that has not stopped by then blocks in native code: only ending the process stops it. */
const INTERRUPT_TIMEOUT_MS = 10_000;

export type RunResult = ({ readonly status: "ok" } | { readonly status: "error"; readonly error: ErrorContent }) & {
  /** The warning of type errors, where it was not ready when the cell ended. */
  readonly lateWarning?: Promise<string>;
};

/** Why the engine process went away, when the kernel itself had sent it away. */
type Ending = "restart" | "interrupt" | undefined;

export class CellRunner {
  readonly #pool: EnginePool;
  readonly #tracebacks: Tracebacks;
  readonly #types: CellTypes;
  #serial = 0;
  #ending: Ending;
  #lostNotice = "";

  constructor(pool: EnginePool, tracebacks: Tracebacks, types: CellTypes) {
    this.#pool = pool;
    this.#tracebacks = tracebacks;
    this.#types = types;
  }

  /** Never rejects: whatever happens is a result. `executionCount` names the cell in errors. */
  async run(code: string, executionCount: number, onOutput: (output: CellOutput) => void): Promise<RunResult> {
    const engine = this.#watchedEngine();
    if (this.#lostNotice) onOutput({ type: "stream", content: { name: "stderr", text: this.#lostNotice } });
    this.#lostNotice = "";
    const compiled = this.#compile(code, executionCount);
    if ("error" in compiled) return compiled;
    const stopped = await this.#types.stop(code);
    if (stopped) return { status: "error", error: this.#tracebacks.ofTypeErrors(executionCount, stopped) };
    const warning = this.#types.begin(code, executionCount);
    const result = await this.#play(engine, compiled, executionCount, onOutput);
    const { text, late } = warning.end(result.status);
    if (text !== "") onOutput({ type: "stream", content: { name: "stderr", text } });
    return late ? { ...result, lateWarning: late } : result;
  }

  async #play(
    engine: EngineProcess,
    compiled: CompiledCell,
    executionCount: number,
    onOutput: (output: CellOutput) => void,
  ): Promise<RunResult> {
    try {
      const outcome = await engine.run(++this.#serial, executionCount, compiled, onOutput);
      return this.#result(outcome);
    } catch (error) {
      if (!(error instanceof EngineEndedError)) throw error;
      return { status: "error", error: this.#engineGone(error.end) };
    }
  }

  /** Stops the running cell, at the cost of the engine process if nothing else helps. */
  async interrupt(): Promise<void> {
    const engine = this.#pool.current;
    const serial = this.#serial;
    engine.interrupt();
    setTimeout(() => {
      if (this.#pool.current !== engine || this.#serial !== serial || !engine.busy) return;
      this.#ending = "interrupt";
      engine.kill();
    }, INTERRUPT_TIMEOUT_MS).unref();
  }

  restart(): void {
    this.#ending = "restart";
    const { busy } = this.#pool.current;
    this.#replaceEngine();
    if (!busy) this.#ending = undefined;
  }

  #compile(code: string, executionCount: number): CompiledCell | Extract<RunResult, { status: "error" }> {
    try {
      const compiled = compileCell(code, cellName(executionCount));
      this.#tracebacks.remember(executionCount, code, compiled);
      return compiled;
    } catch (error) {
      if (!(error instanceof CellSyntaxError)) throw error;
      this.#tracebacks.remember(executionCount, code);
      return { status: "error", error: this.#tracebacks.ofSyntaxError(executionCount, error) };
    }
  }

  #result(outcome: CellOutcome): RunResult {
    if (outcome.status === "ok") return outcome;
    if (outcome.status === "error") return { status: "error", error: this.#tracebacks.ofThrown(outcome.error) };
    return {
      status: "error",
      error: toErrorContent("KeyboardInterrupt", "the cell was interrupted; variables are kept"),
    };
  }

  /** The engine process in use; if it has ended while no cell ran, a fresh one, and the next cell says so. */
  #watchedEngine() {
    if (this.#pool.current.hasEnded) {
      this.#lostNotice =
        "The engine process had ended since the last cell: its variables are gone. This is a fresh one.\n";
      this.#replaceEngine();
    }
    return this.#pool.current;
  }

  /** What was declared in the old one is gone. */
  #replaceEngine(): void {
    this.#pool.replace();
    this.#types.forget();
  }

  #engineGone(end: EngineEnd): ErrorContent {
    const ending = this.#ending;
    this.#ending = undefined;
    if (this.#pool.current.hasEnded) this.#replaceEngine();
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

const toErrorContent = (ename: string, evalue: string, ...hints: string[]): ErrorContent => ({
  ename,
  evalue,
  traceback: [`${ename}: ${evalue}`, ...hints],
});
