// The one module with process-wide state, as in PyTorch: backend, default generator, gradient mode, the open scope and
// what the host handed in. It computes nothing. The process that hosts the engine calls `configureEngine` once; everything
// else reads `context`.

import type { Backend } from "../backends/backend.ts";
import { createPlainBackend } from "../backends/cpu/plain-backend.ts";
import type { Device } from "./device.ts";
import { BackendError } from "./errors.ts";
import { Generator } from "./random.ts";

/** A folder whose files are read by name, for example `fashion-mnist/train-images-idx3-ubyte.gz`. */
export interface ReadableFolder {
  /** As a person would call it, for messages. */
  readonly path: string;
  /** The file, or undefined if there is none. */
  read(name: string): Promise<Uint8Array | undefined>;
}

/** A folder that files are written to, too. Folders inside it are made when they are needed. */
export interface Folder extends ReadableFolder {
  /** In bytes; 0 if there is no such file. */
  size(name: string): Promise<number>;
  /** Writes bytes into a file, from byte `at` on; at 0, the file begins anew. */
  write(name: string, bytes: Uint8Array, at: number): Promise<void>;
  /** In one step, so that nobody sees half a file. */
  rename(from: string, to: string): Promise<void>;
  /** Does nothing if there is no such file. */
  remove(name: string): Promise<void>;
}

/** The part of a web response that the engine looks at. */
export interface FetchResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: {
    getReader(): { read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }> };
  } | null;
}

/** How far the download of one file has come. */
export interface DownloadProgress {
  /** Name of the file, without folder. */
  readonly file: string;
  readonly url: string;
  readonly receivedBytes: number;
  readonly totalBytes: number;
}

/** How the engine reaches files: it knows no file system and no network of its own. */
export interface FileAccess {
  /** A file that ships with the engine, by name, for example `digits.csv.gz`. */
  readonly readAsset: (name: string) => Promise<Uint8Array>;
  readonly readFile: (path: string) => Promise<Uint8Array>;
  readonly writeFile: (path: string, bytes: Uint8Array) => Promise<void>;
  /** Where downloaded data sets are kept. */
  readonly cache: Folder;
  /** Folders of the system in which data sets may lie, such as Debian's `/usr/share/datasets`. Default: none. */
  readonly datasetFolders: readonly ReadableFolder[];
  /** The platform's `fetch`. */
  readonly fetch: (
    url: string,
    init: { readonly headers: Readonly<Record<string, string>>; readonly signal: AbortSignal },
  ) => Promise<FetchResponse>;
  /**
   * Opens a place that shows how far one download has come; what it returns is called at most ten times a second, and at
   * the end. Default: nothing is shown.
   */
  readonly showProgress: () => (progress: DownloadProgress) => void;
}

export interface EngineOptions extends Partial<FileAccess> {
  /** What computes, by device; a function is called when its device is first asked for. Default: the CPU, plainly. */
  readonly devices?: Partial<Readonly<Record<Device, Backend | (() => Backend)>>>;
  /** Where new tensors live until `device` says otherwise. Default: `cpu`. */
  readonly device?: Device;
}

interface Context {
  /** Where new tensors live. */
  device: Device;
  /** The devices that were asked for, and those that were not yet. */
  readonly backends: Map<Device, Backend>;
  readonly starters: Map<Device, () => Backend>;
  /** Where everything lives and runs for the moment instead, see backends/meta. */
  guest: Backend | undefined;
  readonly generator: Generator;
  /** The `noGrad` calls that are open; ops are recorded while there is none. A set: asynchronous ones end in any order. */
  readonly openNoGrads: Set<object>;
  /** The `detectAnomaly` calls that are open. */
  readonly openAnomalyChecks: Set<object>;
  /** Tensors made in the innermost open scope, see tensor/scope.ts. */
  scope: Disposable[] | undefined;
  files: Partial<FileAccess>;
}

export const context: Context = {
  device: "cpu",
  backends: new Map([["cpu", createPlainBackend()]]),
  starters: new Map(),
  guest: undefined,
  generator: new Generator(Math.random() * 2 ** 32),
  openNoGrads: new Set(),
  openAnomalyChecks: new Set(),
  scope: undefined,
  files: {},
};

/**
 * Hands the engine its devices and its access to files. Called by the process that hosts it, not by notebooks.
 *
 * @example
 * // What is not handed in stays as it was.
 * configureEngine({});
 */
export function configureEngine({ devices = {}, device, ...files }: EngineOptions): void {
  for (const [name, given] of Object.entries(devices) as [Device, Backend | (() => Backend)][]) {
    if (typeof given === "function") {
      context.backends.delete(name);
      context.starters.set(name, given);
    } else context.backends.set(name, given);
  }
  if (device !== undefined) context.device = device;
  context.files = { ...context.files, ...files };
}

/**
 * Records gradients again, closes all scopes, leaves the meta device and waits for all others. For the host, after it has
 * terminated running code (the interrupt of a cell): that skips `finally` blocks, and a forgotten `noGrad` would silently
 * stop all training.
 *
 * @example
 * recoverFromTermination();
 * isGradEnabled(); // true
 */
export function recoverFromTermination(): void {
  context.openNoGrads.clear();
  context.openAnomalyChecks.clear();
  context.guest = undefined;
  context.scope = undefined;
  for (const backend of context.backends.values()) backend.settle();
}

/** The handed-in file access, or a BackendError that says what the host has to hand in. */
export function fileAccess<K extends keyof FileAccess>(kind: K, caller: string): FileAccess[K] {
  const access = context.files[kind];
  if (access === undefined) {
    throw new BackendError(
      caller,
      `no ${kind} was handed to the engine`,
      `The host calls configureEngine({ ${kind} }).`,
    );
  }
  return access as FileAccess[K];
}

/**
 * Seeds everything random: initial weights, shuffling, dropout, `rand…`. The numbers are those of `torch.manual_seed`.
 *
 * @example
 * manualSeed(7);
 * const first = rand([2]);
 * manualSeed(7);
 * first.eq(rand([2])); // tensor([True, True])
 */
export function manualSeed(seed: number): void {
  context.generator.manualSeed(seed);
}
