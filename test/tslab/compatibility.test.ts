// The same cells in tslab and in our kernel: both answer what cases.ts says. What is compared, and how: README.md.

import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Heard, JupyterClient } from "../jupyter-client.ts";
import { CASES, type Expected } from "./cases.ts";
import { tslabArgv } from "./tslab.ts";

const KERNELS = {
  tslab: () => JupyterClient.startKernel(tslabArgv),
  lectern: () => JupyterClient.start(),
};

/** tslab loses messages, "idle" too, when its socket is busy: a cell is then run again. Ours gets one try. */
const RETRIES = { tslab: 2, lectern: 0 };

describe.each(Object.entries(KERNELS))("%s", (name, start) => {
  let client: JupyterClient;
  beforeAll(async () => {
    client = await start();
  });
  afterAll(() => client[Symbol.dispose]());

  describe.each(Object.entries(CASES))("%s", (_, cells) => {
    const ids: unknown[] = [];
    const options = { retry: RETRIES[name as keyof typeof RETRIES] };
    it.each(cells.map((cell) => [cell.code, cell] as const))("%s", options, async (_, expected) => {
      const { id, reply, outputs } = await runUnlessAborted(client, expected.code);
      const found = { ok: reply.content.status === "ok", stdout: stdoutOf(outputs), shows: displaysOf(outputs, ids) };
      expect(found).toEqual(toFound(expected));
      const said = `${client.printed(id, "stderr")}${JSON.stringify(outputs.filter(({ type }) => type === "error"))}`;
      expect(said).toContain(expected.fails ?? expected.complains ?? "");
    });
  });
});

const ABORT_WINDOW_MS = 200;

/** tslab aborts what comes within 200 ms of a failure, also what was sent after it, and says "abort" where Jupyter has "aborted". */
async function runUnlessAborted(client: JupyterClient, code: string) {
  for (;;) {
    const ran = await client.run(code);
    if (ran.reply.content.status !== "abort") return ran;
    await setTimeout(ABORT_WINDOW_MS);
  }
}

const toFound = ({ prints = "", shows = [], fails }: Expected) => ({
  ok: fails === undefined,
  stdout: prints,
  shows: shows.map(([mimeType, data, kind = "new"]) => [mimeType, data, kind]),
});

/** What is printed; a result counts as printed last, a text without its quotes. */
function stdoutOf(outputs: readonly Heard[]): string {
  const printed = outputs.map(({ type, content }) =>
    type === "stream" && content.name === "stdout" ? content.text : "",
  );
  const result: string | undefined = outputs.find(({ type }) => type === "execute_result")?.content.data["text/plain"];
  if (result === undefined) return printed.join("");
  return `${printed.join("")}${/^'.*'$/.test(result) ? result.slice(1, -1) : result}\n`;
}

/** MIME type, data and whether it replaces a display of these cells, whose ids are kept in `ids`. */
function displaysOf(outputs: readonly Heard[], ids: unknown[]) {
  return outputs
    .filter(({ type }) => type === "display_data" || type === "update_display_data")
    .flatMap(({ type, content }) => {
      const replaces = type === "update_display_data" && ids.includes(content.transient.display_id);
      ids.push(content.transient.display_id);
      const kind = type === "display_data" ? "new" : replaces ? "update" : "update of nothing";
      return Object.entries(content.data).map(([mimeType, data]) => [mimeType, data, kind]);
    });
}
