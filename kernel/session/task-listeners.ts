// Who hears what the engine's tasks print, show, ask and send: the request that started the task, also when its timers and promises go
// on after its end. The oldest that have ended are forgotten, so that a long day does not fill the memory.

import type { CellOutput, CommMessage, MimeBundle } from "#protocol";
import { forgetOldest } from "../bounds/forget-oldest.ts";
import type { Answer, ThrownError } from "./engine-messages.ts";

export interface Question {
  readonly prompt: string;
  /** What is typed must not be seen. */
  readonly password: boolean;
}

/** The request's side of a task. */
export interface TaskListener {
  output(output: CellOutput): void;
  comm(message: CommMessage, buffers: readonly Uint8Array[]): void;
  ask(question: Question): Promise<Answer>;
  page(data: MimeBundle): void;
}

/** And what the kernel makes of what the engine process tells. */
export interface EngineListener extends TaskListener {
  /** An error that nobody awaits. */
  strayError(what: string, error: ThrownError): void;
}

/** Ended tasks that are remembered: a header and an output limit each, about 1 KB. */
const MEMORY = 2000;

export class TaskListeners {
  readonly #running = new Map<number, EngineListener>();
  readonly #ended = new Map<number, EngineListener>();
  #newest: EngineListener | undefined;

  begin(cell: number, listener: EngineListener): void {
    this.#running.set(cell, listener);
    this.#newest = listener;
  }

  end(cell: number): void {
    const listener = this.#running.get(cell);
    if (!listener) return;
    this.#running.delete(cell);
    this.#ended.set(cell, listener);
    forgetOldest(this.#ended, MEMORY);
  }

  /** The task's listener; for a task that is forgotten, the newest one. */
  of(cell: number): EngineListener | undefined {
    return this.#running.get(cell) ?? this.#ended.get(cell) ?? this.#newest;
  }

  /** Of the task that began last among those that are under way, or else among all. */
  get latest(): EngineListener | undefined {
    return [...this.#running.values()].at(-1) ?? this.#newest;
  }
}
