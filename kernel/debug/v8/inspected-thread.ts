// The other end of inspector.ts, on the supervisor thread of the engine process: hands calls to V8 and sends back what it says. It
// knows the debugger's messages only as far as an interrupt has to: a paused cell cannot be terminated, so it must not stay paused.

import type { Session } from "node:inspector";
import type { EngineCommand, SupervisorEvent } from "../../session/engine-messages.ts";

export class InspectedThread {
  readonly #session: Session;
  readonly #send: (event: SupervisorEvent) => void;
  #isDebugged = false;
  #isPaused = false;

  constructor(session: Session, send: (event: SupervisorEvent) => void) {
    this.#session = session;
    this.#send = send;
    session.on("inspectorNotification", ({ method, params = {} }: { method: string; params?: object }) => {
      if (method === "Debugger.paused") this.#isPaused = true;
      if (method === "Debugger.resumed") this.#isPaused = false;
      send({ type: "notification", method, params });
    });
  }

  take({ id, method, params }: Extract<EngineCommand, { type: "inspect" }>): void {
    if (method === "Debugger.enable") this.#isDebugged = true;
    if (method === "Debugger.disable") this.#isDebugged = this.#isPaused = false;
    this.#session.post(method, params, (error, result) => {
      this.#send(error ? { type: "inspected", id, error: error.message } : { type: "inspected", id, result });
    });
  }

  /** Ends a pause and lets no other begin until {@link allowPauses}. */
  forbidPauses(): void {
    if (!this.#isDebugged) return;
    this.#session.post("Debugger.setSkipAllPauses", { skip: true });
    if (this.#isPaused) this.#session.post("Debugger.resume");
  }

  allowPauses(): void {
    if (this.#isDebugged) this.#session.post("Debugger.setSkipAllPauses", { skip: false });
  }
}
