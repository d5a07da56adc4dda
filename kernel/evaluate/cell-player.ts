// Plays cells: scripts in order, the result shown, the end reported exactly once, whether a cell finished, threw or was interrupted.
// Cells of subshells and comm messages run where another cell awaits. Called by the engine process's entry with what the supervisor
// thread sends.

import type { AsyncLocalStorage } from "node:async_hooks";
import type { MimeBundle } from "#protocol";
import { type CellOutcome, cellName, type EngineCommand, type ExpressionOutcome } from "../session/engine-messages.ts";
import { CellResources } from "./cell-resources.ts";
import type { Comms } from "./comms.ts";
import type { CellPlaces } from "./errors/cell-places.ts";
import { toThrownError } from "./errors/thrown-error.ts";
import { type Evaluator, InterruptedError, ThrownByCell } from "./evaluator.ts";
import type { LastResult } from "./last-result.ts";
import type { OutputPipe } from "./output-pipe.ts";
import type { RunningCell } from "./running-cell.ts";
import type { AbandonedCells } from "./stopping/abandoned-cells.ts";
import type { StopSignal, SupervisorNotice } from "./stopping/stop-signal.ts";

export interface CellPlayerParts {
  readonly cells: AsyncLocalStorage<RunningCell>;
  readonly output: OutputPipe;
  readonly stop: StopSignal;
  readonly evaluator: Evaluator;
  readonly comms: Comms;
  readonly places: CellPlaces;
  readonly abandoned: AbandonedCells;
  readonly lastResult: LastResult;
  readonly toMimeBundle: (value: unknown) => Promise<MimeBundle | undefined>;
  /** Resolves when every picture that the cell displayed has been drawn; rejects when one could not be. */
  readonly settled: () => Promise<void>;
  /** Called after a cell was interrupted: what its skipped `finally` blocks would have put right. */
  readonly recover: () => void;
  /** Where new tensors live now, in words. */
  readonly device: () => string;
}

/** How long "stopped" may take to follow a termination. */
const STOPPED_TIMEOUT_MS = 2000;

type ExecuteCommand = Extract<EngineCommand, { type: "execute" }>;
type CommNotice = Extract<SupervisorNotice, { type: "comm" }>;

export class CellPlayer {
  readonly #parts: CellPlayerParts;
  readonly #running = new Map<number, RunningCell>();

  constructor(parts: CellPlayerParts) {
    this.#parts = parts;
  }

  /** Makes a name known to every cell. */
  define(name: string, value: unknown): void {
    Reflect.defineProperty(globalThis, name, { value, enumerable: false, writable: true, configurable: true });
  }

  take(notice: SupervisorNotice): void {
    if (notice.type === "execute") void this.#play(notice);
    else if (notice.type === "comm") this.#takeComm(notice);
    else if (notice.type === "interrupt") this.#interrupt(notice.cell);
    else if (notice.type === "stopped") this.#stopped(notice);
  }

  async #play(command: ExecuteCommand): Promise<void> {
    const { cell, executionCount, moves } = command;
    this.#parts.places.remember(cellName(executionCount), moves);
    const running = this.#begin(command);
    try {
      const hasResult = await this.#run(command, running);
      const expressions = await this.#evaluateExpressions(command, running);
      this.#end(cell, { status: "ok", expressions, hasResult });
    } catch (error) {
      if (error instanceof InterruptedError) {
        // An interrupted cell ends when the supervisor says "stopped": only then is nothing being terminated any more.
        // If that never comes, the termination was meant for a stray continuation of an earlier cell that ran inside.
        setTimeout(() => this.#end(cell, { status: "interrupted" }), STOPPED_TIMEOUT_MS);
        return;
      }
      this.#end(cell, { status: "error", error: toThrownError(error instanceof ThrownByCell ? error.value : error) });
    }
  }

  /** Whether the cell gave a value. */
  async #run({ scripts, showsResult, cell, executionCount }: ExecuteCommand, running: RunningCell): Promise<boolean> {
    await using _resources = running.resources;
    const value = await this.#evaluate(scripts, `cell-${cell}`, running);
    const hasResult = showsResult && value !== undefined;
    if (hasResult) {
      this.#parts.lastResult.keep(value);
      const data = await this.#parts.toMimeBundle(value);
      const content = data && { data, metadata: {}, transient: {}, execution_count: executionCount };
      if (content) this.#parts.output.send({ type: "output", cell, output: { type: "execute_result", content } });
    }
    await this.#parts.settled();
    // A promise that the cell has rejected and nobody caught is told of at the end of this turn: before the cell's end.
    await new Promise((resolve) => setImmediate(resolve));
    return hasResult;
  }

  async #evaluate(scripts: readonly string[], group: string, running: RunningCell): Promise<unknown> {
    // Only the cell's own code may be in the cell's context: what is there is terminated once the cell is interrupted.
    const enter = (call: () => void) => this.#parts.cells.run(running, call);
    let value: unknown;
    for (const script of scripts) value = await this.#parts.evaluator.run(script, group, running.abort.signal, enter);
    return value;
  }

  /** One that throws does not disturb the others. */
  async #evaluateExpressions({ expressions, cell }: ExecuteCommand, running: RunningCell) {
    const outcomes: Record<string, ExpressionOutcome> = {};
    for (const [name, scripts] of Object.entries(expressions)) {
      try {
        const value = await this.#evaluate(scripts, `cell-${cell}`, running);
        outcomes[name] = { status: "ok", data: (await this.#parts.toMimeBundle(value)) ?? {} };
      } catch (error) {
        if (!(error instanceof ThrownByCell)) throw error;
        outcomes[name] = { status: "error", error: toThrownError(error.value) };
      }
    }
    return outcomes;
  }

  /** Over when its listeners have returned; what they leave behind goes on, as a cell's timers do. */
  #takeComm({ cell, message, buffers }: CommNotice): void {
    const running = this.#begin({ cell, executionCount: 0, allowsInput: false });
    try {
      this.#parts.cells.run(running, () => this.#parts.comms.take(message, buffers));
      this.#end(cell, { status: "ok", expressions: {}, hasResult: false });
    } catch (error) {
      this.#end(cell, { status: "error", error: toThrownError(error) });
    }
  }

  #begin({
    cell,
    executionCount,
    allowsInput,
  }: Pick<RunningCell, "cell" | "executionCount" | "allowsInput">): RunningCell {
    const running: RunningCell = {
      cell,
      executionCount,
      allowsInput,
      abort: new AbortController(),
      resources: new CellResources(),
      hasEnded: false,
    };
    this.#running.set(cell, running);
    this.#parts.output.begin(cell);
    return running;
  }

  #interrupt(upTo: number): void {
    for (const { cell, abort } of this.#running.values()) {
      if (cell > upTo) continue;
      this.#parts.abandoned.watch();
      abort.abort();
    }
    this.#parts.stop.acknowledge(upTo);
  }

  #stopped({ cell: upTo, isForced }: Extract<SupervisorNotice, { type: "stopped" }>): void {
    const stopped = [...this.#running.values()].filter(({ cell, abort }) => cell <= upTo && abort.signal.aborted);
    if (isForced || stopped.length > 0) this.#parts.recover();
    for (const { cell } of stopped) this.#end(cell, { status: "interrupted" });
  }

  #end(cell: number, outcome: CellOutcome): void {
    const running = this.#running.get(cell);
    if (!running) return;
    running.hasEnded = true;
    this.#running.delete(cell);
    this.#parts.evaluator.release(`cell-${cell}`);
    this.#parts.output.end(cell);
    const { exitCode } = running;
    const left = outcome.status === "interrupted" && exitCode !== undefined;
    const ending: CellOutcome = left ? { status: "left", exitCode } : outcome;
    this.#parts.output.send({ type: "done", cell, outcome: ending, device: this.#parts.device() });
  }
}
