// Which value of an epoch is watched, and when it has become better. Shared by EarlyStopping and ModelCheckpoint.

import { ArgumentError } from "../core/errors.ts";
import type { EpochRecord } from "./callback.ts";

export interface MonitorOptions {
  /** Name of the value that is watched. Default: valLoss, or loss without validation. */
  readonly monitor?: string;
  /** Whether smaller or larger is better. Default: max for accuracy, precision, recall, F1, AUROC and R², else min. */
  readonly mode?: "min" | "max";
  /** Progress of less does not count. Default: 0. */
  readonly minDelta?: number;
}

export class Monitor {
  readonly mode: "min" | "max";
  readonly #owner: string;
  readonly #name: string | undefined;
  readonly #minDelta: number;
  #best: number | undefined;

  constructor(owner: string, { monitor, mode, minDelta = 0 }: MonitorOptions) {
    if (mode !== undefined && mode !== "min" && mode !== "max") {
      throw new ArgumentError(owner, `mode must be min or max, got ${String(mode)}`);
    }
    if (!(minDelta >= 0)) throw new ArgumentError(owner, `minDelta must be at least 0, got ${minDelta}`);
    this.mode = mode ?? (/accuracy|precision|recall|f1|auroc|r2/i.test(monitor ?? "") ? "max" : "min");
    this.#owner = owner;
    this.#name = monitor;
    this.#minDelta = minDelta;
  }

  get best(): number | undefined {
    return this.#best;
  }

  /** Name and value of what is watched. */
  find(record: EpochRecord): { readonly name: string; readonly value: number } {
    return watched(this.#owner, this.#name, record);
  }

  /** Notes the value if it is better than the best so far. */
  improves(value: number): boolean {
    const best = this.#best ?? (this.mode === "min" ? Infinity : -Infinity);
    const better = this.mode === "min" ? value < best - this.#minDelta : value > best + this.#minDelta;
    if (better) this.#best = value;
    return better;
  }

  reset(): void {
    this.#best = undefined;
  }
}

/** The value of an epoch by name; valLoss, or else loss, without one. Throws ArgumentError when there is none. */
export function watched(
  owner: string,
  name: string | undefined,
  record: EpochRecord,
): { readonly name: string; readonly value: number } {
  const found = name ?? ("valLoss" in record ? "valLoss" : "loss");
  const value = record[found];
  if (value !== undefined) return { name: found, value };
  const known = Object.keys(record).filter((key) => key !== "epoch");
  throw new ArgumentError(owner, `there is no value ${found} to monitor, expected one of ${known.join(", ")}`);
}
