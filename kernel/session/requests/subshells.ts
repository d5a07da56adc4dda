// The subshells that clients have made: queues of their own, whose cells run where a cell of another one waits. Only their ids are
// here; the session keeps the queues. Source: JEP 91, https://github.com/jupyter/enhancement-proposals/pull/91.

import { randomUUID } from "node:crypto";

/** Clients use a handful; a client in a loop must not fill the memory. */
const MOST = 1000;

export class Subshells {
  readonly #ids = new Set<string>();

  get ids(): readonly string[] {
    return [...this.#ids];
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  create(): string {
    if (this.#ids.size >= MOST) throw new RangeError(`there are ${MOST} subshells already; delete some`);
    const id = randomUUID();
    this.#ids.add(id);
    return id;
  }

  /** Throws for an id that is unknown. */
  delete(id: string): void {
    if (!this.#ids.delete(id)) throw new RangeError(`there is no subshell ${JSON.stringify(id)}`);
  }

  /** After a restart. */
  clear(): void {
    this.#ids.clear();
  }
}
