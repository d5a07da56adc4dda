// Results as text for a terminal: columns of equal width, numbers to the right.

import { isMeasured, type Outcome } from "./measure.ts";
import type { Result } from "./results.ts";
import type { Goal, Workload } from "./workloads.ts";

/** Columns that hold numbers are right-aligned, heads included. */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const columns = head.map((title, i) => {
    const cells = rows.map((row) => row[i] ?? "");
    const width = Math.max(...[title, ...cells].map((cell) => cell.length));
    const isNumeric = cells.some((cell) => cell !== "") && cells.every((cell) => /^(\W*|\d.*)$/.test(cell));
    return { width, isNumeric };
  });
  const line = (row: readonly string[]): string =>
    columns
      .map(({ width, isNumeric }, i) => (isNumeric ? (row[i] ?? "").padStart(width) : (row[i] ?? "").padEnd(width)))
      .join("  ")
      .trimEnd();
  return [line(head), columns.map(({ width }) => "─".repeat(width)).join("  "), ...rows.map(line)].join("\n");
}

/** Three significant digits, in the unit that keeps them short. */
export function formatMs(ms: number | null): string {
  if (ms === null) return "–";
  if (ms < 1e-3) return `${digits(ms * 1e6)} ns`;
  if (ms < 1) return `${digits(ms * 1000)} µs`;
  return ms < 10_000 ? `${digits(ms)} ms` : `${digits(ms / 1000)} s`;
}

const digits = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
export const formatRatio = (ratio: number | null): string => (ratio === null ? "–" : digits(ratio));
export const formatShare = (share: number | null): string =>
  share === null ? "–" : `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
const formatSpread = (outcome: Outcome | undefined): string =>
  isMeasured(outcome) ? `${Math.round(outcome.spread * 50)} %` : "";

const mark = (isMet: boolean): string => (isMet ? "✓" : "✗");

/** PyTorch's rows show the goal of the ratio, the ceiling's that of the share. */
export function formatGoal(goal: Goal, { peer, ratio, ceilingShare }: Result): string {
  if (peer.startsWith("pytorch") && goal.ratio !== undefined) {
    return `≤ ${goal.ratio} ${ratio === null ? "?" : mark(ratio <= goal.ratio)}`;
  }
  if (peer !== "ceiling" || goal.ceilingShare === undefined) return "";
  return `≥ ${formatShare(goal.ceilingShare)} ${ceilingShare === null ? "?" : mark(ceilingShare >= goal.ceilingShare)}`;
}

export const RESULT_HEAD = ["workload", "ours", "±", "peer", "peer's", "±", "ours/peer", "goal", "of ceiling", "note"];

/** The rows of one workload, one per peer, or ours alone. */
export function resultRows(
  { name, goal, showMemory = false }: Pick<Workload, "name" | "goal" | "showMemory">,
  results: readonly Result[],
  outcomes: readonly Outcome[],
): readonly (readonly string[])[] {
  const named = (name: string): Outcome | undefined => outcomes.find((outcome) => outcome.name === name);
  const ours = named("ours");
  const own = [formatMs(isMeasured(ours) ? ours.ms : null), formatSpread(ours)];
  if (results.length === 0) return [[name, ...own, "", "", "", "", "", "", reasonOf(ours)]];
  return results.map((result, i) => {
    const { peer: peerName, peerMs, ratio, ceilingShare } = result;
    const peer = named(peerName);
    const memory = showMemory && peerName.startsWith("pytorch") ? peaks(ours, peer) : "";
    const isCeiling = peerName === "ceiling";
    return [
      ...(i === 0 ? [name, ...own] : ["", "", ""]),
      ...[peerName, formatMs(peerMs), isCeiling ? "" : formatSpread(peer)],
      ...[formatRatio(ratio), formatGoal(goal, result), isCeiling ? formatShare(ceilingShare) : ""],
      [i === 0 ? reasonOf(ours) : "", reasonOf(peer), memory].filter((text) => text !== "").join("; "),
    ];
  });
}

const reasonOf = (outcome: Outcome | undefined): string =>
  outcome === undefined || isMeasured(outcome) ? "" : `${outcome.name} cannot: ${outcome.reason}`;

function peaks(ours: Outcome | undefined, peer: Outcome | undefined): string {
  if (!isMeasured(ours) || !isMeasured(peer)) return "";
  return `peak RSS ours ${formatBytes(ours.peakBytes)}, peer ${formatBytes(peer.peakBytes)}`;
}

const formatBytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MB`;
