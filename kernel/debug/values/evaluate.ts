// Evaluates an expression through V8's inspector: in the notebook's scope, or in a frame of a paused cell. What the expression throws is
// an error with V8's words.

import type { Debugger, Runtime } from "node:inspector";
import type { Inspector } from "../v8/inspector.ts";
import { OBJECT_GROUP, thrownText } from "./variables.ts";

export interface EvaluateOptions {
  /** Where a cell is paused; without it, the notebook's scope. */
  readonly frame?: Debugger.CallFrame | undefined;
  /** Throws instead of changing anything. */
  readonly throwOnSideEffect?: boolean;
  /** Milliseconds. */
  readonly timeout?: number;
  /** The expression may declare. Not in a frame. */
  readonly replMode?: boolean;
}

export async function evaluate(
  inspector: Inspector,
  expression: string,
  { frame, replMode = false, ...limits }: EvaluateOptions = {},
): Promise<Runtime.RemoteObject> {
  const asked = { expression, objectGroup: OBJECT_GROUP, generatePreview: true, silent: true, ...limits };
  const { result, exceptionDetails } = frame
    ? await inspector.post("Debugger.evaluateOnCallFrame", { ...asked, callFrameId: frame.callFrameId })
    : await inspector.post("Runtime.evaluate", { ...asked, replMode });
  if (exceptionDetails) throw new Error(thrownText(exceptionDetails));
  return result;
}
