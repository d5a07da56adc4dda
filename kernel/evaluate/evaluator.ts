// Runs the scripts of a cell on this thread through V8's inspector, in REPL mode: names persist, `let` can be declared
// again, `await` works at the top level. It does not compile (kernel/compile) and does not stop loops (supervisor
// thread); it only makes sure that a stopped cell's promise settles.

import inspector from "node:inspector";
import { promiseHooks } from "node:v8";
import type { CellPlaces } from "./errors/cell-places.ts";

export class InterruptedError extends Error {
  override readonly name = "InterruptedError";
}

/** The value that a cell threw, whatever it was. */
export class ThrownByCell extends Error {
  override readonly name = "ThrownByCell";
  readonly value: unknown;

  constructor(value: unknown) {
    super("the cell threw");
    this.value = value;
  }
}

type RemoteObject = inspector.Runtime.RemoteObject;
type EvaluateResult = inspector.Runtime.EvaluateReturnType;

/** Where the inspector's function calls leave a value for this thread to pick up. */
interface Slot {
  value: unknown;
}
const SLOT = Symbol.for("lectern.evaluator.slot");

export class Evaluator implements Disposable {
  readonly #session = new inspector.Session();
  readonly #slot: Slot = { value: undefined };
  readonly #slotId: string;
  readonly #promises = new Set<object>();
  readonly #places: CellPlaces;

  constructor(places: CellPlaces) {
    this.#places = places;
    this.#session.connect();
    Reflect.set(globalThis, SLOT, this.#slot);
    let slotId: string | undefined;
    this.#session.post(
      "Runtime.evaluate",
      { expression: `globalThis[Symbol.for("${SLOT.description}")]` },
      (_, reply) => {
        slotId = reply?.result.objectId;
      },
    );
    if (slotId === undefined) throw new Error("evaluator: the inspector does not answer");
    this.#slotId = slotId;
    Reflect.deleteProperty(globalThis, SLOT);
  }

  /**
   * Runs one script and resolves with its completion value. Rejects with {@link ThrownByCell} when it throws and with
   * {@link InterruptedError} when `signal` aborts or V8 terminated it. After termination the inspector may never
   * answer, hence the race. Only the script itself runs inside `enter`, which puts it into its asynchronous context.
   */
  async run(script: string, group: string, signal: AbortSignal, enter: (call: () => void) => void): Promise<unknown> {
    const reply = await this.#evaluate(script, group, signal, enter);
    if (reply.exceptionDetails) throw new ThrownByCell(this.#exceptionValue(reply.exceptionDetails, script));
    return this.#value(reply.result);
  }

  /** Lets go of the objects that the inspector kept for a cell. */
  release(group: string): void {
    this.#session.post("Runtime.releaseObjectGroup", { objectGroup: group });
  }

  [Symbol.dispose](): void {
    this.#session.disconnect();
  }

  #evaluate(
    expression: string,
    objectGroup: string,
    signal: AbortSignal,
    enter: (call: () => void) => void,
  ): Promise<EvaluateResult> {
    const { promise, resolve, reject } = Promise.withResolvers<EvaluateResult>();
    const stop = () => reject(new InterruptedError());
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    const evaluation = this.#holdFirstPromise();
    enter(() => {
      this.#session.post("Runtime.evaluate", { expression, objectGroup, replMode: true }, (error, reply) => {
        signal.removeEventListener("abort", stop);
        // The only protocol error of a well-formed evaluate is a terminated one ("Internal error").
        if (error || !reply) stop();
        else resolve(reply as EvaluateResult);
        evaluation.release();
      });
    });
    evaluation.stopLooking();
    return promise;
  }

  /**
   * The first promise that a script makes is the one of its top-level `await`. When nothing refers to it any more (its
   * continuation was terminated) the collector takes it, and the inspector then calls back from inside the collector,
   * which ends the process: "Invoke in DisallowJavascriptExecutionScope", node 24. So it is held until the inspector has
   * answered; for an interrupted cell, which is never answered, for good.
   */
  #holdFirstPromise(): { stopLooking(): void; release(): void } {
    let first: object | undefined;
    const stopLooking = promiseHooks.onInit((promise) => {
      first = promise;
      this.#promises.add(promise);
      stopLooking();
    }) as () => void;
    return { stopLooking, release: () => first && this.#promises.delete(first) };
  }

  #exceptionValue(details: inspector.Runtime.ExceptionDetails, script: string): unknown {
    const value = details.exception ? this.#value(details.exception) : new Error(details.text);
    // What V8 finds wrong before it runs anything has a place, but none in its stack.
    const { stackTrace, lineNumber, columnNumber } = details;
    const [, name] = /\n\/\/# sourceURL=(.*)$/.exec(script) ?? [];
    if (value instanceof SyntaxError && !stackTrace && name !== undefined) {
      const place = this.#places.toCells(`${name}:${lineNumber + 1}:${columnNumber + 1}`);
      value.stack = `${value.name}: ${value.message}\n    at ${place}`;
    }
    return value;
  }

  #value(remote: RemoteObject): unknown {
    if (remote.type === "undefined") return undefined;
    const argument = remote.objectId
      ? { objectId: remote.objectId }
      : remote.unserializableValue !== undefined
        ? { unserializableValue: remote.unserializableValue }
        : { value: remote.value };
    this.#session.post("Runtime.callFunctionOn", {
      objectId: this.#slotId,
      functionDeclaration: "function (value) { this.value = value; }",
      arguments: [argument],
    });
    const { value } = this.#slot;
    this.#slot.value = undefined;
    return value;
  }
}
