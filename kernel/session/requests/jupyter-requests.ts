// The requests of the Jupyter protocol that need the session only. Requests of the language service and of the debugger are
// tables of their own; the kernel process's entry joins them. Source: jupyter_client, docs/messaging.rst.

import * as v from "valibot";
import { isComplete } from "../../compile/index.ts";
import type { CellRunner } from "../cell-runner.ts";
import type { KernelInfo } from "../kernel-info.ts";
import { type ExecutionParts, executeRequest } from "./execute.ts";
import { defineRequest, type RequestHandler } from "./request-handler.ts";

type JupyterRequest =
  | "kernel_info_request"
  | "execute_request"
  | "is_complete_request"
  | "history_request"
  | "comm_info_request"
  | "interrupt_request"
  | "shutdown_request";

export interface JupyterRequestParts extends ExecutionParts {
  readonly runner: CellRunner;
  readonly info: KernelInfo;
  /** Over IPC a restart keeps this process; over ZeroMQ the client starts a new one. */
  readonly restartsInPlace: boolean;
  readonly onShutdown: () => void | Promise<void>;
}

/** Forget one, and it does not compile. */
export function jupyterRequests(parts: JupyterRequestParts): Readonly<Record<JupyterRequest, RequestHandler>> {
  const { cells, runner, info, restartsInPlace, onShutdown } = parts;
  return {
    kernel_info_request: defineRequest({ turn: "at once", content: v.object({}), answer: () => info }),

    execute_request: executeRequest(parts),

    is_complete_request: defineRequest({
      turn: "at once",
      content: v.object({ code: v.string() }),
      answer: ({ code }) => ({ ...isComplete(code) }),
    }),

    history_request: defineRequest({
      turn: "at once",
      content: v.object({}),
      answer: () => ({ history: cells.history.map(({ count, code }) => [0, count, code]) }),
    }),

    comm_info_request: defineRequest({
      turn: "at once",
      content: v.object({}),
      answer: () => ({ comms: {} }),
    }),

    interrupt_request: defineRequest({
      turn: "at once",
      content: v.object({}),
      answer: () => {
        runner.interrupt();
        return {};
      },
    }),

    shutdown_request: defineRequest({
      turn: "at once",
      content: v.object({ restart: v.optional(v.boolean(), false) }),
      answer: ({ restart }, request) => {
        request.afterwards(async () => {
          if (!restart || !restartsInPlace) return onShutdown();
          request.abortQueued("everywhere");
          runner.restart();
          cells.startAnew();
        });
        return { restart };
      },
    }),
  };
}
