// At most one call per interval, however often it is asked for: the first at once, the last never lost.
// Decides by the clock when asked, because a training loop that never awaits lets no timer fire.

import type { Clock } from "../host.ts";

export class Throttle {
  readonly #act: () => void;
  readonly #clock: Clock;
  readonly #intervalMs: number;
  #lastAt = Number.NEGATIVE_INFINITY;
  #trailing: Disposable | undefined;

  constructor(act: () => void, clock: Clock, intervalMs: number) {
    this.#act = act;
    this.#clock = clock;
    this.#intervalMs = intervalMs;
  }

  /** Acts now when the interval has passed, else once when it will have. */
  request(): void {
    const waitMs = this.#lastAt + this.#intervalMs - this.#clock.now();
    if (waitMs <= 0) this.actNow();
    else this.#trailing ??= this.#clock.setTimeout(() => this.actNow(), waitMs);
  }

  actNow(): void {
    this.cancel();
    this.#lastAt = this.#clock.now();
    this.#act();
  }

  /** Drops what was still to come. */
  cancel(): void {
    this.#trailing?.[Symbol.dispose]();
    this.#trailing = undefined;
  }
}
