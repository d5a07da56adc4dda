// Subshells: `create_subshell_request`, `delete_subshell_request`, `list_subshell_request`, on the control channel. Source: JEP 91.

import * as v from "valibot";
import { defineRequest, type RequestHandler } from "./request-handler.ts";
import type { Subshells } from "./subshells.ts";

type SubshellRequest = "create_subshell_request" | "delete_subshell_request" | "list_subshell_request";

export function subshellRequests(subshells: Subshells): Readonly<Record<SubshellRequest, RequestHandler>> {
  return {
    create_subshell_request: defineRequest({
      turn: "at once",
      content: v.object({}),
      answer: () => ({ subshell_id: subshells.create() }),
    }),

    delete_subshell_request: defineRequest({
      turn: "at once",
      content: v.object({ subshell_id: v.string() }),
      answer: ({ subshell_id }, request) => {
        subshells.delete(subshell_id);
        request.abortQueued({ subshell: subshell_id });
        return {};
      },
    }),

    list_subshell_request: defineRequest({
      turn: "at once",
      content: v.object({}),
      answer: () => ({ subshell_id: subshells.ids }),
    }),
  };
}
