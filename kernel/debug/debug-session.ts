// A debugger that is started: V8's events of the engine process → the client's, and what the client wants of V8. Attached to one engine
// process at a time; a fresh one takes the breakpoints over. The requests that reach it are a table in debug-commands.ts.

import type { Debugger } from "node:inspector";
import { setTimeout as delay } from "node:timers/promises";
import { type Frame, Pause } from "./pause.ts";
import { Breakpoints } from "./places/breakpoints.ts";
import type { CellSources, RunCell } from "./places/cell-sources.ts";
import { endsCell } from "./places/ends-cell.ts";
import type { Scripts } from "./places/scripts.ts";
import type { Inspector, InspectorNotification } from "./v8/inspector.ts";
import type { Variables } from "./values/variables.ts";

/** JavaScript runs on one thread; DAP wants a number for it. */
export const THREAD_ID = 1;

/** How many `await`s back V8 remembers who waits: an error is followed along them to the cell that it ends. */
const ASYNC_DEPTH = 32;

/**
 * Before its first op the engine tests itself. V8 looks at every call while it looks for the function to step into: a step into a line with
 * that first op would take half a minute. In a timer, because node runs no continuations behind what the inspector has evaluated.
 */
const FIRST_OP = `new Promise((done) => setTimeout(() =>
  $load_("lectern").then(({ tensor }) => tensor([0]).add(1).dispose()).then(done, done)))`;

/** On a busy machine it takes 200 ms. */
const LONGEST_TEST_MS = 500;

const noop = (): void => {};

export type ExceptionFilter = "uncaught" | "all";
export type SendEvent = (event: string, body?: object) => void;
type Step = "Debugger.stepOver" | "Debugger.stepInto" | "Debugger.stepOut";

export class DebugSession {
  readonly breakpoints: Breakpoints;
  readonly #scripts: Scripts;
  readonly #send: SendEvent;
  #inspector: Inspector;
  #variables: Variables;
  #filters: readonly ExceptionFilter[] = [];
  #pause: Pause | undefined;
  #step: Step | undefined;
  /** Resolves when the engine has tested itself: a cell that begins later does not step into that. */
  #tested: Promise<void> = Promise.resolve();
  #isPausing = false;
  /** V8 has stopped, whether the user hears of it or not. */
  #isStopped = false;
  #frameIds = 0;

  constructor(cells: CellSources, scripts: Scripts, inspector: Inspector, variables: Variables, send: SendEvent) {
    this.breakpoints = new Breakpoints(cells);
    this.#scripts = scripts;
    this.#inspector = inspector;
    this.#variables = variables;
    this.#send = send;
  }

  get inspector(): Inspector {
    return this.#inspector;
  }

  get variables(): Variables {
    return this.#variables;
  }

  get pause(): Pause | undefined {
    return this.#pause;
  }

  /** Starts to listen to V8. */
  async attach(): Promise<void> {
    const inspector = this.#inspector;
    inspector.onNotification = (notification) => this.#take(notification);
    this.#tested = inspector
      .post("Runtime.evaluate", { expression: FIRST_OP, silent: true, awaitPromise: true })
      .then(noop, noop);
    await inspector.post("Debugger.enable", {});
    await inspector.post("Debugger.setBlackboxPatterns", { patterns: this.#scripts.foreign });
    await inspector.post("Debugger.setAsyncCallStackDepth", { maxDepth: ASYNC_DEPTH });
    await this.#applyFilters();
    await this.breakpoints.setAll(inspector);
  }

  /** Another engine process has taken over; nothing is paused in it. */
  async moveTo(inspector: Inspector, variables: Variables): Promise<void> {
    this.#goneOn();
    this.#isStopped = false;
    this.#inspector.onNotification = () => {};
    this.#scripts.clear();
    this.#inspector = inspector;
    this.#variables = variables;
    await this.attach();
  }

  /** A paused cell goes on, and V8 runs as fast as before. */
  async detach(): Promise<void> {
    const inspector = this.#inspector;
    this.#goneOn();
    this.#scripts.clear();
    const resumed = this.#isStopped ? this.#untilResumed() : undefined;
    if (!resumed) inspector.onNotification = () => {};
    // Out of the pause first: switched on again before the thread has left it, V8 would tell of that pause once more.
    await inspector.post("Debugger.setSkipAllPauses", { skip: true });
    // An interrupt, or a step past what is not the user's, may have ended it already.
    await inspector.post("Debugger.resume", {}).catch(() => {});
    await resumed;
    await inspector.post("Debugger.setAsyncCallStackDepth", { maxDepth: 0 });
    await inspector.post("Debugger.disable", {});
  }

  /** Nothing else is heard any more. */
  #untilResumed(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#inspector.onNotification = ({ method }) => {
      if (method === "Debugger.resumed") resolve();
    };
    return Promise.race([promise, this.#inspector.ended]);
  }

  /** Sets the breakpoints of a cell that is about to run. */
  async prepare(cell: RunCell): Promise<void> {
    await this.#tested;
    await this.breakpoints.setIn(cell, this.#inspector);
  }

  async filterExceptions(filters: readonly ExceptionFilter[]): Promise<void> {
    this.#filters = filters;
    await this.#applyFilters();
  }

  async resume(): Promise<void> {
    this.#step = undefined;
    this.#goneOn();
    await this.#inspector.post("Debugger.resume", {});
  }

  async step(step: Step): Promise<void> {
    this.#step = step;
    this.#goneOn();
    await this.#inspector.post(step, {});
  }

  async requestPause(): Promise<void> {
    // Not in the engine's test of itself, which V8 would stop at every call of; behind a cell that holds the thread, that has not begun.
    await Promise.race([this.#tested, delay(LONGEST_TEST_MS)]);
    this.#isPausing = true;
    await this.#inspector.post("Debugger.pause", {});
  }

  async #applyFilters(): Promise<void> {
    // V8 takes what the inspector waits for as caught, so for "uncaught" too it stops at all, and endsCell decides.
    const state = this.#filters.length > 0 ? "all" : "none";
    await this.#inspector.post("Debugger.setPauseOnExceptions", { state });
  }

  #take(notification: InspectorNotification): void {
    switch (notification.method) {
      case "Debugger.scriptParsed":
        this.#scripts.add(notification.params);
        for (const { breakpointId, location } of notification.params.resolvedBreakpoints ?? [])
          this.#resolved(breakpointId, location);
        break;
      case "Debugger.breakpointResolved":
        this.#resolved(notification.params.breakpointId, notification.params.location);
        break;
      case "Debugger.paused":
        this.#isStopped = true;
        this.#paused(notification.params);
        break;
      case "Debugger.resumed":
        this.#isStopped = false;
        this.#goneOn();
        // One that hit code without a name is still owed; asked for earlier, V8 would pass over it, since it is paused.
        if (this.#isPausing) this.#inspector.post("Debugger.pause", {}).catch(() => {});
    }
  }

  #resolved(breakpointId: string, location: Debugger.Location): void {
    const breakpoint = this.breakpoints.resolved(breakpointId, this.#scripts.placeOf(location));
    if (breakpoint) this.#send("breakpoint", { reason: "changed", breakpoint });
  }

  #paused(params: Debugger.PausedEventDataType): void {
    const stop = this.#reasonToStop(params);
    const frames = params.callFrames.flatMap((callFrame): Frame[] => {
      const place = this.#scripts.placeOf(callFrame.location);
      return place ? [{ id: ++this.#frameIds, callFrame, place }] : [];
    });
    if (stop === undefined || frames.length === 0) {
      this.#inspector.post(this.#wayOn(params), {}).catch(() => {});
      return;
    }
    this.#step = undefined;
    this.#isPausing = false;
    const exception = stop.reason === "exception" ? (params.data as Pause["exception"]) : undefined;
    this.#pause = new Pause(frames, exception, this.#inspector, this.#variables);
    this.#send("stopped", { ...stop, threadId: THREAD_ID, allThreadsStopped: true });
  }

  /** From a stop that is none to the user. */
  #wayOn({ reason, callFrames }: Debugger.PausedEventDataType): Step | "Debugger.resume" {
    if (reason !== "step") return "Debugger.resume";
    const top = callFrames[0]!.location;
    // Out of code without a name it goes back. At the end of a script there is nothing to see: on to the cell's next one, if there is one.
    if (!this.#scripts.isOfUser(top)) return "Debugger.stepOut";
    return this.#scripts.isLastOfCell(top) ? "Debugger.resume" : (this.#step ?? "Debugger.resume");
  }

  /** undefined: the cell goes on and nobody hears of it. */
  #reasonToStop(
    params: Debugger.PausedEventDataType,
  ): { reason: string; description?: string; text?: string; hitBreakpointIds?: number[] } | undefined {
    const { reason, callFrames, hitBreakpoints, data } = params;
    if (reason === "exception" || reason === "promiseRejection") {
      const isWanted = this.#filters.includes("all") || endsCell(params, this.#scripts);
      const text = String((data as { description?: string } | undefined)?.description ?? "").split("\n")[0]!;
      return isWanted ? { reason: "exception", description: "Paused on an error", text } : undefined;
    }
    const reached = this.breakpoints.reached(hitBreakpoints);
    const due = reached.filter((breakpoint) => breakpoint.rule.isDue(++breakpoint.hits));
    if (due.length > 0) return { reason: "breakpoint", hitBreakpointIds: due.map(({ id }) => id) };
    if (!this.#scripts.placeOf(callFrames[0]!.location)) return undefined;
    if (reason === "step" || this.#step) return { reason: "step" };
    if (this.#isPausing) return { reason: "pause" };
    // Neither: the statement `debugger`.
    return reached.length > 0 ? undefined : { reason: "breakpoint", description: "Paused on debugger statement" };
  }

  #goneOn(): void {
    this.#variables.clear();
    if (!this.#pause) return;
    this.#pause = undefined;
    this.#send("continued", { threadId: THREAD_ID, allThreadsContinued: true });
  }
}
