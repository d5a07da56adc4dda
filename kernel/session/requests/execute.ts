// `execute_request`: one cell from its text to its reply, with what it prints and shows in between.

import * as v from "valibot";
import type { CellOutput } from "#protocol";
import { StreamJoiner } from "../../output/stream-joiner.ts";
import type { CellRunner } from "../cell-runner.ts";
import type { ExecutedCells } from "../executed-cells.ts";
import { defineRequest, type RequestHandler } from "./request-handler.ts";

export interface ExecutionParts {
  readonly runner: CellRunner;
  readonly cells: ExecutedCells;
  /** Resolves when everything published so far has been handed to the system. */
  readonly flush: () => Promise<void>;
}

export function executeRequest({ runner, cells, flush }: ExecutionParts): RequestHandler {
  return defineRequest({
    turn: "in order",
    content: v.object({
      code: v.string(),
      silent: v.optional(v.boolean(), false),
      store_history: v.optional(v.boolean()),
      stop_on_error: v.optional(v.boolean(), true),
    }),
    async answer({ code, silent, store_history = !silent, stop_on_error }, { publish, abortQueued }) {
      const execution_count = cells.begin({ code, counts: !silent, isStored: store_history && !silent });
      if (!silent) publish("execute_input", { code, execution_count });

      const joiner = new StreamJoiner(({ type, content }) => publish(type, content));
      const onOutput = (output: CellOutput) => {
        if (silent && output.type === "execute_result") return;
        joiner.push(output);
      };
      const result = await runner.run(code, silent ? 0 : execution_count, onOutput);
      if (result.status === "error") onOutput({ type: "error", content: result.error });
      joiner.flush();
      void result.lateWarning?.then((text) => text !== "" && publish("stream", { name: "stderr", text }));
      await flush();
      if (result.status === "ok") return { execution_count, user_expressions: {}, payload: [] };
      if (stop_on_error) abortQueued("shell");
      return { status: "error", execution_count, ...result.error };
    },
  });
}
