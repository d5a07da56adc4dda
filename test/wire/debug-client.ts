// A client of the debugger on top of a Jupyter client: DAP requests as `debug_request` on the control channel, events as they come.

import type { DebugProtocol } from "@vscode/debugprotocol";
import type { JupyterClient } from "../jupyter-client.ts";

type Frame = DebugProtocol.StackFrame;
type Variable = DebugProtocol.Variable;

export class DebugClient {
  readonly jupyter: JupyterClient;
  #seq = 0;
  /** How many events have been waited for. */
  #heard = 0;
  /** The cell that was started last. */
  #latest: string | undefined;

  constructor(jupyter: JupyterClient) {
    this.jupyter = jupyter;
  }

  /** Events so far, oldest first. */
  get events(): readonly DebugProtocol.Event[] {
    return this.jupyter.seen.filter(({ type }) => type === "debug_event").map(({ content }) => content);
  }

  async start(): Promise<void> {
    await this.request("initialize", { clientID: "test" });
    await this.request("attach", {});
  }

  /** Starts a cell that is to be stopped; returns its id. */
  async execute(code: string): Promise<string> {
    this.#latest = await this.jupyter.execute(code);
    return this.#latest;
  }

  /** Ends what is paused, and starts anew: a test that fails must not leave a cell for the next one. */
  async startAnew(): Promise<void> {
    await this.request("disconnect", {});
    await this.jupyter.request("control", "interrupt_request", {});
    // What is sent before it has ended would be aborted with it.
    if (this.#latest !== undefined) await this.jupyter.end(this.#latest);
    this.#latest = undefined;
    await this.start();
  }

  /** The body of the response; throws its message when it failed. */
  // biome-ignore lint/suspicious/noExplicitAny: bodies of all types, looked at by tests
  async request(command: string, given: object = {}): Promise<any> {
    const { success, message, body } = await this.response(command, given);
    if (!success) throw new Error(`${command}: ${message}`);
    return body;
  }

  async response(command: string, given: object = {}): Promise<DebugProtocol.Response> {
    const content = { type: "request", seq: ++this.#seq, command, arguments: given };
    return (await this.jupyter.request("control", "debug_request", content)).reply.content;
  }

  /** The path of a cell, with breakpoints set: lines, or whole breakpoints. */
  async setBreakpoints(code: string, ...breakpoints: (number | DebugProtocol.SourceBreakpoint)[]) {
    const { sourcePath } = await this.request("dumpCell", { code });
    const { breakpoints: set } = await this.request("setBreakpoints", {
      source: { path: sourcePath },
      breakpoints: breakpoints.map((one) => (typeof one === "number" ? { line: one } : one)),
    });
    return { path: sourcePath as string, set: set as DebugProtocol.Breakpoint[] };
  }

  /** The next event of a name that has not been waited for. */
  // biome-ignore lint/suspicious/noExplicitAny: bodies of all types, looked at by tests
  async event(name: string): Promise<any> {
    const isNext = () => this.events.findIndex(({ event }, index) => index >= this.#heard && event === name);
    await this.jupyter.until(() => isNext() >= 0);
    this.#heard = isNext() + 1;
    return this.events[this.#heard - 1]!.body;
  }

  /** Waits for the next stop and says where: `Cell 3:2 f`, the innermost frame. */
  async stop(): Promise<string> {
    await this.event("stopped");
    const [frame] = await this.stack();
    if (!frame) throw new Error(`stopped nowhere; events: ${JSON.stringify(this.events.slice(-6))}`);
    return describe(frame);
  }

  async stack(): Promise<Frame[]> {
    return (await this.request("stackTrace", { threadId: 1 })).stackFrames;
  }

  /** A step, to where it leads. */
  async step(command: "next" | "stepIn" | "stepOut"): Promise<string> {
    await this.request(command, { threadId: 1 });
    return this.stop();
  }

  resume(): Promise<unknown> {
    return this.request("continue", { threadId: 1 });
  }

  /** Variables of a scope of a frame, by name. */
  async scope(name: string, frame = 0): Promise<Record<string, Variable>> {
    const { scopes } = await this.request("scopes", { frameId: (await this.stack())[frame]!.id });
    const scope = (scopes as DebugProtocol.Scope[]).find((one) => one.name === name);
    return scope ? this.inside(scope) : {};
  }

  async inside({ variablesReference }: { readonly variablesReference: number }, part: object = {}) {
    const { variables } = await this.request("variables", { variablesReference, ...part });
    return Object.fromEntries((variables as Variable[]).map((variable) => [variable.name, variable]));
  }

  async evaluate(expression: string, context = "watch"): Promise<DebugProtocol.EvaluateResponse["body"]> {
    return this.request("evaluate", { expression, context, frameId: (await this.stack())[0]?.id });
  }
}

export const describe = ({ source, line, name }: Frame): string => `${source?.name}:${line} ${name}`;
