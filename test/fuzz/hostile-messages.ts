// Messages that a kernel must survive: forged, cut, swollen, of wrong types. Frames as they go over the wire, made from a seed.

import { createHmac } from "node:crypto";
import fc from "fast-check";

export type Frames = readonly (Buffer | string)[];

/** How a message is wrong. `signed` ones carry a right signature, and a content that no handler expects. */
export type Kind = "forged" | "cut" | "not JSON" | "wrong types" | "noise" | "huge" | "deep";

export interface Hostile {
  readonly kind: Kind;
  readonly channel: "shell" | "control" | "stdin";
  readonly frames: Frames;
}

const DELIMITER = "<IDS|MSG>";

/** What a forged message wants to be run: a test looks whether it was. */
export const INTRUDER = "globalThis.intruded = true";

/** Message types that do something, were they believed. `shutdown_request` is only ever sent forged or cut. */
const TYPES = [
  "execute_request",
  "complete_request",
  "inspect_request",
  "is_complete_request",
  "history_request",
  "kernel_info_request",
  "comm_open",
  "comm_msg",
  "comm_close",
  "comm_info_request",
  "input_reply",
  "debug_request",
  "create_subshell_request",
  "delete_subshell_request",
  "list_subshell_request",
  "lectern_language_request",
  "no_such_request",
];

const channel = fc.constantFrom("shell", "control", "stdin");

/** A value of any JSON type, small. */
const json = fc.jsonValue({ maxDepth: 3 });

/** Contents whose fields have the names that handlers read, and values of any type. Code would be a sentence, not a cell. */
const wrongContent = fc.dictionary(
  fc.constantFrom(
    "code",
    "cursor_pos",
    "silent",
    "hist_access_type",
    "n",
    "comm_id",
    "target_name",
    "data",
    "subshell_id",
    "value",
    "detail_level",
    "user_expressions",
    "pattern",
    "command",
    "arguments",
  ),
  fc.oneof(json, fc.constant("not a cell {"), fc.double(), fc.bigInt().map(String)),
  { maxKeys: 6 },
);

const rightContent = fc.constant({ code: INTRUDER, silent: true, restart: false });

function header(msg_type: string, id: number): object {
  return {
    msg_id: `fuzz-${id}`,
    session: "fuzz",
    username: "fuzz",
    date: new Date(0).toISOString(),
    msg_type,
    version: "5.5",
  };
}

/** Hostile messages for a kernel with this `key`, for ever the same for a seed. */
export function hostileMessages(key: string): fc.Arbitrary<Hostile> {
  const sign = (parts: readonly string[]): string => {
    const hmac = createHmac("sha256", key);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  };
  const signed = (parts: readonly string[]): Frames => [DELIMITER, sign(parts), ...parts];
  const id = fc.nat();
  const type = fc.constantFrom(...TYPES);

  const forged = fc
    .record({
      id,
      type: fc.constantFrom(...TYPES, "shutdown_request", "interrupt_request"),
      content: rightContent,
      channel,
      signature: fc.oneof(
        fc.constant(""),
        fc.constant("0".repeat(64)),
        fc.string({ minLength: 64, maxLength: 64 }),
        fc.string(),
      ),
    })
    .map(({ id, type, content, channel, signature }): Hostile => {
      return {
        kind: "forged",
        channel,
        frames: [DELIMITER, signature, JSON.stringify(header(type, id)), "{}", "{}", JSON.stringify(content)],
      };
    });

  const cut = fc
    .record({ id, type, content: rightContent, channel, left: fc.nat({ max: 5 }), tampered: fc.boolean() })
    .map(({ id, type, content, channel, left, tampered }): Hostile => {
      const frames = signed([JSON.stringify(header(type, id)), "{}", "{}", JSON.stringify(content)]);
      // Either frames are missing, or the content is another than the signed one.
      const wrong = tampered
        ? [...frames.slice(0, 5), JSON.stringify({ code: `${INTRUDER};` })]
        : frames.slice(0, left);
      return { kind: "cut", channel, frames: wrong };
    });

  const notJson = fc
    .record({
      channel,
      parts: fc.array(
        fc.oneof(
          fc.string(),
          json.map((value) => JSON.stringify(value) ?? ""),
        ),
        { minLength: 4, maxLength: 6 },
      ),
    })
    .map(
      ({ channel, parts }): Hostile => ({
        kind: "not JSON",
        channel,
        frames: [...signed(parts.slice(0, 4)), ...parts.slice(4)],
      }),
    );

  const wrongTypes = fc
    .record({
      id,
      type,
      channel,
      content: wrongContent,
      parent: json,
      metadata: json,
      extra: fc.dictionary(fc.constantFrom("subshell_id", "session", "date", "version", "msg_id"), json, {
        maxKeys: 2,
      }),
    })
    .map(({ id, type, channel, content, parent, metadata, extra }): Hostile => {
      const parts = [{ ...header(type, id), ...extra }, parent, metadata, content].map(
        (part) => JSON.stringify(part) ?? "null",
      );
      return { kind: "wrong types", channel, frames: signed(parts) };
    });

  const noise = fc
    .record({ channel, frames: fc.array(fc.uint8Array({ maxLength: 200 }), { minLength: 1, maxLength: 12 }) })
    .map(
      ({ channel, frames }): Hostile => ({ kind: "noise", channel, frames: frames.map((frame) => Buffer.from(frame)) }),
    );

  const huge = fc
    .record({
      id,
      type,
      channel,
      kilobytes: fc.integer({ min: 100, max: 2000 }),
      frameCount: fc.constantFrom(0, 0, 2000),
    })
    .map(({ id, type, channel, kilobytes, frameCount }): Hostile => {
      const parts = [header(type, id), {}, {}, { code: `"${"x".repeat(1024 * kilobytes)}` }].map((part) =>
        JSON.stringify(part),
      );
      const extra = Array.from({ length: frameCount }, () => "x");
      return { kind: "huge", channel, frames: [...signed(parts), ...extra] };
    });

  const deep = fc
    .record({ id, type, channel, depth: fc.integer({ min: 100, max: 20_000 }), where: fc.nat({ max: 3 }) })
    .map(({ id, type, channel, depth, where }): Hostile => {
      const nested = `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
      const parts = [JSON.stringify(header(type, id)), "{}", "{}", "{}"].with(where, nested);
      return { kind: "deep", channel, frames: signed(parts) };
    });

  return fc.oneof(
    { weight: 30, arbitrary: forged },
    { weight: 20, arbitrary: cut },
    { weight: 10, arbitrary: notJson },
    { weight: 25, arbitrary: wrongTypes },
    { weight: 13, arbitrary: noise },
    { weight: 1, arbitrary: huge },
    { weight: 1, arbitrary: deep },
  );
}
