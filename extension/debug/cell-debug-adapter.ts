// VS Code's debugger ↔ the kernel's: both speak DAP, so requests go through as they are, but for the names of cells. It runs the cell when
// VS Code has set its breakpoints, and ends with it.

import type { DebugProtocol } from "@vscode/debugprotocol";
import * as vscode from "vscode";
import type { KernelConnection } from "#kernel";
import { CellSources } from "./cell-sources.ts";

export interface DebuggedCell {
  readonly notebook: vscode.NotebookDocument;
  /** The cell's URI. */
  readonly cell: string;
  /** Resolves when the cell has ended. */
  readonly run: () => Promise<void>;
}

export class CellDebugAdapter implements vscode.DebugAdapter {
  readonly #connection: KernelConnection;
  readonly #debugged: DebuggedCell;
  readonly #sources: CellSources;
  readonly #toEditor = new vscode.EventEmitter<vscode.DebugProtocolMessage>();
  readonly #listening: Disposable;
  readonly onDidSendMessage = this.#toEditor.event;
  #messages = 0;
  #hasEnded = false;

  constructor(connection: KernelConnection, debugged: DebuggedCell) {
    this.#connection = connection;
    this.#debugged = debugged;
    this.#sources = new CellSources(debugged.notebook, connection);
    this.#listening = connection.onDebugEvent(({ event, body }) =>
      this.#sendEvent(event, this.#withEditorSources(body)),
    );
  }

  handleMessage(message: vscode.DebugProtocolMessage): void {
    const request = message as DebugProtocol.Request;
    void this.#answer(request).catch((error: unknown) => {
      const text = error instanceof Error ? error.message : String(error);
      this.#respond(request, { success: false, message: text });
      this.#end(); // the kernel is gone
    });
  }

  dispose(): void {
    this.#listening[Symbol.dispose]();
    if (!this.#hasEnded) void this.#connection.debug("disconnect").catch(() => {});
    this.#toEditor.dispose();
  }

  async #answer(request: DebugProtocol.Request): Promise<void> {
    const { command, arguments: given = {} } = request;
    if (command === "launch") await this.#sources.learn(this.#debugged.cell);
    const source = given.source && (await this.#sources.toKernel(given.source));
    if (given.source && !source) {
      // Breakpoints of other notebooks: they have kernels, and debuggers, of their own.
      const breakpoints = (given.breakpoints ?? []).map(() => ({ verified: false }));
      this.#respond(request, { success: true, body: { breakpoints } });
      return;
    }
    const { success, message, body } = await this.#connection.debug(command, source ? { ...given, source } : given);
    this.#respond(request, { success, ...(message !== undefined && { message }), body: this.#withEditorSources(body) });
    if (command === "configurationDone") void this.#run();
    if (command === "disconnect" || command === "terminate") this.#end();
  }

  async #run(): Promise<void> {
    await this.#debugged.run();
    if (!this.#hasEnded) await this.#connection.debug("disconnect").catch(() => {});
    this.#end();
  }

  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#sendEvent("terminated");
  }

  // biome-ignore lint/suspicious/noExplicitAny: bodies of all kinds pass through
  #withEditorSources(body: any): unknown {
    if (body?.stackFrames) return { ...body, stackFrames: body.stackFrames.map(this.#withEditorSource) };
    if (body?.breakpoints) return { ...body, breakpoints: body.breakpoints.map(this.#withEditorSource) };
    return body?.breakpoint ? { ...body, breakpoint: this.#withEditorSource(body.breakpoint) } : body;
  }

  readonly #withEditorSource = <T extends { readonly source?: DebugProtocol.Source }>(place: T): T =>
    place.source ? { ...place, source: this.#sources.toEditor(place.source) } : place;

  #respond({ seq, command }: DebugProtocol.Request, response: object): void {
    this.#send({ type: "response", request_seq: seq, command, ...response });
  }

  #sendEvent(event: string, body?: unknown): void {
    this.#send({ type: "event", event, ...(body !== undefined && { body }) });
  }

  #send(message: object): void {
    this.#toEditor.fire({ seq: ++this.#messages, ...message });
  }
}
