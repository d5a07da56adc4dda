import { describe, expect, it } from "vitest";
import type { Message } from "#protocol";
import { WireError, WireFormat } from "./wire.ts";

const header = {
  msg_id: "1",
  session: "s",
  username: "u",
  date: "2026-01-01T00:00:00Z",
  msg_type: "status",
  version: "5.3",
};
const message: Message = { header, parent_header: {}, metadata: {}, content: { execution_state: "idle" } };
const toBuffers = (frames: readonly (Uint8Array | string)[]): Buffer[] => frames.map((frame) => Buffer.from(frame));

describe("WireFormat", () => {
  const wire = new WireFormat("key", "hmac-sha256");

  it("decodes what it encodes, identities included", () => {
    const frames = toBuffers(wire.encode(message, ["client"]));
    expect(wire.decode(frames)).toEqual({ identities: [Buffer.from("client")], message: { ...message, buffers: [] } });
  });

  it("carries buffers behind the signed parts", () => {
    const buffers = [Buffer.from([0, 255]), Buffer.alloc(0)];
    expect(
      new WireFormat("key", "hmac-sha256").decode(toBuffers(wire.encode({ ...message, buffers }, []))).message.buffers,
    ).toEqual(buffers);
  });

  it("refuses a message that was taken before", () => {
    const once = new WireFormat("key", "hmac-sha256");
    const frames = toBuffers(wire.encode(message, []));
    once.decode(frames);
    expect(() => once.decode(frames)).toThrow("came before");
  });

  it("signs as Jupyter does: HMAC-SHA256 in hex over header, parent header, metadata and content", () => {
    // Computed with Python: hmac.new(b"key", b"{}{}{}{}", "sha256").hexdigest()
    const signature = "ca767b02c5bc061ed184a9a029e7f93a7f2f7ed4e8fe74120fc1212f0b008fa3";
    const empty = { header: {}, parent_header: {}, metadata: {}, content: {} } as unknown as Message;
    expect(String(wire.encode(empty, [])[1])).toBe(signature);
  });

  it.each([
    ["a changed content", (f: Buffer[]) => void f.splice(5, 1, Buffer.from('{"code":"evil"}'))],
    ["another signature of the same length", (f: Buffer[]) => void f.splice(1, 1, Buffer.from("0".repeat(64)))],
    ["no signature", (f: Buffer[]) => void f.splice(1, 1, Buffer.alloc(0))],
    ["a missing frame", (f: Buffer[]) => void f.splice(4, 2)],
    ["no delimiter", (f: Buffer[]) => void f.splice(0, 1)],
  ])("refuses a message with %s", (_, spoil) => {
    const frames = toBuffers(wire.encode(message, []));
    spoil(frames);
    expect(() => wire.decode(frames)).toThrow(WireError);
  });

  it("refuses frames that are no JSON objects, even when they are signed", () => {
    const unsigned = new WireFormat("", "hmac-sha256");
    const frames = toBuffers(unsigned.encode(message, []));
    frames.splice(2, 1, Buffer.from("[1]"));
    expect(() => unsigned.decode(frames)).toThrow("not a JSON object");
  });

  it.each([
    ["a header that is too long", { ...header, username: "u".repeat(20_000) }, "too long"],
    ["a header that is nested", { ...header, session: { a: { b: { c: {} } } } }, "nested"],
    ["a subshell that is no text", { ...header, subshell_id: 5 }, "subshell_id"],
    ["no type", { ...header, msg_type: 7 }, "msg_type"],
  ])("refuses %s", (_, wrong, reason) => {
    const frames = toBuffers(wire.encode({ ...message, header: wrong as never }, []));
    expect(() => wire.decode(frames)).toThrow(reason);
  });

  it("refuses more frames than a message has", () => {
    const frames = Array.from({ length: 20_000 }, () => Buffer.alloc(0));
    expect(() => wire.decode(frames)).toThrow("20000 frames");
  });

  it("says so when it does not know the signature scheme", () => {
    expect(() => new WireFormat("key", "rsa")).toThrow('expected "hmac-sha256", got "rsa"');
  });
});
