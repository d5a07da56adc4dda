// Reads back from the GPU: by message for those who can wait in the event loop, through shared memory for those who cannot.

import { BackendError } from "../../core/errors.ts";
import type { GpuThread } from "./gpu-thread.ts";
import { replyHeaderWords } from "./protocol.ts";

type Words = Uint32Array<ArrayBuffer>;

interface Waiting {
  readonly resolve: (words: Words) => void;
  readonly reject: (error: unknown) => void;
}

export class Reader {
  readonly #thread: GpuThread;
  /** Throws what went wrong on the GPU. */
  readonly #check: () => void;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  constructor(thread: GpuThread, check: () => void) {
    this.#thread = thread;
    this.#check = check;
    thread.listen(({ read, words }) => this.#answer(read, words));
  }

  /** `length` words of a buffer from `start` on, after all that was sent before. */
  read(buffer: number, start: number, length: number): Promise<Words> {
    if (length === 0) return Promise.resolve(new Uint32Array(0));
    const read = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(read, { resolve, reject });
      this.#thread.stayAwake(true);
      this.#thread.post({ kind: "read", read, buffer, start, length }, []);
    });
  }

  /** The same, waiting. */
  readSync(buffer: number, start: number, length: number): Words {
    if (length === 0) return new Uint32Array(0);
    const reply = new SharedArrayBuffer(4 * (replyHeaderWords + length));
    const words = new Uint32Array(reply);
    const state = new Int32Array(reply, 0, 1);
    this.#thread.post({ kind: "read", read: ++this.#last, buffer, start, length, reply }, []);
    // A thread that cannot answer at all may still have said why.
    while (Atomics.wait(state, 0, 0, 1000) === "timed-out") this.#check();
    this.#check();
    if (state[0] !== 1) throw failed();
    return words.slice(replyHeaderWords) as Words;
  }

  #answer(read: number, words: Words | undefined): void {
    const waiting = this.#waiting.get(read);
    this.#waiting.delete(read);
    if (this.#waiting.size === 0) this.#thread.stayAwake(false);
    if (waiting === undefined) return;
    try {
      this.#check();
      if (words === undefined) throw failed();
      waiting.resolve(words);
    } catch (error) {
      waiting.reject(error);
    }
  }
}

function failed(): BackendError {
  return new BackendError("read", "the elements could not be read back from the GPU, see the error before this one");
}
