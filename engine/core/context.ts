// The one module with process-wide state, as in PyTorch: backend, default generator, gradient mode, the open scope and
// what the host handed in. It computes nothing. The process that hosts the engine calls `configureEngine` once; everything
// else reads `context`.

import type { Backend } from "../backends/backend.ts";
import { createCpuBackend } from "../backends/cpu/cpu-backend.ts";
import { BackendError } from "./errors.ts";
import { MemoryAccount, type MemoryInfo } from "./memory.ts";
import { Generator } from "./random.ts";

/** How the engine reaches files: it knows no file system of its own. */
export interface FileAccess {
  /** A file that ships with the engine, by name, for example `digits.csv.gz`. */
  readonly readAsset: (name: string) => Promise<Uint8Array>;
  readonly readFile: (path: string) => Promise<Uint8Array>;
  readonly writeFile: (path: string, bytes: Uint8Array) => Promise<void>;
}

export interface EngineOptions extends Partial<FileAccess> {
  /** Where new tensors live and ops run. Default: the CPU. */
  readonly backend?: Backend;
}

interface Context {
  backend: Backend;
  readonly generator: Generator;
  readonly memory: MemoryAccount;
  /** The `noGrad` calls that are open; ops are recorded while there is none. A set: asynchronous ones end in any order. */
  readonly openNoGrads: Set<object>;
  /** The `detectAnomaly` calls that are open. */
  readonly openAnomalyChecks: Set<object>;
  /** Tensors made in the innermost open scope, see tensor/scope.ts. */
  scope: Disposable[] | undefined;
  files: Partial<FileAccess>;
}

export const context: Context = {
  backend: createCpuBackend(),
  generator: new Generator(Math.random() * 2 ** 32),
  memory: new MemoryAccount(),
  openNoGrads: new Set(),
  openAnomalyChecks: new Set(),
  scope: undefined,
  files: {},
};

/** Hands the engine its backend and its access to files. Called by the process that hosts it, not by notebooks. */
export function configureEngine({ backend, ...files }: EngineOptions): void {
  if (backend !== undefined) context.backend = backend;
  context.files = { ...context.files, ...files };
}

/**
 * Records gradients again and closes all scopes. For the host, after it has terminated running code (the interrupt of a
 * cell): that skips `finally` blocks, and a forgotten `noGrad` would silently stop all training.
 */
export function recoverFromTermination(): void {
  context.openNoGrads.clear();
  context.openAnomalyChecks.clear();
  context.scope = undefined;
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

/** Seeds everything random: initial weights, shuffling, dropout, `rand…`. The numbers are those of `torch.manual_seed`. */
export function manualSeed(seed: number): void {
  context.generator.manualSeed(seed);
}

/**
 * Live tensors and bytes, constant over the steps of a training loop. Tensors that were collected rather than disposed are
 * missed once the event loop has turned: a long loop without `await` looks larger than it is.
 */
export function memory(): MemoryInfo {
  const { tensors, bytes } = context.memory;
  return { tensors, bytes, pooledBytes: context.backend.pooledBytes };
}
