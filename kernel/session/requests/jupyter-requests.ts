// The requests of the Jupyter protocol that need the session only. Requests of the language service and of the debugger are
// tables of their own; the kernel process's entry joins them. Source: jupyter_client, docs/messaging.rst.

import * as v from "valibot";
import { isComplete } from "../../compile/index.ts";
import type { KernelInfo } from "../kernel-info.ts";
import { type CommParts, commRequests } from "./comm-requests.ts";
import { type ExecutionParts, executeRequest } from "./execute.ts";
import { historyRequest } from "./history.ts";
import { defineRequest, type RequestTable } from "./request-handler.ts";
import { subshellRequests } from "./subshell-requests.ts";
import type { Subshells } from "./subshells.ts";

export interface JupyterRequestParts extends ExecutionParts, CommParts {
  readonly info: KernelInfo;
  readonly subshells: Subshells;
  /** Over IPC a restart keeps this process; over ZeroMQ the client starts a new one. */
  readonly restartsInPlace: boolean;
  readonly onShutdown: () => void | Promise<void>;
}

export function jupyterRequests(parts: JupyterRequestParts): RequestTable {
  const { cells, runner, subshells, info, restartsInPlace, onShutdown } = parts;
  return {
    ...commRequests(parts),
    ...subshellRequests(subshells),
    execute_request: executeRequest(parts),
    history_request: historyRequest(cells),

    kernel_info_request: defineRequest({ turn: "at once", content: v.object({}), answer: () => info }),

    is_complete_request: defineRequest({
      turn: "at once",
      content: v.object({ code: v.string() }),
      answer: ({ code }) => ({ ...isComplete(code) }),
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
        request.afterwards(() => {
          if (!restart || !restartsInPlace) return onShutdown();
          subshells.clear();
          request.abortQueued("everywhere");
          runner.restart();
          cells.startAnew();
        });
        return { restart };
      },
    }),
  };
}
