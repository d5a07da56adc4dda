// What `fit` gives back: the values of every epoch, and why training ended. Prints as a table.

import type { EpochRecord } from "./callback.ts";

/**
 * The course of a training run: one record an epoch. Prints as a table, so that a cell may end with it.
 *
 * @example
 * const model = new nn.Linear(1, 1, { bias: false });
 * model.loadStateDict({ weight: tensor([[1]]) });
 * const batch = [tensor([[1], [1]]), tensor([[3], [3]])];
 * const optimizer = new optim.SGD(model.parameters(), { lr: 0.25 });
 * const history = await fit(model, [batch], { loss: nn.functional.mseLoss, optimizer, epochs: 3 });
 * history.values("loss"); // [4, 1, 0.25]
 */
export class History {
  readonly epochs: EpochRecord[] = [];
  /** Why training ended before the last epoch; undefined when it did not. */
  stopped: string | undefined;

  /** One value over the epochs, for a figure: `history.values("valLoss")`. NaN where an epoch has none. */
  values(name: string): number[] {
    return this.epochs.map((epoch) => epoch[name] ?? Number.NaN);
  }

  /** A table: a row an epoch, columns as far as they are known; the learning rate if it changed. */
  toString(): string {
    const names = [...new Set(this.epochs.flatMap((epoch) => Object.keys(epoch)))];
    const shown = names.filter((name) => name !== "lr" || new Set(this.values("lr")).size > 1);
    const rows = [shown, ...this.epochs.map((epoch) => shown.map((name) => textOf(name, epoch[name])))];
    const widths = shown.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
    const lines = rows.map((row) => row.map((text, column) => text.padStart(widths[column]!)).join("  "));
    if (this.epochs.length === 0) lines.splice(0, 1, "no epochs");
    if (this.stopped !== undefined) lines.push(`stopped: ${this.stopped}`);
    return lines.join("\n");
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

function textOf(name: string, value: number | undefined): string {
  if (value === undefined) return "-";
  if (name === "epoch" || !Number.isFinite(value)) return String(value);
  const small = value !== 0 && Math.abs(value) < 1e-3;
  return small ? value.toExponential(2) : String(Number(value.toPrecision(4)));
}
