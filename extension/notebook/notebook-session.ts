// One notebook's cells on their way through its kernel: one at a time, in the order in which they were started, and none
// after an error, an interrupt or a restart. VS Code stops nothing by itself: its Stop button only calls interrupt().

import type * as vscode from "vscode";
import type { KernelConnection } from "#kernel";
import type { NotebookKernel } from "../kernel-host/notebook-kernel.ts";
import { runCell } from "./cell-run.ts";
import { Displays } from "./displays.ts";

export class NotebookSession implements AsyncDisposable {
  readonly #kernel: NotebookKernel;
  readonly #log: vscode.LogOutputChannel;
  readonly #displays = new Displays();
  #waiting: vscode.NotebookCellExecution[] = [];
  #stop: AbortController | undefined;

  constructor(kernel: NotebookKernel, log: vscode.LogOutputChannel) {
    this.#kernel = kernel;
    this.#log = log;
  }

  /** The notebook's kernel, for what runs no cells: the debugger. Starts one when there is none. */
  connect(): Promise<KernelConnection> {
    return this.#kernel.connect();
  }

  /** Queues cells; resolves when the queue is empty. */
  async run(executions: readonly vscode.NotebookCellExecution[]): Promise<void> {
    this.#waiting.push(...executions);
    if (this.#stop) return;
    this.#stop = new AbortController();
    try {
      for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
        const succeeded = await runCell(next, {
          kernel: this.#kernel,
          displays: this.#displays,
          log: this.#log,
          stopped: this.#stop.signal,
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
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abandonWaiting();
    this.#stop?.abort();
    await this.#kernel[Symbol.asyncDispose]();
  }

  #abandonWaiting(): void {
    for (const execution of this.#waiting) execution.end(undefined);
    this.#waiting = [];
  }
}
