// What the kernel says of itself: content of `kernel_info_reply`.

import { PROTOCOL_VERSION } from "#protocol";
import { deviceWanted } from "../compute/device-wanted.ts";

export interface KernelInfo {
  readonly [key: string]: unknown;
  readonly protocol_version: string;
  readonly implementation: string;
  readonly implementation_version: string;
  readonly banner: string;
}

export function kernelInfo(version: string, typescriptVersion: string): KernelInfo {
  return {
    protocol_version: PROTOCOL_VERSION,
    implementation: "lectern",
    implementation_version: version,
    language_info: {
      name: "typescript",
      version: typescriptVersion,
      mimetype: "text/x-typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      codemirror_mode: "typescript",
      nbconvert_exporter: "script",
    },
    banner: `Lectern ${version} (TypeScript ${typescriptVersion}, node ${process.versions.node}, ${deviceWanted()})`,
    help_links: [],
    supported_features: ["kernel subshells", "debugger"],
    debugger: true, // what clients asked for before there were supported_features
  };
}
