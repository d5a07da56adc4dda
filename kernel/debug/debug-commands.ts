// The requests of a started debugger: DAP's, each a row that says what is asked and returns the body of the answer. What a started
// debugger is not needed for is in debugger.ts. Source: https://microsoft.github.io/debug-adapter-protocol.

import type { Runtime } from "node:inspector";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { type DebugSession, type ExceptionFilter, THREAD_ID } from "./debug-session.ts";
import { toJavaScript } from "./expression.ts";
import type { Frame } from "./pause.ts";
import { stopsIn } from "./places/breakpoints.ts";
import type { CellSources } from "./places/cell-sources.ts";
import { describeRemote } from "./values/describe.ts";
import { evaluate } from "./values/evaluate.ts";
import { declare } from "./values/notebook-variables.ts";

/** A request cannot be answered; the client shows the sentence. */
export class DebugRequestError extends Error {
  override readonly name = "DebugRequestError";
}

/** A watch or a hover that takes longer is given up. */
const EVALUATION_MS = 2000;

type Arguments<Request extends DebugProtocol.Request> = NonNullable<Request["arguments"]>;
type Body = object | undefined;

export interface CopyToGlobals {
  readonly srcVariableName: string;
  readonly dstVariableName: string;
  readonly srcFrameId: number;
}

/** A name as JavaScript has them. */
export const isName = (text: string): boolean => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(text);

export function debugCommands(session: DebugSession, cells: CellSources) {
  const frameOf = (id: number | undefined): Frame => {
    const frame = session.pause?.frame(id);
    if (!frame) throw new DebugRequestError(`frameId ${id}: the cell has gone on since; ask for the stack again`);
    return frame;
  };
  const frameIfAny = (id: number | undefined) => (id === undefined ? session.pause?.frames[0] : frameOf(id));

  return {
    configurationDone: (): Body => ({}),

    setBreakpoints: async ({
      source,
      breakpoints = [],
    }: Arguments<DebugProtocol.SetBreakpointsRequest>): Promise<Body> => {
      if (source.path === undefined)
        throw new DebugRequestError("setBreakpoints: expected source.path, as dumpCell gives it");
      return { breakpoints: await session.breakpoints.set(source.path, breakpoints, session.inspector) };
    },

    breakpointLocations: ({
      source,
      line,
      endLine = line,
    }: Arguments<DebugProtocol.BreakpointLocationsRequest>): Body => {
      const stops = stopsIn(cells.textOf(source.path ?? "") ?? "").filter(
        (stop) => stop.line >= line && stop.line <= endLine,
      );
      return { breakpoints: stops.map(({ line, column }) => ({ line, column })) };
    },

    setExceptionBreakpoints: async ({
      filters,
    }: Arguments<DebugProtocol.SetExceptionBreakpointsRequest>): Promise<Body> => {
      await session.filterExceptions(
        filters.filter((filter): filter is ExceptionFilter => filter === "uncaught" || filter === "all"),
      );
      return { breakpoints: filters.map(() => ({ verified: true })) };
    },

    threads: (): Body => ({ threads: [{ id: THREAD_ID, name: "Notebook" }] }),

    stackTrace: ({ startFrame, levels }: Arguments<DebugProtocol.StackTraceRequest>): Body => ({
      stackFrames: session.pause?.stack(startFrame, levels) ?? [],
      totalFrames: session.pause?.frames.length ?? 0,
    }),

    scopes: ({ frameId }: Arguments<DebugProtocol.ScopesRequest>): Body => {
      const frame = frameOf(frameId);
      return { scopes: session.pause?.scopes(frame) ?? [] };
    },

    setVariable: async ({
      variablesReference,
      name,
      value,
    }: Arguments<DebugProtocol.SetVariableRequest>): Promise<Body> => {
      const { set } = session.variables.get(variablesReference);
      if (!set) throw new DebugRequestError(`${name}: cannot be given another value here; do it in the debug console`);
      const changed = await set(name, await evaluateIn(session, frameIfAny(undefined), value));
      return session.variables.toVariable(name, changed);
    },

    evaluate: async ({ expression, frameId, context }: Arguments<DebugProtocol.EvaluateRequest>): Promise<Body> => {
      const remote = await evaluateIn(session, frameIfAny(frameId), expression, context);
      const { value, ...variable } = await session.variables.toVariable("", remote);
      return { ...variable, result: context === "clipboard" ? describeRemote(remote, { isWhole: true }) : value };
    },

    copyToGlobals: async ({ srcVariableName, dstVariableName, srcFrameId }: CopyToGlobals): Promise<Body> => {
      const wrong = [srcVariableName, dstVariableName].find((name) => !isName(name));
      if (wrong !== undefined)
        throw new DebugRequestError(`copyToGlobals: expected the name of a variable, got "${wrong}"`);
      const value = await evaluateIn(session, frameOf(srcFrameId), srcVariableName);
      await declare(session.inspector, dstVariableName, value);
      return {};
    },

    exceptionInfo: (): Body => {
      const exception = session.pause?.exception;
      if (!exception) throw new DebugRequestError("exceptionInfo: nothing was thrown here");
      const description = describeRemote(exception);
      const exceptionId = exception.className ?? exception.type;
      const details = { message: description, typeName: exceptionId, stackTrace: exception.description ?? "" };
      return { exceptionId, description, breakMode: "always", details };
    },

    continue: async (): Promise<Body> => {
      await session.resume();
      return { allThreadsContinued: true };
    },
    next: () => step(session, "Debugger.stepOver"),
    stepIn: () => step(session, "Debugger.stepInto"),
    stepOut: () => step(session, "Debugger.stepOut"),
    pause: async (): Promise<Body> => {
      await session.requestPause();
      return {};
    },
  };
}

async function step(session: DebugSession, how: Parameters<DebugSession["step"]>[0]): Promise<Body> {
  if (!session.pause) throw new DebugRequestError("a step: the cell is not paused");
  await session.step(how);
  return {};
}

/** In a frame, or in the notebook's scope. A hover must not change anything; what is typed into the console may declare. */
function evaluateIn(
  session: DebugSession,
  frame: Frame | undefined,
  typed: string,
  context?: string,
): Promise<Runtime.RemoteObject> {
  const isQuick = context === "watch" || context === "hover";
  return evaluate(session.inspector, toJavaScript(typed), {
    frame: frame?.callFrame,
    replMode: context === "repl" && !session.pause,
    ...(context === "hover" && { throwOnSideEffect: true }),
    ...(isQuick && { timeout: EVALUATION_MS }),
  });
}
