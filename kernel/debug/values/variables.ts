// Values as a client of the debugger sees them: a line each, and a number by which it asks for what is inside. The numbers hold until the
// cell goes on, or until the client asks for the notebook's variables anew.

import type { Runtime } from "node:inspector";
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Inspector } from "../v8/inspector.ts";
import { describeRemote } from "./describe.ts";
import { assign, type Description, describeValue, elements, facts, read, rows } from "./in-engine.ts";

type RemoteObject = Runtime.RemoteObject;
type Variable = DebugProtocol.Variable;
type Part = Pick<DebugProtocol.VariablesArguments, "start" | "count" | "filter">;

/** What can be looked into. */
export interface Container {
  children(part: Part): Promise<Variable[]>;
  /** Gives a child another value; undefined where that cannot be done. */
  readonly set?: (name: string, value: RemoteObject) => Promise<RemoteObject>;
}

/** Of V8's references to what was shown; let go together. */
export const OBJECT_GROUP = "lectern-debugger";

/** What a client gets that asks for all elements of something long. */
const MOST = 1000;

export class Variables {
  readonly #inspector: Inspector;
  #containers: Container[] = [];
  #typeNames: Readonly<Record<string, string>> = {};

  constructor(inspector: Inspector) {
    this.#inspector = inspector;
  }

  /** For a client that shows values by the names of types that it knows. */
  set typeNames(names: Readonly<Record<string, string>>) {
    this.#typeNames = names;
  }

  /** A number for {@link get}. */
  add(container: Container): number {
    return this.#containers.push(container);
  }

  /** Throws RangeError for a number that holds no longer. */
  get(reference: number): Container {
    const container = this.#containers[reference - 1];
    if (!container)
      throw new RangeError(`variablesReference ${reference}: the cell has gone on since; ask for the scopes again`);
    return container;
  }

  /** All numbers are void. */
  clear(): void {
    if (this.#containers.length === 0) return;
    this.#containers = [];
    void this.#inspector.post("Runtime.releaseObjectGroup", { objectGroup: OBJECT_GROUP }).catch(() => {});
  }

  /** Those of an object's own properties, for scopes. */
  async ofProperties(objectId: string): Promise<Variable[]> {
    return (await this.#properties(objectId)).filter(({ name }) => !name.startsWith("[["));
  }

  async toVariable(name: string, remote: RemoteObject, evaluateName?: string): Promise<Variable> {
    const description = await this.#description(remote);
    const value = description?.text ?? describeRemote(remote);
    const type = description?.type ?? this.#typeNames[remote.type] ?? typeOf(remote);
    const count = description ? description.rows : lengthOf(remote);
    const reference =
      remote.objectId === undefined ? 0 : this.add(this.#containerOf(remote.objectId, description, count));
    return {
      name,
      value,
      type,
      variablesReference: reference,
      ...(count > 0 && { indexedVariables: count }),
      ...(evaluateName !== undefined && { evaluateName }),
    };
  }

  #containerOf(objectId: string, description: Description | undefined, count: number): Container {
    const set: Container["set"] = (name, value) => this.#call(objectId, assign, { value: name }, toArgument(value));
    const named = description?.isTensor
      ? async () => this.#properties((await this.#call(objectId, facts)).objectId!)
      : () => this.#properties(objectId, { isList: count > 0 });
    const indexed = async (start: number, howMany: number) => {
      const slice = description?.isTensor ? rows : elements;
      const part = await this.#call(objectId, slice, { value: start }, { value: howMany });
      return this.#properties(part.objectId!);
    };
    return {
      children: async ({ start = 0, count: asked, filter }) => {
        if (filter === "named") return named();
        const list = count > 0 ? await indexed(start, asked || Math.min(count - start, MOST)) : [];
        if (filter === "indexed") return list;
        const left = asked ? 0 : count - start - list.length;
        if (left > 0) list.push({ name: "…", value: `${left} more`, variablesReference: 0 });
        return description?.isTensor ? [...(await named()), ...list] : [...list, ...(await named())];
      },
      ...(description === undefined && { set }),
    };
  }

  async #properties(objectId: string, { isList = false } = {}): Promise<Variable[]> {
    const { result, internalProperties, privateProperties } = await this.#inspector.post("Runtime.getProperties", {
      objectId,
      ownProperties: true,
      generatePreview: true,
      ...(isList && { nonIndexedPropertiesOnly: true }),
    });
    const shown = result.filter(({ name, enumerable, get }) => (enumerable || get) && !(isList && /^\d+$/.test(name)));
    const inner = (internalProperties ?? []).filter(({ name }) => INTERNAL.has(name));
    return Promise.all([
      ...shown.map(({ name, value, get }) =>
        value ? this.toVariable(name, value) : this.#lazy(name, objectId, get !== undefined),
      ),
      ...[...(privateProperties ?? []), ...inner].map(({ name, value }) =>
        value ? this.toVariable(name, value) : { name, value: "(…)", variablesReference: 0 },
      ),
    ]);
  }

  /** A getter runs code of the user: only when it is asked for. */
  #lazy(name: string, objectId: string, isReadable: boolean): Variable {
    if (!isReadable) return { name, value: "(write only)", variablesReference: 0 };
    const children = async () => [await this.toVariable(name, await this.#call(objectId, read, { value: name }))];
    const variablesReference = this.add({ children });
    return { name, value: "(…)", variablesReference, presentationHint: { lazy: true } };
  }

  /** Of what describes itself better than V8 does: objects of classes that V8 does not know. */
  async #description({ type, subtype, className, objectId }: RemoteObject): Promise<Description | undefined> {
    if (type !== "object" || subtype !== undefined || className === "Object" || objectId === undefined)
      return undefined;
    const { result, exceptionDetails } = await this.#inspector.post("Runtime.callFunctionOn", {
      objectId,
      functionDeclaration: describeValue.toString(),
      returnByValue: true,
      silent: true,
    });
    return exceptionDetails ? undefined : (result.value as Description | undefined);
  }

  async #call(
    objectId: string,
    toCall: (...parameters: never[]) => unknown,
    ...callArguments: readonly Runtime.CallArgument[]
  ): Promise<RemoteObject> {
    const { result, exceptionDetails } = await this.#inspector.post("Runtime.callFunctionOn", {
      objectId,
      functionDeclaration: toCall.toString(),
      arguments: [...callArguments],
      objectGroup: OBJECT_GROUP,
      generatePreview: true,
      silent: true,
    });
    if (exceptionDetails) throw new Error(thrownText(exceptionDetails));
    return result;
  }
}

/** What V8 says of an evaluation that threw, without its stack. */
export function thrownText({ exception, text }: Runtime.ExceptionDetails): string {
  return exception ? describeRemote(exception) : text;
}

export function toArgument({ objectId, unserializableValue, value }: RemoteObject): Runtime.CallArgument {
  if (objectId !== undefined) return { objectId };
  return unserializableValue === undefined ? { value } : { unserializableValue };
}

/** What V8 keeps inside of objects and a user wants to see. */
const INTERNAL = new Set(["[[Entries]]", "[[PromiseState]]", "[[PromiseResult]]", "[[Target]]", "[[Handler]]"]);

const typeOf = ({ type, subtype, className }: RemoteObject): string => className ?? subtype ?? type;

function lengthOf({ subtype, description = "" }: RemoteObject): number {
  if (subtype !== "array" && subtype !== "typedarray") return 0;
  return Number(/\((\d+)\)$/.exec(description)?.[1] ?? 0);
}
