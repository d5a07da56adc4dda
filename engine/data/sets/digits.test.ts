import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { configureEngine } from "../../host.ts";
import { BackendError, data, FormatError } from "../../index.ts";
import { parseDigits } from "./digits.ts";

const asset = new URL("../assets/digits.csv.gz", import.meta.url);
const line = `${new Array(64).fill("0").join(",")},7`;

describe("digits", () => {
  it("say what the host has to hand in", async () => {
    await expect(data.digits()).rejects.toThrow(BackendError);
    await expect(data.digits()).rejects.toThrow("The host calls configureEngine({ readAsset }).");
  });

  describe("with file access", () => {
    beforeAll(() => configureEngine({ readAsset: () => readFile(asset) }));

    it("are 1,797 images of ink from 0 to 1, with labels", async () => {
      const digits = await data.digits();
      const [images, labels] = digits.tensors;
      expect([digits.length, images.shape, labels.shape]).toEqual([1797, [1797, 1, 8, 8], [1797]]);
      expect([images.max().itemSync(), labels.dtype]).toEqual([1, "int32"]);
      expect(labels.narrow(0, 0, 10).toArraySync()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      expect(images.sum().itemSync()).toBeCloseTo(561718 / 16, 0);
    });

    it("can be as large as LeNet-5 wants them", async () => {
      const [image, label] = (await data.digits({ size: 32 })).get(3);
      expect([image.shape, label.itemSync()]).toEqual([[1, 32, 32], 3]);
    });
  });

  it("come from the file that the notice describes", async () => {
    const notice = await readFile(new URL("../assets/NOTICE.md", import.meta.url), "utf8");
    expect(notice).toContain(
      createHash("sha256")
        .update(await readFile(asset))
        .digest("hex"),
    );
  });

  it.each([
    ["expected 1797 lines, got 1", line],
    ["line 2 is not 64 pixels", [line, line.replace("7", "10"), ...new Array(1795).fill(line)].join("\n")],
    ["line 1 is not 64 pixels", [line.replace("0", "17"), ...new Array(1796).fill(line)].join("\n")],
    ["line 1 is not 64 pixels", [line.replace("0,", ""), ...new Array(1796).fill(line)].join("\n")],
  ])("are refused: %s", (message, text) => {
    expect(() => parseDigits(text)).toThrow(FormatError);
    expect(() => parseDigits(text)).toThrow(message);
  });

  it("are refused when the file is not gzip", async () => {
    configureEngine({ readAsset: async () => new Uint8Array([1, 2, 3]) });
    await expect(data.digits()).rejects.toThrow("digits.csv.gz is not a gzip file");
  });
});
