// `execute_request`: one cell from its text to its reply, with what it prints and shows in between.

import * as v from "valibot";
import type { CellRunner } from "../cell-runner.ts";
import type { ExecutedCells } from "../executed-cells.ts";
import { defineRequest, type RequestHandler } from "./request-handler.ts";
import { type ListenerParts, RequestListener } from "./request-listener.ts";

export interface ExecutionParts extends ListenerParts {
  readonly runner: CellRunner;
  readonly cells: ExecutedCells;
  /** Resolves when everything published so far has been handed to the system. */
  readonly flush: () => Promise<void>;
}

const content = v.object({
  code: v.string(),
  silent: v.optional(v.boolean(), false),
  store_history: v.optional(v.boolean(), true),
  user_expressions: v.nullish(v.record(v.string(), v.string()), {}),
  allow_stdin: v.optional(v.boolean(), false),
  stop_on_error: v.optional(v.boolean(), true),
});

export function executeRequest({ runner, cells, flush, ...parts }: ExecutionParts): RequestHandler {
  return defineRequest({
    turn: "in order",
    content,
    async answer({ code, silent, store_history, user_expressions, allow_stdin, stop_on_error }, request) {
      const execution_count = cells.begin({ code, counts: !silent, isStored: store_history && !silent });
      if (!silent) request.publish("execute_input", { code, execution_count });

      const listener = new RequestListener(request, parts);
      const cell = {
        code,
        executionCount: silent ? 0 : execution_count,
        allowsInput: allow_stdin,
        expressions: user_expressions ?? {},
      };
      const heard = silent ? withoutResult(listener) : listener;
      const result = await runner.run(cell, heard);
      listener.end();
      if (result.status === "error") request.publish("error", result.error);
      await flush();
      const { payload } = listener;
      const { device } = runner;
      if (result.status === "ok") return { execution_count, device, user_expressions: result.expressions, payload };
      if (result.isEngineGone) request.abortQueued("everywhere");
      else if (stop_on_error) request.abortQueued("shell");
      return { status: "error", execution_count, device, user_expressions: {}, payload, ...result.error };
    },
  });
}

const withoutResult = (listener: RequestListener) => ({
  output: (output: Parameters<RequestListener["output"]>[0]) => {
    if (output.type !== "execute_result") listener.output(output);
  },
  comm: listener.comm.bind(listener),
  ask: listener.ask.bind(listener),
  page: listener.page.bind(listener),
});
