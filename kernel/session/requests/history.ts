// `history_request`: the cells that ran since the kernel's start, by tail, range or search. There is one session, number 0, and no file:
// a kernel's history ends with it. Source: jupyter_client, docs/messaging.rst, "History".

import * as v from "valibot";
import type { ExecutedCell, ExecutedCells } from "../executed-cells.ts";
import { defineRequest, type RequestHandler } from "./request-handler.ts";

const count = v.nullish(v.pipe(v.number(), v.integer()));

const content = v.object({
  hist_access_type: v.optional(v.picklist(["tail", "range", "search"]), "tail"),
  /** Inputs come as [input, null] pairs then: outputs are not kept. */
  output: v.optional(v.boolean(), false),
  /** Of a range: lines start..stop - 1 of a session; 0 is this one, and there is no other. */
  session: v.nullish(v.pipe(v.number(), v.integer()), 0),
  start: count,
  stop: count,
  /** Of a tail or a search: at most this many, the latest. */
  n: count,
  /** Of a search: `*`, `?` and `[…]`, for the whole cell. */
  pattern: v.nullish(v.string(), "*"),
  /** Of a search: of equal cells only the latest. */
  unique: v.nullish(v.boolean(), false),
});

type HistoryRequest = v.InferOutput<typeof content>;

export function historyRequest(cells: ExecutedCells): RequestHandler {
  return defineRequest({
    turn: "at once",
    content,
    answer(request) {
      const found = select(cells.history, request);
      return { history: found.map(({ count, code }) => [0, count, request.output ? [code, null] : code]) };
    },
  });
}

function select(cells: readonly ExecutedCell[], request: HistoryRequest): readonly ExecutedCell[] {
  const { hist_access_type, session, start, stop, n, pattern, unique } = request;
  if (hist_access_type === "range") {
    const from = start ?? 1;
    const to = stop ?? Number.POSITIVE_INFINITY;
    return session === 0 ? cells.filter(({ count }) => count >= from && count < to) : [];
  }
  let found = cells;
  if (hist_access_type === "search") {
    const matches = globMatcher(pattern ?? "*");
    found = cells.filter(({ code }) => matches(code));
    if (unique) found = found.filter(({ code }, i) => !found.slice(i + 1).some((later) => later.code === code));
  }
  return n == null ? found : found.slice(Math.max(0, found.length - Math.max(0, n)));
}

/** A glob for a whole text, as SQLite's GLOB, which IPython uses: `*`, `?`, `[a-z]`, `[^a-z]`. Only the last star backtracks, so no pattern is slow. */
export function globMatcher(pattern: string): (text: string) => boolean {
  const parts = [...pattern.matchAll(/\[\^?\]?[^\]]*\]|./gsu)].map(([part]) => part);
  const tests = parts.map((part) => (part === "*" ? "*" : characterTest(part)));
  return (text) => {
    const characters = [...text];
    let [at, test, starTest, starAt] = [0, 0, -1, 0];
    while (at < characters.length) {
      const current = tests[test];
      if (current === "*") [starTest, starAt, test] = [test, at, test + 1];
      else if (current?.(characters[at]!)) [at, test] = [at + 1, test + 1];
      else if (starTest >= 0) [starAt, at, test] = [starAt + 1, starAt + 1, starTest + 1];
      else return false;
    }
    return tests.slice(test).every((rest) => rest === "*");
  };
}

function characterTest(part: string): (character: string) => boolean {
  if (part === "?") return () => true;
  if (part.length === 1 || !part.startsWith("[")) return (character) => character === part;
  const isNegated = part.startsWith("[^");
  const ranges = [...part.slice(isNegated ? 2 : 1, -1).matchAll(/(.)-(.)|(.)/gsu)];
  return (character) =>
    isNegated !==
    ranges.some(([, from, to, single]) =>
      single === undefined ? character >= from! && character <= to! : character === single,
    );
}
