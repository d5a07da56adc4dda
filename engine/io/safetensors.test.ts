import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { configureEngine } from "../host.ts";
import { FormatError, io, manualSeed, models, tensor, zeros } from "../index.ts";
import { decodeSafetensors, type Entry, encodeSafetensors } from "./safetensors.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** A file with the given header text and number of data bytes. */
function file(header: string, dataBytes = 0): Uint8Array {
  const encoded = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + encoded.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(encoded.length), true);
  bytes.set(encoded, 8);
  return bytes;
}

describe("safetensors", () => {
  it("writes the bytes of the reference writer: padded header, wide elements first, then names", () => {
    const entries = new Map<string, Entry>([
      ["b", { dtype: "F32", shape: [1], bytes: new Uint8Array([0, 0, 128, 63]) }],
      ["flag", { dtype: "BOOL", shape: [], bytes: new Uint8Array([1]) }],
      ["a", { dtype: "I32", shape: [0, 2], bytes: new Uint8Array() }],
    ]);
    const bytes = encodeSafetensors(entries, { format: "pt" });
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    expect(text(bytes.subarray(8, 8 + length)).trimEnd()).toBe(
      '{"__metadata__":{"format":"pt"},"a":{"dtype":"I32","shape":[0,2],"data_offsets":[0,0]},' +
        '"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"flag":{"dtype":"BOOL","shape":[],"data_offsets":[4,5]}}',
    );
    expect([...bytes.subarray(8 + length)]).toEqual([0, 0, 128, 63, 1]);
  });

  it("reads back what it wrote, whatever names, shapes and dtypes", () => {
    const entry = fc
      .record({
        dtype: fc.constantFrom("F32", "I32", "BOOL", "U8", "F64"),
        shape: fc.array(fc.nat(3), { maxLength: 3 }),
      })
      .map(({ dtype, shape }): Entry => {
        const width = { F32: 4, I32: 4, BOOL: 1, U8: 1, F64: 8 }[dtype] ?? 0;
        const bytes = new Uint8Array(shape.reduce((size, length) => size * length, width)).map((_, i) => i * 31);
        return { dtype: dtype as Entry["dtype"], shape, bytes };
      });
    const name = fc
      .string({ unit: "binary" })
      .filter((key) => key !== "__metadata__" && key !== "__proto__" && key.isWellFormed());
    fc.assert(
      fc.property(
        fc.dictionary(name, entry),
        fc.dictionary(fc.constantFrom("format", "note"), fc.string()),
        (record, metadata) => {
          const decoded = decodeSafetensors(encodeSafetensors(new Map(Object.entries(record)), metadata));
          expect(
            Object.fromEntries(
              [...decoded.entries].map(([key, value]) => [key, { ...value, bytes: [...value.bytes] }]),
            ),
          ).toEqual(
            Object.fromEntries(
              Object.entries(record).map(([key, value]) => [key, { ...value, bytes: [...value.bytes] }]),
            ),
          );
          expect(decoded.metadata).toEqual({ ...metadata });
        },
      ),
    );
  });

  it.each([
    ["the header's length alone takes 8", new Uint8Array(7)],
    ["is more than 100000000", new Uint8Array(8).fill(255)],
    ["does not fit into 10 bytes", new Uint8Array([8, 0, 0, 0, 0, 0, 0, 0, 123, 125])],
    ["does not start with {", file(" {}")],
    ["is not JSON", file("{")],
    ["is not JSON", new Uint8Array([2, 0, 0, 0, 0, 0, 0, 0, 123, 255])],
    ["__metadata__ must map strings to strings", file('{"__metadata__":{"a":1}}')],
    ["a has dtype F31", file('{"a":{"dtype":"F31","shape":[],"data_offsets":[0,4]}}', 4)],
    ["a has dtype toString", file('{"a":{"dtype":"toString","shape":[],"data_offsets":[0,4]}}', 4)],
    ["a has no valid shape", file('{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}', 4)],
    ["a has no valid shape", file('{"a":{"dtype":"F32","shape":[9007199254740991,9],"data_offsets":[0,4]}}', 4)],
    ["a has no valid data_offsets", file('{"a":{"dtype":"F32","shape":[],"data_offsets":[0]}}', 4)],
    ["before its start", file('{"a":{"dtype":"F32","shape":[],"data_offsets":[4,0]}}', 4)],
    ["a of F32 [2] does not take 4 bytes", file('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}', 4)],
    ["a ends at 4, the data has 3 bytes", file('{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}', 3)],
    ["1 bytes at the end belong to no tensor", file('{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}', 5)],
    ["a starts at 4, but the one before ends at 0", file('{"a":{"dtype":"F32","shape":[],"data_offsets":[4,8]}}', 8)],
    [
      "b starts at 2, but the one before ends at 4",
      file(
        '{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[],"data_offsets":[2,6]}}',
        6,
      ),
    ],
    ["a is not described by an object", file('{"a":[]}')],
  ])("refuses a file: %s", (message, bytes) => {
    expect(() => decodeSafetensors(bytes)).toThrow(FormatError);
    expect(() => decodeSafetensors(bytes)).toThrow(message);
  });

  it("never ends in anything but a FormatError, however bytes are damaged", () => {
    const good = encodeSafetensors(new Map([["w", { dtype: "F32", shape: [2, 2], bytes: new Uint8Array(16) }]]));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 4 }), (edits) => {
        const bytes = good.slice();
        for (const [at, value] of edits) bytes[at] = value;
        try {
          decodeSafetensors(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
        }
      }),
    );
  });
});

describe("state dicts in files", () => {
  const files = new Map<string, Uint8Array>();
  const handIn = () =>
    configureEngine({
      writeFile: async (path, bytes) => void files.set(path, bytes),
      readFile: async (path) => files.get(path)!,
    });

  it("bring a model back, byte for byte", async () => {
    handIn();
    manualSeed(1);
    const model = models.leNet5();
    await io.saveSafetensors("lenet.safetensors", model.stateDict());
    const restored = models.leNet5();
    restored.loadStateDict(await io.loadSafetensors("lenet.safetensors"));
    expect(restored.parameters().map((p) => p.dataSync())).toEqual(model.parameters().map((p) => p.dataSync()));
    expect(decodeSafetensors(files.get("lenet.safetensors")!).metadata).toEqual({ format: "pt" });
  });

  it("keep every dtype and empty and scalar shapes, wherever the file's bytes lie in memory", async () => {
    handIn();
    const tensors = {
      scalar: tensor(2.5),
      none: zeros([0, 3]),
      flags: tensor([true, false, true]),
      count: tensor([7], { dtype: "int32" }),
    };
    await io.saveSafetensors("all", tensors);
    const shifted = new Uint8Array(files.get("all")!.length + 1);
    shifted.set(files.get("all")!, 1);
    files.set("all", shifted.subarray(1));
    const loaded = await io.loadSafetensors("all");
    expect(
      Object.fromEntries(Object.entries(loaded).map(([name, t]) => [name, [t.dtype, t.shape, t.toArraySync()]])),
    ).toEqual({
      scalar: ["float32", [], 2.5],
      none: ["float32", [0, 3], []],
      flags: ["bool", [3], [true, false, true]],
      count: ["int32", [1], [7]],
    });
  });

  it("say which dtype cannot be loaded", async () => {
    handIn();
    files.set("half", encodeSafetensors(new Map([["w", { dtype: "F16", shape: [1], bytes: new Uint8Array(2) }]])));
    await expect(io.loadSafetensors("half")).rejects.toThrow(
      "w has dtype F16; what can be loaded is F32, F64, I32, I64, U8, BOOL",
    );
  });
});
