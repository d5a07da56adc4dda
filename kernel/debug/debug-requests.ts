// The row `debug_request` of the table of requests: DAP inside of a Jupyter message, on the control channel; events are broadcast as
// `debug_event`. Source: jupyter_client, docs/messaging.rst, "Debug request".

import * as v from "valibot";
import { defineRequest, type RequestTable } from "../session/requests/request-handler.ts";
import type { Debugger } from "./debugger.ts";

export function debugRequests(debug: Debugger): RequestTable {
  return {
    debug_request: defineRequest({
      turn: "at once",
      content: v.looseObject({ seq: v.number(), command: v.string(), arguments: v.optional(v.looseObject({})) }),
      answer: async (request, { header, publish }) => {
        const client = { name: header.session, publish: (event: object) => publish("debug_event", event) };
        return { ...(await debug.handle(request, client)) };
      },
    }),
  };
}
