// Where a training run stands, as numbers for the command line's bar and as the sentence above the chart.

import type { TrainingProgress } from "#protocol";
import type { History } from "./history.ts";

/** Metrics that are shares of 1, written in per cent and drawn on the right axis. */
export function isShare(metric: string): boolean {
  return /accuracy|precision|recall|f1|auroc/i.test(metric);
}

/** `testAccuracy` → `test accuracy` */
export function metricName(metric: string): string {
  return metric
    .replace(/([a-z])([A-Z])/g, (_, end: string, start: string) => `${end} ${start.toLowerCase()}`)
    .replaceAll("_", " ");
}

export function progressOf(history: History, elapsedMs: number): TrainingProgress {
  const { epochs, batches, position, latest } = history;
  const steps = Math.round(position * batches);
  const total = epochs * batches;
  const epoch = Math.min(Math.max(1, Math.ceil(position)), Math.max(epochs, 1));
  return {
    epoch,
    epochs,
    batch: Math.max(1, steps - (epoch - 1) * batches),
    batches,
    metrics: latest,
    elapsedMs: Math.round(elapsedMs),
    remainingMs: steps === 0 ? 0 : Math.round((elapsedMs * Math.max(0, total - steps)) / steps),
  };
}

/** `epoch 3/5 · batch 12/45 · loss 0.21 · accuracy 93.8 % · 4 s left` */
export function statusLine(progress: TrainingProgress): string {
  const { epoch, epochs, batch, batches, metrics, remainingMs } = progress;
  return [
    `epoch ${epoch}/${epochs}`,
    ...(batches > 1 ? [`batch ${batch}/${batches}`] : []),
    ...metricTexts(metrics),
    ...(remainingMs > 0 ? [`${duration(remainingMs)} left`] : []),
  ].join(" · ");
}

/** `5 epochs in 4 s · loss 0.0213 · accuracy 99.4 %` */
export function finalLine(progress: TrainingProgress, position: number): string {
  const { epochs, metrics, elapsedMs } = progress;
  const done = Number(position.toFixed(1));
  const count = done < epochs ? `${done} of ${epochs} epochs` : `${done} ${done === 1 ? "epoch" : "epochs"}`;
  return [`${count} in ${duration(elapsedMs)}`, ...metricTexts(metrics)].join(" · ");
}

function metricTexts(metrics: TrainingProgress["metrics"]): string[] {
  return Object.entries(metrics).map(([name, value]) => `${metricName(name)} ${metricValue(name, value)}`);
}

export function metricValue(metric: string, value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return isShare(metric) ? `${(value * 100).toFixed(1)} %` : String(Number(value.toPrecision(3)));
}

function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 60) return seconds < 10 ? `${Math.max(0.1, Number(seconds.toFixed(1)))} s` : `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.round((whole % 3600) / 60)} min`;
}
