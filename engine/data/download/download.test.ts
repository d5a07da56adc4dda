// The downloader against a real server on loopback and a real folder.

import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { nodeFiles } from "../../../kernel/files/node-files.ts";
import { nodeFolder } from "../../../kernel/files/node-folder.ts";
import { configureEngine, type DownloadProgress } from "../../host.ts";
import { download } from "./download.ts";
import { DownloadError, type RemoteFile } from "./remote-file.ts";

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const content = randomBytes(300_000);
const packed = gzipSync(content, { level: 1 });

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const send: Answer = ({ headers }, response) => {
  const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1] ?? 0);
  const range = { "content-range": `bytes ${from}-${packed.length - 1}/${packed.length}` };
  response.writeHead(from > 0 ? 206 : 200, from > 0 ? range : {}).end(packed.subarray(from));
};
const status =
  (code: number): Answer =>
  (_, response) =>
    response.writeHead(code).end("no");
/** Sends up to the given byte, then breaks the connection. */
const breakAt =
  (end: number): Answer =>
  ({ headers }, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1] ?? 0);
    const range = { "content-range": `bytes ${from}-${packed.length - 1}/${packed.length}` };
    response.writeHead(from > 0 ? 206 : 200, { ...(from > 0 && range), "content-length": packed.length - from });
    response.write(packed.subarray(from, end), () => setTimeout(() => response.destroy(), 20));
  };

describe("a download", () => {
  let folder: string;
  let server: Server;
  let base: string;
  /** What the server says to each path, one answer after the other; the last one stays. */
  let answers: Record<string, Answer[]>;
  let requests: { path: string; range: string | undefined }[];

  const file = (...paths: string[]): RemoteFile => ({
    name: "set/file.gz",
    urls: paths.map((path) => base + path),
    sizeBytes: packed.length,
    sha256: sha256(packed),
    unpacked: { sizeBytes: content.length, sha256: sha256(content) },
    alternative: "apt-get install dataset",
  });
  const cached = () => join(folder, "set/file.gz");

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "lectern-data-"));
    answers = {};
    requests = [];
    server = createServer((request, response) => {
      const path = request.url ?? "";
      requests.push({ path, range: request.headers.range });
      const list = answers[path] ?? [status(404)];
      (list.length > 1 ? list.shift()! : list[0]!)(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const files = nodeFiles({ assets: new URL("../assets/", import.meta.url), env: { LECTERN_DATA: folder } });
    configureEngine({ ...files, datasetFolders: [], showProgress: () => () => {} });
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true, force: true });
  });

  it("is checked, kept as it came, and not repeated", async () => {
    answers["/a"] = [send];
    expect(Buffer.from(await download("test", file("/a"))).equals(content)).toBe(true);
    expect((await readFile(cached())).equals(packed)).toBe(true);
    await expect(stat(`${cached()}.part`)).rejects.toThrow("ENOENT");
    await download("test", file("/a"));
    expect(requests).toHaveLength(1);
  });

  it("tells how far it is, and at its end that it is all there", async () => {
    answers["/a"] = [send];
    const told: DownloadProgress[] = [];
    await download("test", file("/a"), { onProgress: (progress) => told.push(progress) });
    expect(told[0]).toEqual({ file: "file.gz", url: `${base}/a`, receivedBytes: 0, totalBytes: packed.length });
    expect(told.at(-1)?.receivedBytes).toBe(packed.length);
    expect(told.length).toBeLessThan(20);
  });

  it("opens one place in the output of the cell, whatever addresses it takes", async () => {
    const places: string[][] = [];
    const showProgress = () => {
      const urls: string[] = [];
      places.push(urls);
      return ({ url }: DownloadProgress) => void urls.push(url);
    };
    configureEngine({ showProgress });
    answers["/cut"] = [breakAt(1000), status(500)];
    answers["/good"] = [send];
    await download("test", file("/cut", "/good"));
    expect(places).toHaveLength(1);
    expect(new Set(places[0])).toEqual(new Set([`${base}/cut`, `${base}/good`]));
    await download("test", file("/good"));
    expect(places).toHaveLength(1);
  });

  it("goes on where the connection broke, at the same address", async () => {
    answers["/a"] = [breakAt(100_000), breakAt(200_000), send];
    await download("test", file("/a"));
    expect(requests.map(({ range }) => range)).toEqual([undefined, "bytes=100000-", "bytes=200000-"]);
  });

  it("goes on with what an earlier try left, at another address", async () => {
    answers["/a"] = [breakAt(100_000), status(503)];
    await expect(download("test", file("/a"))).rejects.toThrow("HTTP 503");
    expect((await stat(`${cached()}.part`)).size).toBe(100_000);
    answers["/b"] = [send];
    await download("test", file("/b"));
    expect(requests.at(-1)).toEqual({ path: "/b", range: "bytes=100000-" });
  });

  it("begins anew when the server knows no ranges", async () => {
    answers["/a"] = [breakAt(100_000), (_, response) => response.writeHead(200).end(packed)];
    expect((await download("test", file("/a"))).length).toBe(content.length);
  });

  it("tries the next address after a 404 and after a wrong range", async () => {
    answers["/odd"] = [
      breakAt(1000),
      (_, response) => response.writeHead(206, { "content-range": "bytes 5-9/10" }).end(),
    ];
    answers["/good"] = [send];
    await download("test", file("/missing", "/odd", "/good"));
    expect(requests.map(({ path }) => path)).toEqual(["/missing", "/odd", "/odd", "/good"]);
  });

  it("refuses another content, keeps nothing of it, and tries the next address", async () => {
    const other = Buffer.from(packed);
    other[1000]! ^= 1;
    answers["/bad"] = [(_, response) => response.end(other)];
    await expect(download("test", file("/bad"))).rejects.toThrow("/bad: wrong checksum");
    await expect(stat(`${cached()}.part`)).rejects.toThrow("ENOENT");
    answers["/good"] = [send];
    expect((await download("test", file("/bad", "/good"))).length).toBe(content.length);
  });

  it("refuses more bytes than the file has", async () => {
    answers["/a"] = [(_, response) => response.end(Buffer.concat([packed, packed]))];
    await expect(download("test", file("/a"))).rejects.toThrow(`sent more than the ${packed.length} bytes`);
  });

  it("gives up on an address that falls silent", async () => {
    answers["/silent"] = [(_, response) => void response.writeHead(200).write(packed.subarray(0, 10))];
    await expect(download("test", file("/silent"), { timeoutMs: 60 })).rejects.toThrow("nothing came for 0.06 s");
  });

  it("stops when it is told to, and keeps what came", async () => {
    const controller = new AbortController();
    answers["/a"] = [
      (_, response) => {
        response.writeHead(200).write(packed.subarray(0, 5000));
        setTimeout(() => controller.abort(new Error("enough")), 50);
      },
    ];
    await expect(download("test", file("/a", "/b"), { signal: controller.signal })).rejects.toThrow("enough");
    expect((await stat(`${cached()}.part`)).size).toBe(5000);
    expect(requests).toHaveLength(1);
  });

  it("says without a network what it tried and where the file can be put by hand", async () => {
    const gone = file("/a");
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    const error = await download("fashionMnist", gone).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(DownloadError);
    expect((error as Error).message.replaceAll(base, "http://host")).toBe(
      [
        "fashionMnist: file.gz could not be downloaded",
        `  http://host/a: connect ECONNREFUSED ${base.slice("http://".length)}`,
        `Without a network, put the file (${packed.length} bytes, sha256 ${sha256(packed)}) at ${cached()}. Or: apt-get install dataset`,
      ].join("\n"),
    );
  });

  it("takes a file that was put into the cache by hand, also if somebody else packed it", async () => {
    await nodeFolder(folder).write("set/file.gz", gzipSync(content, { level: 9 }), 0);
    expect(Buffer.from(await download("test", file())).equals(content)).toBe(true);
  });

  it("replaces a damaged file of the cache, and names it when it cannot", async () => {
    await nodeFolder(folder).write("set/file.gz", packed.subarray(0, 1000), 0);
    await expect(download("test", file("/missing"))).rejects.toThrow(`${cached()}: wrong checksum`);
    answers["/a"] = [send];
    await download("test", file("/a"));
    expect((await readFile(cached())).equals(packed)).toBe(true);
  });

  it("looks into the folders of the system first", async () => {
    configureEngine({ datasetFolders: [nodeFolder(join(folder, "nowhere")), nodeFolder(join(folder, "system"))] });
    await nodeFolder(join(folder, "system")).write("set/file.gz", packed, 0);
    await writeFile(join(folder, "set"), "a file where a folder is meant");
    expect((await download("test", file())).length).toBe(content.length);
  });
});
