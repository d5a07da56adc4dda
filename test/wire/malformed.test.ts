// Rightly signed messages with contents that no client would send: each request gets an answer, and the kernel lives.

import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { JupyterClient } from "../jupyter-client.ts";

/** How many messages: LECTERN_FUZZ=100000 npm test -- wire */
const ROUNDS = Number(process.env.LECTERN_FUZZ ?? 1000);

let client: JupyterClient;
beforeAll(async () => {
  client = await JupyterClient.start();
});
afterAll(() => client[Symbol.dispose]());

const TYPES = [
  "kernel_info_request",
  "execute_request",
  "is_complete_request",
  "history_request",
  "comm_info_request",
  "comm_open",
  "comm_msg",
  "comm_close",
  "interrupt_request",
  "create_subshell_request",
  "delete_subshell_request",
  "list_subshell_request",
  "input_reply",
  "no_such_request",
  "__proto__",
  "constructor",
] as const;

const FIELDS =
  "code silent store_history user_expressions allow_stdin comm_id target_name data hist_access_type n start pattern value";
const field = fc.constantFrom(...FIELDS.split(" "), "__proto__");
const anything = fc.oneof(fc.jsonValue(), fc.constantFrom("search", "range", "[", "*".repeat(50), -1, 1e300, [[[[]]]]));
const content = fc.oneof(fc.dictionary(field, anything, { maxKeys: 6 }), anything);
const message = fc.record({
  type: fc.constantFrom(...TYPES),
  channel: fc.constantFrom("shell", "control", "stdin"),
  content,
  metadata: fc.dictionary(fc.string(), fc.jsonValue()),
  buffers: fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 3 }),
  subshell: fc.option(fc.string(), { nil: undefined, freq: 10 }),
});

it(`${ROUNDS} messages of any content are survived, and every request is answered`, async () => {
  const requests: string[] = [];
  for (const { channel, type, content, subshell, ...rest } of fc.sample(message, ROUNDS)) {
    const options = { ...rest, ...(subshell !== undefined && { subshell }) };
    const id = await client.send(channel, type, content as object, options);
    const isObject = typeof content === "object" && content !== null && !Array.isArray(content);
    if (isObject && channel !== "stdin" && type.endsWith("_request")) requests.push(id);
  }
  await client.until(() => requests.every((id) => client.reply(id) !== undefined));
  expect(client.log).not.toContain("unexpected:");
  const { id } = await client.run("6 * 7");
  expect(client.result(id)).toBe("42");
});
