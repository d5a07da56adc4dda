import { describe, expect, it } from "vitest";
import { FormatError } from "../../index.ts";
import { parseCifar } from "./cifar10.ts";
import { parseIdx } from "./idx.ts";
import { parseTar } from "./tar.ts";

describe("an IDX file", () => {
  const header = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3];

  it("is a shape and its bytes", () => {
    const { shape, data } = parseIdx("test", "f", Uint8Array.of(...header, 1, 2, 3, 4, 5, 6), 2);
    expect([shape, [...data]]).toEqual([
      [2, 3],
      [1, 2, 3, 4, 5, 6],
    ]);
  });

  it.each([
    ["of other dimensions", 3, [...header, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6], "got 0x00000802"],
    ["of floats", 2, header.with(2, 0x0d), "got 0x00000d02"],
    ["that ends in its header", 2, [0, 0, 8, 2, 0], "got 5 bytes"],
    ["that is too short", 2, [...header, 1, 2, 3], "promises 2 x 3 = 6 bytes, holds 3"],
    ["that promises more than memory", 2, [0, 0, 8, 2, 255, 255, 255, 255, 255, 255, 255, 255], "holds 0"],
  ])("%s is refused", (_, dimensions, bytes, message) => {
    expect(() => parseIdx("test", "f", Uint8Array.from(bytes), dimensions)).toThrow(FormatError);
    expect(() => parseIdx("test", "f", Uint8Array.from(bytes), dimensions)).toThrow(message);
  });
});

/** A header and the content, filled up to whole blocks, as `tar --format=ustar` writes them. */
function entry(name: string, content: string, type = "0", size = content.length): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(`${size.toString(8).padStart(11, "0")} `, 124);
  header.write("        ", 148);
  header.write(type, 156);
  header.write("ustar\0", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return Buffer.concat([header, Buffer.from(content), Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

describe("a tar archive", () => {
  const end = Buffer.alloc(1024);

  it("is its regular files by name", () => {
    const archive = Buffer.concat([entry("a/", "", "5"), entry("a/b.bin", "hello"), entry("c", "x".repeat(600)), end]);
    const files = parseTar("test", archive);
    expect([...files.keys()]).toEqual(["a/b.bin", "c"]);
    expect(Buffer.from(files.get("a/b.bin")!).toString()).toBe("hello");
    expect(files.get("c")!.length).toBe(600);
  });

  it.each([
    ["with a damaged header", Buffer.concat([Buffer.from(entry("a", "b")).fill(1, 0, 1), end]), "byte 0 is damaged"],
    ["with a file that is larger than it", entry("a", "b", "0", 5000), "a exceeds the archive"],
    ["without an end", entry("a", "b"), "ends in the middle"],
    ["with a size that is none", Buffer.concat([entry("a", "b", "0", Number.NaN), end]), "byte 0 is damaged"],
  ])("%s is refused", (_, archive, message) => {
    expect(() => parseTar("test", archive)).toThrow(message);
  });
});

describe("CIFAR records", () => {
  const record = (label: number) => Uint8Array.from({ length: 3073 }, (_, i) => (i === 0 ? label : i % 256));

  it("are a label and three planes of colour", () => {
    const set = parseCifar([record(3), record(9)]);
    expect([set.length, set.classes[set.labels[0]!]]).toEqual([2, "cat"]);
    const [image, label] = set.get(1);
    expect([image.shape, label.itemSync()]).toEqual([[3, 32, 32], 9]);
    expect(image.select(0, 0).select(0, 0).select(0, 0).itemSync()).toBeCloseTo(1 / 255, 6);
  });

  it("are refused when one is cut or has another class", () => {
    expect(() => parseCifar([record(3).subarray(1)])).toThrow("multiples of 3073 bytes, got 3072");
    expect(() => parseCifar([record(10)])).toThrow("label 10, there are 10 classes");
  });
});
