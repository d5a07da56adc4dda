// Jupyter's wire format: [identities…, "<IDS|MSG>", signature, header, parent_header, metadata, content, buffers…].
// Signs what is sent and refuses what is not signed right. Source: jupyter_client, docs/messaging.rst, "The wire protocol".

import { createHmac, timingSafeEqual } from "node:crypto";
import type { Header, Message } from "#protocol";
import { forgetOldest } from "../bounds/forget-oldest.ts";

const DELIMITER = Buffer.from("<IDS|MSG>");

/** A header has some 300 bytes and comes back in every message of its request. */
const MOST_HEADER_BYTES = 16 * 1024;
/** Comm messages have a buffer per array or image. */
const MOST_FRAMES = 10_000;
/** Signatures that are remembered, so that a recorded message cannot be sent again; as many as jupyter_client remembers. */
const MEMORY = 65_536;

export class WireError extends Error {
  override readonly name = "WireError";
}

export interface Received {
  readonly identities: readonly Buffer[];
  readonly message: Message;
}

export class WireFormat {
  readonly #algorithm: string;
  readonly #key: string;
  readonly #seen = new Set<string>();

  /** `scheme` is `hmac-sha256` or a sibling; an empty key means no signatures. Throws WireError for an unknown scheme. */
  constructor(key: string, scheme: string) {
    const algorithm = /^hmac-(\w+)$/.exec(scheme)?.[1];
    if (algorithm === undefined) throw new WireError(`signature_scheme: expected "hmac-sha256", got "${scheme}"`);
    this.#algorithm = algorithm;
    this.#key = key;
  }

  encode(message: Message, identities: readonly (Buffer | string)[]): (Buffer | Uint8Array | string)[] {
    const parts = [message.header, message.parent_header, message.metadata, message.content].map((p) =>
      JSON.stringify(p),
    );
    const signature = this.#sign(parts.map((part) => Buffer.from(part)));
    return [...identities, DELIMITER, signature, ...parts, ...(message.buffers ?? [])];
  }

  /** Throws {@link WireError} for anything that is not a whole, rightly signed message. */
  decode(frames: readonly Buffer[]): Received {
    if (frames.length > MOST_FRAMES) throw new WireError(`${frames.length} frames; at most ${MOST_FRAMES} are taken`);
    const at = frames.findIndex((frame) => frame.equals(DELIMITER));
    if (at < 0) throw new WireError("no <IDS|MSG> delimiter");
    const [signature, ...parts] = frames.slice(at + 1);
    if (!signature || parts.length < 4)
      throw new WireError(`expected a signature and 4 JSON frames, got ${parts.length}`);
    const signed = parts.slice(0, 4);
    this.#verify(signature, signed);
    for (const [i, frame] of [signed[0]!, signed[1]!].entries()) {
      if (frame.length > MOST_HEADER_BYTES) throw new WireError(`${i === 0 ? "header" : "parent header"} too long`);
    }
    const [header, parent_header, metadata, content] = signed.map(parseObject);
    const message = { header: toHeader(header!), parent_header, metadata, content, buffers: parts.slice(4) };
    return { identities: frames.slice(0, at), message: message as unknown as Message };
  }

  #verify(signature: Buffer, signed: readonly Buffer[]): void {
    if (this.#key === "") return;
    const expected = Buffer.from(this.#sign(signed));
    const isRight = signature.length === expected.length && timingSafeEqual(signature, expected);
    if (!isRight) throw new WireError("wrong signature");
    const text = signature.toString("latin1");
    if (this.#seen.has(text)) throw new WireError("the same message came before");
    this.#seen.add(text);
    forgetOldest(this.#seen, MEMORY);
  }

  #sign(parts: readonly Buffer[]): string {
    if (this.#key === "") return "";
    const hmac = createHmac(this.#algorithm, this.#key);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  }
}

function parseObject(frame: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(frame.toString("utf8"));
  } catch {
    throw new WireError("a frame is not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new WireError("a frame is not a JSON object");
  return value as Record<string, unknown>;
}

/** Checks what is relied on; it comes back to the client as the parent of every answer. */
function toHeader(header: Record<string, unknown>): Header {
  const { msg_type, msg_id, subshell_id } = header;
  if (typeof msg_type !== "string" || typeof msg_id !== "string") throw new WireError("no msg_type or msg_id");
  if (subshell_id != null && typeof subshell_id !== "string") throw new WireError("subshell_id is no text");
  if (hasDepth(header, 3)) throw new WireError("the header is nested");
  return header as unknown as Header;
}

/** What is nested deep enough cannot be written as JSON again. */
function hasDepth(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return depth === 0 || Object.values(value).some((inner) => hasDepth(inner, depth - 1));
}
