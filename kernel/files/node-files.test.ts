import { mkdtemp, readFile, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MimeBundle } from "#protocol";
import { downloadLines } from "./download-lines.ts";
import { cacheFolder, nodeFiles } from "./node-files.ts";
import { nodeFolder } from "./node-folder.ts";

describe("the folder for downloaded data", () => {
  it.each([
    ["what LECTERN_DATA says", { LECTERN_DATA: "/data", XDG_CACHE_HOME: "/cache" }, "linux", "/data"],
    ["in XDG_CACHE_HOME", { XDG_CACHE_HOME: "/cache" }, "linux", "/cache/lectern"],
    ["in the home folder", {}, "linux", join(homedir(), ".cache/lectern")],
    ["in the Library on a Mac", {}, "darwin", join(homedir(), "Library/Caches/lectern")],
  ] as const)("is %s", (_, env, platform, path) => {
    expect(cacheFolder(env, platform)).toBe(path);
  });
});

describe("a folder", () => {
  let path: string;
  const text = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString();
  beforeAll(async () => {
    path = await mkdtemp(join(tmpdir(), "lectern-folder-"));
  });
  afterAll(() => rm(path, { recursive: true }));

  it("knows what is not there", async () => {
    const folder = nodeFolder(join(path, "not", "made"));
    expect([await folder.read("x"), await folder.size("x")]).toEqual([undefined, 0]);
    await folder.remove("x");
  });

  it("writes on where a file ends, and begins anew at 0", async () => {
    const folder = nodeFolder(path);
    await folder.write("a/b", Buffer.from("hello "), 0);
    await folder.write("a/b", Buffer.from("world"), 6);
    expect([text(await folder.read("a/b")), await folder.size("a/b")]).toEqual(["hello world", 11]);
    await folder.write("a/b", Buffer.from("hi"), 0);
    await folder.rename("a/b", "a/c");
    expect([await folder.read("a/b"), text(await folder.read("a/c"))]).toEqual([undefined, "hi"]);
    await folder.remove("a/c");
    expect(await folder.size("a/c")).toBe(0);
  });

  it("says what else is wrong", async () => {
    await expect(nodeFolder(path).read(".")).rejects.toThrow("EISDIR");
  });
});

describe("what a Node process hands to the engine", () => {
  it("reads assets, and writes files into folders that are not there yet", async () => {
    const files = nodeFiles({ assets: new URL("./", import.meta.url) });
    expect(Buffer.from(await files.readAsset("node-files.ts")).toString()).toContain("nodeFiles");
    const folder = await mkdtemp(join(tmpdir(), "lectern-files-"));
    await files.writeFile(join(folder, "new/file"), Buffer.from("x"));
    expect(await readFile(join(folder, "new/file"), "utf8")).toBe("x");
    await rm(folder, { recursive: true });
  });
});

describe("the line of a download", () => {
  it("is one output that is updated in place, and another one for the next download", () => {
    const shown: { text: unknown; id: string | undefined; update: boolean | undefined }[] = [];
    const show = downloadLines({
      display: (bundle: MimeBundle, { displayId: id, update } = {}) =>
        void shown.push({ text: bundle["text/plain"], id, update }),
    });
    const [first, second] = [show(), show()];
    const at = (receivedBytes: number) => ({
      file: "f.gz",
      url: "https://example.org/x/f.gz",
      receivedBytes,
      totalBytes: 26_421_880,
    });
    for (const bytes of [0, 13_210_940, 26_421_880]) first(at(bytes));
    second(at(0));
    expect(shown.map(({ text }) => text)).toEqual([
      "f.gz: 0.00 of 26.4 MB (0 %) from example.org",
      "f.gz: 13.2 of 26.4 MB (50 %) from example.org",
      "f.gz: 26.4 MB from example.org",
      "f.gz: 0.00 of 26.4 MB (0 %) from example.org",
    ]);
    expect(shown.map(({ update }) => update)).toEqual([false, true, true, false]);
    expect(new Set(shown.slice(0, 3).map(({ id }) => id)).size).toBe(1);
    expect(shown[3]?.id).not.toBe(shown[0]?.id);
  });
});
