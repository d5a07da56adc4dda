// The comms that are open between cells and front ends, as `comm_info` lists them. The kernel process keeps book by what passes; the
// comms themselves live in the engine process and in the front end.

import type { CommMessage } from "#protocol";

export class LiveComms {
  /** Id → target name. */
  readonly #targets = new Map<string, string>();

  /** Takes note of a message, whichever way it goes. */
  note({ type, commId, target = "" }: CommMessage): void {
    if (type === "comm_open") this.#targets.set(commId, target);
    else if (type === "comm_close") this.#targets.delete(commId);
  }

  has(commId: string): boolean {
    return this.#targets.has(commId);
  }

  /** Content of `comm_info_reply`; all targets without a name. */
  list(target?: string): Readonly<Record<string, { readonly target_name: string }>> {
    const wanted = [...this.#targets].filter(([, name]) => target === undefined || name === target);
    return Object.fromEntries(wanted.map(([id, target_name]) => [id, { target_name }]));
  }

  /** Forgets all, because their engine is gone; returns their ids. */
  clear(): readonly string[] {
    const ids = [...this.#targets.keys()];
    this.#targets.clear();
    return ids;
  }
}
