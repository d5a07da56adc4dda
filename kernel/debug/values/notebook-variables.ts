// The notebook's own variables, which all cells share: read also while nothing is paused and while no debugger is started. And a variable
// as a cell would show it, with its picture.

import type { Runtime } from "node:inspector";
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Inspector } from "../v8/inspector.ts";
import { evaluate } from "./evaluate.ts";
import { toBundle } from "./in-engine.ts";
import { thrownText, toArgument, type Variables } from "./variables.ts";

/** Data first: what one imports and the functions that one writes change seldom. */
export function toNotebookScope(variables: readonly DebugProtocol.Variable[]): DebugProtocol.Variable[] {
  const isCode = ({ type, value }: DebugProtocol.Variable) =>
    type === "Function" || type === "AsyncFunction" || value === "Module" || type === "GeneratorFunction";
  return [...variables.filter((variable) => !isCode(variable)), ...variables.filter(isCode)];
}

export async function readNotebook(inspector: Inspector, variables: Variables): Promise<DebugProtocol.Variable[]> {
  const { names } = await inspector.post("Runtime.globalLexicalScopeNames", {});
  // One that could not be given its first value may not even be looked at.
  const entries = names.map((name) => `${JSON.stringify(name)}:(()=>{try{return ${name}}catch{}})()`);
  const remote = await evaluate(inspector, `({__proto__:null,${entries.join(",")}})`);
  const read = await variables.ofProperties(remote.objectId!);
  return toNotebookScope(read.map((variable) => ({ evaluateName: variable.name, ...variable })));
}

/** MIME type → data, as a cell shows it whose last expression the value is. */
export async function richBundle(
  inspector: Inspector,
  value: Runtime.RemoteObject,
  isPaused: boolean,
): Promise<object> {
  const { objectId } = await evaluate(inspector, "globalThis");
  const { result, exceptionDetails } = await inspector.post("Runtime.callFunctionOn", {
    objectId: objectId!,
    functionDeclaration: toBundle.toString(),
    arguments: [toArgument(value), { value: isPaused }],
    awaitPromise: !isPaused,
    returnByValue: true,
    silent: true,
  });
  if (exceptionDetails) throw new Error(thrownText(exceptionDetails));
  return result.value as object;
}

/** Makes a variable of the notebook that holds the value. */
export async function declare(inspector: Inspector, name: string, value: Runtime.RemoteObject): Promise<void> {
  const { objectId } = await evaluate(inspector, "globalThis");
  const call = (functionDeclaration: string, ...parameters: readonly Runtime.CallArgument[]) =>
    inspector.post("Runtime.callFunctionOn", { objectId: objectId!, functionDeclaration, arguments: [...parameters] });
  await call(
    "function (value) { Object.defineProperty(this, '$copied_', { value, configurable: true }); }",
    toArgument(value),
  );
  // The declaration is made at once, but V8 says so only when the cell goes on.
  inspector.post("Runtime.evaluate", { expression: `let ${name} = $copied_`, replMode: true }).catch(() => {});
  await call("function () { delete this.$copied_; }");
}
