// Plays one cell: its scripts in order, its result shown, its end reported exactly once, whether it finished, threw or was
// interrupted. Called by the engine process's entry with what the supervisor thread sends.

import type { AsyncLocalStorage } from "node:async_hooks";
import { inspect } from "node:util";
import type { MimeBundle } from "#protocol";
import type { CellOutcome, EngineCommand, ThrownError } from "../session/engine-messages.ts";
import type { AbandonedCells } from "./abandoned-cells.ts";
import { CellResources } from "./cell-resources.ts";
import { type Evaluator, InterruptedError, ThrownByCell } from "./evaluator.ts";
import type { LastResult } from "./last-result.ts";
import type { OutputPipe } from "./output-pipe.ts";
import type { RunningCell } from "./running-cell.ts";
import type { StopSignal, SupervisorNotice } from "./stop-signal.ts";

export interface CellPlayerParts {
  readonly cells: AsyncLocalStorage<RunningCell>;
  readonly output: OutputPipe;
  readonly stop: StopSignal;
  readonly evaluator: Evaluator;
  readonly abandoned: AbandonedCells;
  readonly lastResult: LastResult;
  readonly toMimeBundle: (value: unknown) => Promise<MimeBundle | undefined>;
  /** Resolves when every picture that the cell displayed has been drawn; rejects when one could not be. */
  readonly settled: () => Promise<void>;
  /** Called after a cell was interrupted: what its skipped `finally` blocks would have put right. */
  readonly recover: () => void;
}

/** How long "stopped" may take to follow a termination. */
const STOPPED_TIMEOUT_MS = 2000;

type ExecuteCommand = Extract<EngineCommand, { type: "execute" }>;

export class CellPlayer {
  readonly #parts: CellPlayerParts;
  #current: RunningCell | undefined;

  constructor(parts: CellPlayerParts) {
    this.#parts = parts;
  }

  /** Makes a name known to every cell. */
  define(name: string, value: unknown): void {
    Reflect.defineProperty(globalThis, name, { value, enumerable: false, writable: true, configurable: true });
  }

  take(notice: SupervisorNotice): void {
    if (notice.type === "execute") void this.#play(notice);
    else if (notice.type === "interrupt") this.#interrupt(notice.cell);
    else if (notice.type === "stopped") {
      this.#parts.recover();
      this.#end(notice.cell, { status: "interrupted" });
    }
  }

  async #play(command: ExecuteCommand): Promise<void> {
    const { cell, executionCount } = command;
    const running: RunningCell = { cell, executionCount, abort: new AbortController(), resources: new CellResources() };
    this.#current = running;
    this.#parts.output.begin(cell);
    try {
      await this.#run(command, running);
      this.#end(cell, { status: "ok" });
    } catch (error) {
      if (error instanceof InterruptedError) {
        // An interrupted cell ends when the supervisor says "stopped": only then is nothing being terminated any more.
        // If that never comes, the termination was meant for a stray continuation of an earlier cell that ran inside.
        setTimeout(() => this.#end(cell, { status: "interrupted" }), STOPPED_TIMEOUT_MS);
        return;
      }
      const thrown = error instanceof ThrownByCell ? error.value : error;
      this.#end(cell, { status: "error", error: toThrownError(thrown) });
    }
  }

  async #run({ scripts, showsResult, cell, executionCount }: ExecuteCommand, running: RunningCell): Promise<void> {
    await using _resources = running.resources;
    // Only the cell's own code may be in the cell's context: what is there is terminated once the cell is interrupted.
    const enter = (call: () => void) => this.#parts.cells.run(running, call);
    let value: unknown;
    for (const script of scripts) {
      value = await this.#parts.evaluator.run(script, `cell-${cell}`, running.abort.signal, enter);
    }
    if (showsResult && value !== undefined) {
      this.#parts.lastResult.keep(value);
      const data = await this.#parts.toMimeBundle(value);
      const content = data && { data, metadata: {}, transient: {}, execution_count: executionCount };
      if (content) this.#parts.output.output({ type: "execute_result", content });
    }
    await this.#parts.settled();
  }

  #interrupt(cell: number): void {
    if (this.#current?.cell === cell) {
      this.#parts.abandoned.watch();
      this.#current.abort.abort();
    }
    this.#parts.stop.acknowledge(cell);
  }

  #end(cell: number, outcome: CellOutcome): void {
    if (this.#current?.cell !== cell) return;
    this.#current = undefined;
    this.#parts.evaluator.release(`cell-${cell}`);
    this.#parts.output.end(cell);
    this.#parts.output.send({ type: "done", cell, outcome });
  }
}

/** Causes that are told; a chain may be a circle. */
const DEEPEST_CAUSE = 5;

/** JavaScript can throw anything; what is no Error is shown as it is. */
function toThrownError(thrown: unknown, depth = 0): ThrownError {
  if (thrown instanceof Error) {
    const { name, message, stack, cause } = thrown;
    const hasCause = cause instanceof Error && depth < DEEPEST_CAUSE;
    return { name, message, stack: String(stack ?? ""), ...(hasCause && { cause: toThrownError(cause, depth + 1) }) };
  }
  return { name: "Thrown", message: typeof thrown === "string" ? thrown : inspect(thrown), stack: "" };
}
