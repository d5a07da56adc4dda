// Comms from the front end: `comm_open`, `comm_msg` and `comm_close` go to the cells' listeners, `comm_info_request` lists the open ones.
// They have no reply; a listener that throws shows its error under the widget's message.

import * as v from "valibot";
import type { CommMessage } from "#protocol";
import type { CellRunner } from "../cell-runner.ts";
import type { LiveComms } from "./live-comms.ts";
import { defineRequest, type RequestContext, type RequestHandler } from "./request-handler.ts";
import { type ListenerParts, RequestListener } from "./request-listener.ts";

type CommRequest = "comm_open" | "comm_msg" | "comm_close" | "comm_info_request";

export interface CommParts extends ListenerParts {
  readonly runner: CellRunner;
  readonly comms: LiveComms;
}

const data = v.optional(v.unknown(), {});
const message = v.object({ comm_id: v.string(), data });

export function commRequests({ runner, ...parts }: CommParts): Readonly<Record<CommRequest, RequestHandler>> {
  const { comms } = parts;

  const deliver = async (comm: Omit<CommMessage, "metadata">, request: RequestContext): Promise<undefined> => {
    const message = { ...comm, metadata: request.metadata };
    comms.note(message);
    const listener = new RequestListener(request, parts);
    const result = await runner.deliver(message, request.buffers, listener);
    listener.end();
    if (result.status === "error") request.publish("error", result.error);
  };

  // A message for a comm, or a target, that is not known yet waits for the cells before it: they may make it known.
  const turnOf = (isKnown: boolean) => (isKnown ? "at once" : "in order");

  return {
    comm_open: defineRequest({
      turn: ({ target_name }) => turnOf(runner.knowsTarget(target_name)),
      content: v.object({ comm_id: v.string(), target_name: v.string(), data }),
      answer: ({ comm_id, target_name, data }, request) =>
        deliver({ type: "comm_open", commId: comm_id, target: target_name, data }, request),
    }),

    comm_msg: defineRequest({
      turn: ({ comm_id }) => turnOf(comms.has(comm_id)),
      content: message,
      answer: ({ comm_id, data }, request) => deliver({ type: "comm_msg", commId: comm_id, data }, request),
    }),

    comm_close: defineRequest({
      turn: ({ comm_id }) => turnOf(comms.has(comm_id)),
      content: message,
      answer: ({ comm_id, data }, request) => deliver({ type: "comm_close", commId: comm_id, data }, request),
    }),

    comm_info_request: defineRequest({
      turn: "at once",
      content: v.object({ target_name: v.nullish(v.string()) }),
      answer: ({ target_name }) => ({ comms: comms.list(target_name ?? undefined) }),
    }),
  };
}
