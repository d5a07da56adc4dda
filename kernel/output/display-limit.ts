// What a cell displays, up to a limit; beyond it only the last displays are kept, and come at the end of the cell. What is shown is still
// updated in place, for it does not make the notebook longer, and what is kept is kept in its latest state: a training figure ends as it
// should. Counts what stands in the notebook: with an update the size of its display changes.

import type { CellOutput, DisplayContent } from "#protocol";
import { forgetOldest } from "../bounds/forget-oldest.ts";
import { HINT, type Limit, MB } from "./limit.ts";

/** An output of its own costs an editor more than its few characters: 2000 of them crawl as 10 MB do. */
const LEAST_CHARS = 5000;
/** Displays that are kept for the end, unless they are together larger than the share of the limit; the last one always is. */
const TAIL_DISPLAYS = 10;
const TAIL_SHARE = 0.1;
/** Ids of displays that were kept back, whose updates would be for nothing. */
const MEMORY = 2000;

type Display = Extract<CellOutput, { type: "display_data" }>;
type Update = Extract<CellOutput, { type: "update_display_data" }>;

interface Measured {
  readonly display: Display;
  readonly chars: number;
}

export class DisplayLimit {
  readonly #limit: Limit;
  #chars = 0;
  #count = 0;
  #isFull = false;
  #hasEnded = false;
  #leftOut = 0;
  #tail: Measured[] = [];
  /** `display_id` → how often it is shown, and the size of all that. */
  readonly #shown = new Map<string, { readonly times: number; readonly chars: number }>();
  readonly #keptBack = new Set<string>();

  constructor(limit: Limit) {
    this.#limit = limit;
  }

  /** One that begins below the limit is shown as a whole. */
  push(display: Display): void {
    if (!this.#isFull && this.#chars >= this.#limit.limitMb * MB) {
      this.#isFull = true;
      this.#notice();
    }
    const measured = { display, chars: sizeOf(display.content) };
    if (!this.#isFull) this.#show(measured);
    else if (!this.#hasEnded) this.#keep(measured);
  }

  /** Passes unless nobody has seen the display; it may be another cell's. */
  update(update: Update): void {
    const { content } = update;
    const { display_id: id = "" } = content.transient;
    const chars = sizeOf(content);
    const latest: Measured = { display: { type: "display_data", content }, chars };
    this.#tail = this.#tail.map((kept) => (kept.display.content.transient.display_id === id ? latest : kept));
    const shown = this.#shown.get(id);
    if (shown) {
      const { times } = shown;
      this.#chars += times * chars - shown.chars;
      this.#shown.set(id, { times, chars: times * chars });
    } else if (this.#keptBack.has(id)) return;
    this.#limit.send(update);
  }

  /** The end of the cell: the last displays. What comes later and is too much is left out. */
  end(): void {
    this.#hasEnded = true;
    if (this.#leftOut > 0) this.#limit.say(`Displays left out here: ${this.#leftOut}. The last ones:`);
    for (const kept of this.#tail) this.#show(kept);
    this.#tail = [];
    this.#leftOut = 0;
  }

  /** What was displayed is cleared. */
  clear(): void {
    this.#chars = 0;
    this.#count = 0;
    this.#isFull = false;
    this.#leftOut = 0;
    this.#tail = [];
    this.#shown.clear();
    this.#keptBack.clear();
  }

  #show({ display, chars }: Measured): void {
    const { display_id: id } = display.content.transient;
    this.#chars += chars;
    this.#count++;
    if (id !== undefined) {
      const before = this.#shown.get(id) ?? { times: 0, chars: 0 };
      this.#shown.set(id, { times: before.times + 1, chars: before.chars + chars });
    }
    this.#limit.send(display);
  }

  #keep(measured: Measured): void {
    const { display_id: id } = measured.display.content.transient;
    if (id !== undefined) this.#keptBack.add(id);
    forgetOldest(this.#keptBack, MEMORY);
    this.#tail.push(measured);
    const most = this.#limit.limitMb * MB * TAIL_SHARE;
    const isTooMuch = () =>
      this.#tail.length > TAIL_DISPLAYS || this.#tail.reduce((sum, { chars }) => sum + chars, 0) > most;
    while (this.#tail.length > 1 && isTooMuch()) {
      this.#tail.shift();
      this.#leftOut++;
    }
  }

  #notice(): void {
    const { limitMb, say } = this.#limit;
    const count = `${this.#count} displays make ${limitMb} MB, of ${LEAST_CHARS / 1000} KB at least each`;
    const follow = this.#hasEnded ? "" : " Its last ones follow at its end.";
    say(`The rest of this cell's displays is kept back: ${count} ${HINT}.${follow} What is shown is still updated.`);
  }
}

const sizeOf = ({ data }: DisplayContent): number => Math.max(LEAST_CHARS, JSON.stringify(data).length);
