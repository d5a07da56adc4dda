// The connection file that a Jupyter client hands to the kernel: ports, key, signature scheme.

import { readFile } from "node:fs/promises";

export interface ConnectionInfo {
  readonly transport: "tcp" | "ipc";
  readonly ip: string;
  readonly key: string;
  readonly signature_scheme: string;
  readonly shell_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly control_port: number;
  readonly hb_port: number;
}

const PORTS = ["shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"] as const;

export async function readConnectionFile(path: string): Promise<ConnectionInfo> {
  const info = JSON.parse(await readFile(path, "utf8")) as Partial<Record<keyof ConnectionInfo, unknown>>;
  const fail = (what: string) => new Error(`connection file ${path}: ${what}`);
  if (info.transport !== "tcp" && info.transport !== "ipc")
    throw fail(`transport must be "tcp" or "ipc", is ${info.transport}`);
  if (typeof info.ip !== "string") throw fail("ip is missing");
  if (typeof info.key !== "string") throw fail("key is missing");
  for (const port of PORTS) if (!Number.isInteger(info[port])) throw fail(`${port} is no port number`);
  return { signature_scheme: "hmac-sha256", ...info } as ConnectionInfo;
}

export function endpoint({ transport, ip }: ConnectionInfo, port: number): string {
  return transport === "tcp" ? `tcp://${ip}:${port}` : `ipc://${ip}-${port}`;
}

/** Whether only this machine reaches the kernel. */
export const isLoopback = ({ transport, ip }: ConnectionInfo): boolean =>
  transport === "ipc" || ip === "localhost" || ip === "::1" || ip.startsWith("127.");
