// One stop of the engine's main thread: why, and the frames of the user's code with what they hold. Over when the cell goes on.

import type { Debugger, Runtime } from "node:inspector";
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { UserPlace } from "./places/scripts.ts";
import type { Inspector } from "./v8/inspector.ts";
import { toNotebookScope } from "./values/notebook-variables.ts";
import { type Container, toArgument, type Variables } from "./values/variables.ts";

export interface Frame {
  /** Counts up over all pauses: a frame of an earlier one is not taken for a later one's. */
  readonly id: number;
  readonly callFrame: Debugger.CallFrame;
  readonly place: UserPlace;
}

type Scope = Debugger.Scope;

/** V8's scopes, of which a function has one a block, in the groups in which people think of them. */
const GROUPS: readonly { readonly name: string; readonly hint?: string; readonly types: readonly Scope["type"][] }[] = [
  { name: "Local", hint: "locals", types: ["block", "catch", "local", "eval", "with"] as never },
  { name: "Closure", types: ["closure"] },
  { name: "Module", types: ["module"] as never },
  { name: "Notebook", types: ["script"] },
];

/** Made by the compiler for loops that ran before the debugger was started (kernel/compile/hot-loops.ts). */
const COMPILED_NAME = /^\$[tw]$|\$_$/;

export class Pause {
  readonly frames: readonly Frame[];
  readonly exception: Runtime.RemoteObject | undefined;
  readonly #inspector: Inspector;
  readonly #variables: Variables;

  constructor(
    frames: readonly Frame[],
    exception: Runtime.RemoteObject | undefined,
    inspector: Inspector,
    variables: Variables,
  ) {
    this.frames = frames;
    this.exception = exception;
    this.#inspector = inspector;
    this.#variables = variables;
  }

  frame(id: number | undefined): Frame | undefined {
    return this.frames.find((frame) => frame.id === id);
  }

  stack(startFrame = 0, levels = 0): DebugProtocol.StackFrame[] {
    const end = levels > 0 ? startFrame + levels : this.frames.length;
    return this.frames.slice(startFrame, end).map(({ id, callFrame, place: { source, line, column } }) => {
      return { id, name: callFrame.functionName || source.name || "(cell)", source, line, column };
    });
  }

  scopes({ callFrame }: Frame): DebugProtocol.Scope[] {
    return GROUPS.flatMap(({ name, hint, types }) => {
      const scopes = callFrame.scopeChain.flatMap((scope, index) =>
        types.includes(scope.type) ? [{ scope, index }] : [],
      );
      if (scopes.length === 0) return [];
      const variablesReference = this.#variables.add(this.#container(callFrame, scopes, hint === "locals"));
      return [{ name, variablesReference, expensive: false, ...(hint && { presentationHint: hint }) }];
    });
  }

  #container(
    callFrame: Debugger.CallFrame,
    scopes: readonly { readonly scope: Scope; readonly index: number }[],
    isLocal: boolean,
  ): Container {
    const read = async ({ scope }: (typeof scopes)[number]) => this.#variables.ofProperties(scope.object.objectId!);
    return {
      children: async () => {
        const own = isLocal ? await this.#ownOf(callFrame) : [];
        const lists = await Promise.all(scopes.map(read));
        const byName = new Map<string, DebugProtocol.Variable>();
        for (const variable of [...own, ...lists.flat()]) {
          // What is declared further in hides the rest.
          if (!byName.has(variable.name)) byName.set(variable.name, { evaluateName: variable.name, ...variable });
        }
        const variables = [...byName.values()].filter(({ name }) => !COMPILED_NAME.test(name));
        return scopes.some(({ scope }) => scope.type === ("script" as string)) ? toNotebookScope(variables) : variables;
      },
      set: async (name, value) => {
        const lists = await Promise.all(scopes.map(read));
        const at = lists.findIndex((list) => list.some((variable) => variable.name === name));
        const { index = 0 } = scopes[at] ?? {};
        const { callFrameId } = callFrame;
        const change = { scopeNumber: index, variableName: name, newValue: toArgument(value), callFrameId };
        await this.#inspector.post("Debugger.setVariableValue", change);
        return value;
      },
    };
  }

  async #ownOf({ this: self, returnValue }: Debugger.CallFrame): Promise<DebugProtocol.Variable[]> {
    const own = self.type === "undefined" ? [] : [await this.#variables.toVariable("this", self, "this")];
    return returnValue ? [await this.#variables.toVariable("(returned)", returnValue), ...own] : own;
  }
}
