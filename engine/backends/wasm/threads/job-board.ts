// How the threads of a team talk: a few words of shared memory on which the leader writes a job, and from which everybody,
// the leader included, takes parts until none is left. Nobody locks: a job is only written while nobody reads.

/** Calls of one exported function, each with arguments of its own. */
export interface Job {
  readonly kernel: number;
  readonly parts: readonly (readonly number[])[];
}

export const limits = { parts: 256, parameters: 32 } as const;

/** Words of the board. */
const word = {
  /** 1 while the job may be read. */
  isOpen: 0,
  /** Counts jobs; followers sleep on it. */
  job: 1,
  /** Followers that read or work. */
  active: 2,
  sleeping: 3,
  /** The next part that nobody has taken. */
  next: 4,
  done: 5,
  parts: 6,
  parameters: 7,
  kernel: 8,
  failed: 9,
  count: 10,
} as const;

const wordBytes = 64;
/** Looks at the board before a follower falls asleep, some 50 µs: waking up takes as long. */
const patience = 20_000;

export class JobBoard {
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #arguments: Float64Array;

  constructor(memory = new SharedArrayBuffer(wordBytes + 8 * limits.parts * limits.parameters)) {
    this.memory = memory;
    this.#words = new Int32Array(memory, 0, word.count);
    this.#arguments = new Float64Array(memory, wordBytes);
  }

  // For the leader.

  /** Writes a job for the others. Waits for those that still look at the last one. */
  open({ kernel, parts }: Job): void {
    const words = this.#words;
    this.settle();
    const parameters = parts[0]!.length;
    let at = 0;
    for (const part of parts) for (const value of part) this.#arguments[at++] = value;
    words[word.kernel] = kernel;
    words[word.parameters] = parameters;
    words[word.parts] = parts.length;
    words[word.next] = 0;
    words[word.done] = 0;
    words[word.failed] = 0;
    Atomics.store(words, word.isOpen, 1);
    Atomics.add(words, word.job, 1);
    if (Atomics.load(words, word.sleeping) > 0) Atomics.notify(words, word.job);
  }

  /** Waits until all parts are done; true if none of them failed. */
  close(): boolean {
    const words = this.#words;
    const parts = words[word.parts]!;
    this.#until(word.done, (done) => done >= parts);
    Atomics.store(words, word.isOpen, 0);
    return Atomics.load(words, word.failed) === 0;
  }

  /** Waits until nobody works: after a job whose leader was stopped in the middle of it, too. */
  settle(): void {
    Atomics.store(this.#words, word.isOpen, 0);
    this.#until(word.active, (active) => active === 0);
  }

  // For the followers.

  /** Sleeps until there is another job than the one that was seen; returns its number. */
  wait(seen: number): number {
    const words = this.#words;
    for (let look = 0; look < patience; look++) {
      const job = Atomics.load(words, word.job);
      if (job !== seen) return job;
    }
    Atomics.add(words, word.sleeping, 1);
    Atomics.wait(words, word.job, seen);
    Atomics.sub(words, word.sleeping, 1);
    return Atomics.load(words, word.job);
  }

  /** Runs `work` with the number of the kernel, unless the job is over already. */
  join(work: (kernel: number) => void): void {
    const words = this.#words;
    Atomics.add(words, word.active, 1);
    if (Atomics.load(words, word.isOpen) === 1) work(words[word.kernel]!);
    Atomics.sub(words, word.active, 1);
    Atomics.notify(words, word.active);
  }

  // For all.

  /** Takes one part after the other and calls `kernel` with its arguments. */
  takeParts(kernel: (...values: number[]) => void): void {
    const words = this.#words;
    const [parts, parameters] = [words[word.parts]!, words[word.parameters]!];
    for (;;) {
      const part = Atomics.add(words, word.next, 1);
      if (part >= parts) return;
      try {
        const values = this.#arguments.subarray(part * parameters, (part + 1) * parameters);
        Reflect.apply(kernel, undefined, values);
      } catch {
        Atomics.store(words, word.failed, 1);
      }
      Atomics.add(words, word.done, 1);
      Atomics.notify(words, word.done);
    }
  }

  /** Looks often, then sleeps: with more threads than cores, the others need the core. */
  #until(at: number, isSo: (value: number) => boolean): void {
    for (let look = 0; ; look++) {
      const value = Atomics.load(this.#words, at);
      if (isSo(value)) return;
      if (look > patience) Atomics.wait(this.#words, at, value, 1);
    }
  }
}
