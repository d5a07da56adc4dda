// One shell: what waits to be handled, one after the other. The main shell is one, and each subshell.

/** What one shell lets wait: a client that sends without end must not fill the memory. */
const MOST = 10_000;

export class ShellQueue<Job extends object> {
  readonly #handle: (job: Job) => Promise<void>;
  #waiting: Job[] = [];
  #current: Job | undefined;

  /** `handle` never rejects. */
  constructor(handle: (job: Job) => Promise<void>) {
    this.#handle = handle;
  }

  /** What is being handled now. */
  get current(): Job | undefined {
    return this.#current;
  }

  get isFull(): boolean {
    return this.#waiting.length >= MOST;
  }

  push(job: Job): void {
    this.#waiting.push(job);
    if (!this.#current) void this.#work();
  }

  /** Takes out what waits and is to go. */
  remove(isToGo: (job: Job) => boolean): readonly Job[] {
    const removed = this.#waiting.filter(isToGo);
    this.#waiting = this.#waiting.filter((job) => !isToGo(job));
    return removed;
  }

  async #work(): Promise<void> {
    for (this.#current = this.#waiting.shift(); this.#current; this.#current = this.#waiting.shift()) {
      await this.#handle(this.#current);
    }
  }
}
