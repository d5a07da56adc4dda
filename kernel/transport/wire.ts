// Jupyter's wire format: [identities…, "<IDS|MSG>", signature, header, parent_header, metadata, content, buffers…].
// Signs what is sent and refuses what is not signed right. Source: jupyter_client, docs/messaging.rst, "The wire protocol".

import { createHmac, timingSafeEqual } from "node:crypto";
import type { Header, Message } from "#protocol";

const DELIMITER = Buffer.from("<IDS|MSG>");

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

  /** `scheme` is `hmac-sha256` or a sibling; an empty key means no signatures. Throws WireError for an unknown scheme. */
  constructor(key: string, scheme: string) {
    const algorithm = /^hmac-(\w+)$/.exec(scheme)?.[1];
    if (algorithm === undefined) throw new WireError(`signature_scheme: expected "hmac-sha256", got "${scheme}"`);
    this.#algorithm = algorithm;
    this.#key = key;
  }

  encode(message: Message, identities: readonly (Buffer | string)[]): (Buffer | string)[] {
    const parts = [message.header, message.parent_header, message.metadata, message.content].map((p) =>
      JSON.stringify(p),
    );
    return [...identities, DELIMITER, this.#sign(parts.map((part) => Buffer.from(part))), ...parts];
  }

  /** Throws {@link WireError} for anything that is not a whole, rightly signed message. */
  decode(frames: readonly Buffer[]): Received {
    const at = frames.findIndex((frame) => frame.equals(DELIMITER));
    if (at < 0) throw new WireError("no <IDS|MSG> delimiter");
    const [signature, ...parts] = frames.slice(at + 1);
    if (!signature || parts.length < 4)
      throw new WireError(`expected a signature and 4 JSON frames, got ${parts.length}`);
    const signed = parts.slice(0, 4);
    if (this.#key !== "") {
      const expected = Buffer.from(this.#sign(signed));
      const right = signature.length === expected.length && timingSafeEqual(signature, expected);
      if (!right) throw new WireError("wrong signature");
    }
    const [header, parent_header, metadata, content] = signed.map(parseObject);
    if (typeof header?.msg_type !== "string" || typeof header.msg_id !== "string")
      throw new WireError("no msg_type or msg_id");
    const message = { header, parent_header, metadata, content } as unknown as Message & { header: Header };
    return { identities: frames.slice(0, at), message };
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
