// V8's inspector of the engine process's main thread, as the kernel process speaks to it: calls go down the control pipe to the
// supervisor thread, which also answers while the main thread is paused. Raw messages; what they mean is the debugger's business.

import type { Debugger, Runtime } from "node:inspector";
import type { EngineCommand, SupervisorEvent } from "../../session/engine-messages.ts";

type Nothing = Record<string, never>;

/** The calls that the debugger makes: parameters and result. */
export interface InspectorCalls {
  "Debugger.enable": [Nothing, Debugger.EnableReturnType];
  "Debugger.disable": [Nothing, Nothing];
  "Debugger.setBlackboxPatterns": [Debugger.SetBlackboxPatternsParameterType, Nothing];
  "Debugger.setAsyncCallStackDepth": [Debugger.SetAsyncCallStackDepthParameterType, Nothing];
  "Debugger.setPauseOnExceptions": [Debugger.SetPauseOnExceptionsParameterType, Nothing];
  "Debugger.setBreakpointByUrl": [Debugger.SetBreakpointByUrlParameterType, Debugger.SetBreakpointByUrlReturnType];
  "Debugger.removeBreakpoint": [Debugger.RemoveBreakpointParameterType, Nothing];
  "Debugger.setSkipAllPauses": [Debugger.SetSkipAllPausesParameterType, Nothing];
  "Debugger.pause": [Nothing, Nothing];
  "Debugger.resume": [Nothing, Nothing];
  "Debugger.stepOver": [Nothing, Nothing];
  "Debugger.stepInto": [Nothing, Nothing];
  "Debugger.stepOut": [Nothing, Nothing];
  "Debugger.evaluateOnCallFrame": [EvaluateOnCallFrameParameters, Debugger.EvaluateOnCallFrameReturnType];
  "Debugger.setVariableValue": [Debugger.SetVariableValueParameterType, Nothing];
  "Runtime.evaluate": [Runtime.EvaluateParameterType & Limits, Runtime.EvaluateReturnType];
  "Runtime.callFunctionOn": [Runtime.CallFunctionOnParameterType, Runtime.CallFunctionOnReturnType];
  "Runtime.getProperties": [Runtime.GetPropertiesParameterType, PropertiesReturnType];
  "Runtime.globalLexicalScopeNames": [Nothing, Runtime.GlobalLexicalScopeNamesReturnType];
  "Runtime.releaseObjectGroup": [Runtime.ReleaseObjectGroupParameterType, Nothing];
}

/** What node's types leave out. Source: https://chromedevtools.github.io/devtools-protocol/v8. */
interface Limits {
  readonly throwOnSideEffect?: boolean;
  readonly timeout?: number;
  readonly replMode?: boolean;
}
type EvaluateOnCallFrameParameters = Debugger.EvaluateOnCallFrameParameterType & Limits;
interface PropertiesReturnType extends Runtime.GetPropertiesReturnType {
  readonly privateProperties?: readonly { readonly name: string; readonly value?: Runtime.RemoteObject }[];
}

export type InspectorNotification =
  | { readonly method: "Debugger.paused"; readonly params: Debugger.PausedEventDataType }
  | { readonly method: "Debugger.resumed"; readonly params: object }
  | { readonly method: "Debugger.scriptParsed"; readonly params: ScriptParsed }
  | { readonly method: "Debugger.breakpointResolved"; readonly params: Debugger.BreakpointResolvedEventDataType };

export interface ScriptParsed extends Debugger.ScriptParsedEventDataType {
  /** Breakpoints that found their place in this script. */
  readonly resolvedBreakpoints?: readonly Debugger.BreakpointResolvedEventDataType[];
}

/** V8 refused a call, or its process is gone. */
export class InspectorError extends Error {
  override readonly name = "InspectorError";
}

interface Waiting {
  readonly resolve: (result: object) => void;
  readonly reject: (error: InspectorError) => void;
}

export class Inspector {
  readonly #send: (command: Extract<EngineCommand, { type: "inspect" }>) => void;
  readonly #waiting = new Map<number, Waiting>();
  readonly #ended = Promise.withResolvers<void>();
  #calls = 0;
  #hasEnded = false;
  /** Hears what V8 says unasked: only while the debugger is enabled. */
  onNotification: (notification: InspectorNotification) => void = () => {};

  constructor(send: (command: Extract<EngineCommand, { type: "inspect" }>) => void) {
    this.#send = send;
  }

  /** Resolves when the engine process is gone. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** Rejects with {@link InspectorError}. */
  post<Method extends keyof InspectorCalls>(
    method: Method,
    params: InspectorCalls[Method][0],
  ): Promise<InspectorCalls[Method][1]> {
    if (this.#hasEnded) return Promise.reject(new InspectorError(`${method}: the engine process has ended`));
    const id = ++this.#calls;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (result: object) => void, reject });
      this.#send({ type: "inspect", id, method, params });
    });
  }

  take(event: SupervisorEvent): void {
    if (event.type === "notification") {
      this.onNotification(event as unknown as InspectorNotification);
      return;
    }
    const waiting = this.#waiting.get(event.id);
    this.#waiting.delete(event.id);
    if (event.error === undefined) waiting?.resolve(event.result ?? {});
    else waiting?.reject(new InspectorError(event.error));
  }

  /** The engine process is gone: nobody will answer. */
  end(): void {
    this.#hasEnded = true;
    this.#ended.resolve();
    for (const { reject } of this.#waiting.values()) reject(new InspectorError("the engine process has ended"));
    this.#waiting.clear();
  }
}
