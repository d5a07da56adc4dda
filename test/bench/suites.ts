// What `--micro` and `--scaling` measure beside the workloads: single ops, and workloads over batch, width and threads.

import type { OpSpec } from "./spec.ts";
import { cnn, lenet, matmul, mlp, recurrent, transformer, type Workload } from "./workloads.ts";

const noGoal = { goal: {} } as const;

const op = (op: OpSpec["op"], shapes: OpSpec["shapes"], gradient?: OpSpec["gradient"]): Workload => {
  const how = { record: " recorded", backward: " + sum + backward" };
  const name = `${op} ${shapes.map((shape) => shape.join("×")).join(" · ")}${gradient ? how[gradient] : ""}`;
  return { name, spec: { kind: "op", op, shapes, ...(gradient && { gradient }) }, ...noGoal };
};

const one = [1];
const square = (side: number): readonly number[] => [side, side];
const image = (batch: number, channels: number): readonly number[] => [batch, channels, 28, 28];
const filters = (to: number, from: number, side: number): readonly number[] => [to, from, side, side];
const sides = [32, 256, 1024];

/**
 * On one number the arithmetic is nothing: `zeros` is allocation, `reshape` a view through dispatch, `add` all of it with a
 * kernel, `recorded` the tape on top, and the last one a walk back.
 */
export const MICRO: readonly Workload[] = [
  op("zeros", [one]),
  op("reshape", [one]),
  op("add", [one, one]),
  op("add", [one, one], "record"),
  op("add", [one, one], "backward"),
  ...(["add", "mul"] as const).flatMap((name) => sides.map((side) => op(name, [square(side), square(side)]))),
  ...(["relu", "sum", "softmax"] as const).flatMap((name) => sides.map((side) => op(name, [square(side)]))),
  ...[16, 64, 256].map((side) => op("matmul", [square(side), square(side)])),
  op("conv2d", [image(1, 1), filters(6, 1, 5)]),
  op("conv2d", [image(64, 1), filters(32, 1, 3)]),
  op("conv2d", [image(64, 32), filters(64, 32, 3)]),
];

/** Threads are 1, 2, 4 … up to those of the command line. */
export function scaling(threads: number): readonly Workload[] {
  const counts = Array.from({ length: Math.floor(Math.log2(threads)) + 1 }, (_, i) => 2 ** i);
  return [
    ...[16, 64, 256].map((batch) => ({ name: `lenet batch ${batch}`, spec: lenet(batch), ...noGoal })),
    ...[16, 64, 256].map((batch) => ({ name: `transformer batch ${batch}`, spec: transformer(batch), ...noGoal })),
    ...[64, 256, 1024].map((width) => ({ name: `mlp width ${width}`, spec: mlp(64, width), ...noGoal })),
    ...[32, 128, 256].map((width) => ({ name: `lstm width ${width}`, spec: recurrent("lstm", 32, width), ...noGoal })),
    ...[8, 16, 32].map((width) => ({ name: `cnn width ${width}`, spec: cnn(64, width), ...noGoal })),
    ...counts.map((count) => ({ name: `matmul1024 threads ${count}`, spec: matmul(1024), threads: count, ...noGoal })),
    ...counts.map((count) => ({ name: `lenet threads ${count}`, spec: lenet(), threads: count, ...noGoal })),
  ];
}
