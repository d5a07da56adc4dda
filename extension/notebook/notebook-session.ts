// One notebook's cells on their way through its kernel: one at a time, in the order in which they were started, and none
// after an error, an interrupt or a restart. VS Code stops nothing by itself: its Stop button only calls interrupt().

import type * as vscode from "vscode";
import type { KernelConnection } from "#kernel";
import type { NotebookKernel } from "../kernel-host/notebook-kernel.ts";
import { type CreateExecution, runCell } from "./cell-run.ts";
import { Displays } from "./displays.ts";

export class NotebookSession implements AsyncDisposable {
  readonly #kernel: NotebookKernel;
  readonly #log: vscode.LogOutputChannel;
  readonly #displays = new Displays();
  readonly #latestRuns = new WeakMap<vscode.NotebookCell, vscode.NotebookCellExecution>();
  #waiting: vscode.NotebookCellExecution[] = [];
  #stop: AbortController | undefined;
  #device: string | undefined;
  readonly #onDevice: () => void;

  /** `onDevice` is called when cells have changed the device, or it became known. */
  constructor(kernel: NotebookKernel, log: vscode.LogOutputChannel, onDevice: () => void) {
    this.#kernel = kernel;
    this.#log = log;
    this.#onDevice = onDevice;
  }

  /** Where new tensors live, in words; undefined until a cell has run. */
  get device(): string | undefined {
    return this.#device;
  }

  /** Queues cells; resolves when the queue is empty. */
  async run(cells: readonly vscode.NotebookCell[], createExecution: CreateExecution): Promise<void> {
    this.#waiting.push(...cells.map(createExecution));
    if (this.#stop) return;
    this.#stop = new AbortController();
    try {
      for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
        const succeeded = await runCell(next, {
          kernel: this.#kernel,
          displays: this.#displays,
          log: this.#log,
          stopped: this.#stop.signal,
          createExecution,
          latestRuns: this.#latestRuns,
          onDevice: (device) => this.#tellDevice(device),
        });
        if (!succeeded || this.#stop.signal.aborted) {
          this.#abandonWaiting();
          this.#stop = new AbortController();
        }
      }
    } finally {
      this.#stop = undefined;
    }
  }

  /** The notebook's kernel, for the language service and the debugger; starts it when there is none. */
  connect(): Promise<KernelConnection> {
    return this.#kernel.connect();
  }

  async interrupt(): Promise<void> {
    this.#abandonWaiting();
    this.#stop?.abort();
    await this.#kernel.interrupt();
  }

  /** A fresh kernel for the cells to come: every variable is gone. */
  async restart(): Promise<void> {
    this.#abandonWaiting();
    this.#stop?.abort();
    await this.#kernel.restart();
    this.#tellDevice(undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abandonWaiting();
    this.#stop?.abort();
    await this.#kernel[Symbol.asyncDispose]();
  }

  #tellDevice(device: string | undefined): void {
    if (device === this.#device) return;
    this.#device = device;
    this.#onDevice();
  }

  #abandonWaiting(): void {
    for (const execution of this.#waiting) execution.end(undefined);
    this.#waiting = [];
  }
}
