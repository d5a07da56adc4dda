import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { endpoint, isLoopback, readConnectionFile } from "./connection-file.ts";

const ports = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 };
const info = { transport: "tcp", ip: "127.0.0.1", key: "k", ...ports };

async function read(content: object) {
  const file = join(await mkdtemp(join(tmpdir(), "lectern-connection-")), "connection.json");
  await writeFile(file, JSON.stringify(content));
  return readConnectionFile(file);
}

it("reads a connection file, with HMAC-SHA256 unless it says another scheme", async () => {
  const read1 = await read(info);
  expect(read1).toEqual({ ...info, signature_scheme: "hmac-sha256" });
  expect(endpoint(read1, 7)).toBe("tcp://127.0.0.1:7");
});

it.each([
  [{ ...info, transport: "udp" }, 'transport must be "tcp" or "ipc", is udp'],
  [{ ...info, ip: 5 }, "ip is missing"],
  [{ ...info, key: undefined }, "key is missing"],
  [{ ...info, hb_port: "5" }, "hb_port is no port number"],
])("says what is wrong with %j", async (content, problem) => {
  await expect(read(content)).rejects.toThrow(problem);
});

it.each([
  ["tcp", "127.0.0.1", true],
  ["tcp", "127.8.0.1", true],
  ["tcp", "localhost", true],
  ["tcp", "::1", true],
  ["ipc", "/tmp/kernel", true],
  ["tcp", "0.0.0.0", false],
  ["tcp", "*", false],
  ["tcp", "192.168.0.2", false],
] as const)("%s to %s is loopback: %s", (transport, ip, expected) => {
  expect(isLoopback({ ...info, signature_scheme: "", transport, ip })).toBe(expected);
});
