// The threads that compute: this one, which leads, and followers that the host starts. Runs one job at a time and returns
// when it is done. Followers run follow.ts; how they talk is job-board.ts.

import { KernelError } from "../kernel-error.ts";
import type { Kernel } from "../kernel-library.ts";
import { JobBoard, limits } from "./job-board.ts";

/** What a follower needs to know when it starts. */
export interface Assignment {
  readonly board: SharedArrayBuffer;
  readonly memory: WebAssembly.Memory;
}

/** A kernel that the next job may name by its number. */
export interface Lesson {
  readonly number: number;
  readonly module: WebAssembly.Module;
}

/** A thread of the host. */
export interface Follower {
  /** What is posted can be received at once, also by a thread that never returns to its event loop. */
  postMessage(lesson: Lesson): void;
}

export type StartFollower = (assignment: Assignment) => Follower;

/** Arguments of one call; all calls of a job have as many. */
export type Part = readonly number[];

/** Work that a thread is woken up for, in multiply-adds: some 20 µs. */
const defaultGrain = 2 ** 20;

export interface TeamOptions {
  /** Threads, the leader included. */
  readonly size: number;
  /** Without a way to start followers, a team of one. */
  readonly startFollower: StartFollower | undefined;
  /** Work that makes a part, in multiply-adds. Tests make it small, so that everything is cut. */
  readonly grain: number | undefined;
}

export class Team {
  /** Threads, this one included. */
  readonly size: number;
  readonly #memory: WebAssembly.Memory;
  readonly #startFollower: StartFollower | undefined;
  readonly #grain: number;
  readonly #board = new JobBoard();
  /** Numbers of the kernels that followers know. */
  readonly #numbers = new Map<Kernel, number>();
  #followers: readonly Follower[] | undefined;

  constructor(memory: WebAssembly.Memory, { size, startFollower, grain = defaultGrain }: TeamOptions) {
    this.size = startFollower === undefined ? 1 : size;
    this.#memory = memory;
    this.#startFollower = startFollower;
    this.#grain = grain;
  }

  /** Into how many parts to cut `work`, in multiply-adds: 1 if it is small. */
  partsFor(work: number): number {
    return Math.max(1, Math.min(this.size, Math.floor(work / this.#grain)));
  }

  /** Calls `kernel` once for every part, in any order and on any thread. */
  run(kernel: Kernel, parts: readonly Part[]): void {
    if (this.size === 1 || parts.length === 1) {
      this.runHere(kernel, parts);
      return;
    }
    for (let first = 0; first < parts.length; first += limits.parts) {
      this.#runTogether(kernel, parts.slice(first, first + limits.parts));
    }
  }

  /** The same on this thread, for parts that together are small. */
  runHere(kernel: Kernel, parts: readonly Part[]): void {
    for (const part of parts) kernel.call(...part);
  }

  /** Waits until no follower works any more: after the leader was stopped in the middle of a job. */
  settle(): void {
    this.#board.settle();
  }

  #runTogether(kernel: Kernel, parts: readonly Part[]): void {
    this.#board.open({ kernel: this.#numbers.get(kernel) ?? this.#teach(kernel), parts });
    this.#board.takeParts(kernel.call);
    if (!this.#board.close()) throw new KernelError(kernel.key, "the kernel trapped on one of the threads");
  }

  #teach(kernel: Kernel): number {
    const number = this.#numbers.size;
    this.#numbers.set(kernel, number);
    this.#followers ??= this.#start();
    for (const follower of this.#followers) follower.postMessage({ number, module: kernel.module });
    return number;
  }

  #start(): Follower[] {
    const assignment = { board: this.#board.memory, memory: this.#memory };
    return Array.from({ length: this.size - 1 }, () => this.#startFollower!(assignment));
  }
}
