// The requests that the language service answers: Jupyter's for consoles, which know one text and a cursor, and Lectern's own for
// editors, which know the notebook. All are answered while a cell runs.

import * as v from "valibot";
import type { LanguageThread } from "../../language/thread/language-thread.ts";
import { defineRequest, type RequestHandler } from "./request-handler.ts";

type LanguageRequestType = "complete_request" | "inspect_request" | "lectern_language_request";

const offset = v.pipe(v.number(), v.integer(), v.minValue(0));
const position = { cell: v.string(), offset };
const method = <Name extends string, Params extends v.ObjectEntries>(name: Name, params: Params) =>
  v.object({ method: v.literal(name), params: v.object(params) });

/** See kernel/protocol/language.ts. */
const languageRequest = v.variant("method", [
  method("notebook", { cells: v.array(v.object({ cell: v.string(), text: v.string() })) }),
  method("cell", { cell: v.string(), text: v.string() }),
  method("completion", position),
  method("completionDetails", { ...position, name: v.string(), source: v.optional(v.string()) }),
  method("hover", position),
  method("signatureHelp", position),
  method("definition", position),
  method("renamed", position),
  method("rename", position),
  method("diagnostics", { cell: v.string() }),
]);

/** A text and a position in it, in code points. `-1`, or none: its end. */
const console = { code: v.string(), cursor_pos: v.optional(v.pipe(v.number(), v.integer()), -1) };
const cursorOf = ({ code, cursor_pos }: { readonly code: string; readonly cursor_pos: number }): number =>
  cursor_pos < 0 ? [...code].length : cursor_pos;

export function languageRequests(thread: LanguageThread): Readonly<Record<LanguageRequestType, RequestHandler>> {
  return {
    complete_request: defineRequest({
      turn: "at once",
      content: v.object(console),
      async answer(content) {
        const cursor = cursorOf(content);
        const reply = await thread.ask("complete", { code: content.code, cursor });
        return { ...(reply ?? { matches: [], cursor_start: cursor, cursor_end: cursor, metadata: {} }) };
      },
    }),

    inspect_request: defineRequest({
      turn: "at once",
      content: v.object({ ...console, detail_level: v.optional(v.number(), 0) }),
      async answer(content) {
        const { code, detail_level: detailLevel } = content;
        const reply = await thread.ask("inspect", { code, cursor: cursorOf(content), detailLevel });
        return { ...(reply ?? { found: false, data: {}, metadata: {} }) };
      },
    }),

    lectern_language_request: defineRequest({
      turn: "at once",
      content: languageRequest,
      answer: async ({ method, params }) => ({ result: await thread.ask(method, params) }),
    }),
  };
}
