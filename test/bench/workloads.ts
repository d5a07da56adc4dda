// The workloads by name, with the goals that the project has set itself.

import type { Layer, OpSpec, Spec, TrainSpec } from "./spec.ts";

export interface Goal {
  /** Ours may take at most this many times as long as PyTorch. */
  readonly ratio?: number;
  /** Ours must reach at least this share of the ceiling. */
  readonly ceilingShare?: number;
}

export interface Workload {
  readonly name: string;
  readonly spec: Spec;
  readonly goal: Goal;
  /** Default: those of the command line. */
  readonly threads?: number;
  /** Peak memory is shown, too. */
  readonly showMemory?: boolean;
}

const adam = { optimizer: "adam", lr: 1e-3 } as const;
const classes = { loss: "crossEntropy", ...adam } as const;

export function lenet(batch = 64): TrainSpec {
  const layers: readonly Layer[] = [
    { layer: "conv2d", from: 1, to: 6, kernel: 5, padding: 2 },
    { layer: "tanh" },
    { layer: "avgPool2d", kernel: 2 },
    { layer: "conv2d", from: 6, to: 16, kernel: 5, padding: 0 },
    { layer: "tanh" },
    { layer: "avgPool2d", kernel: 2 },
    { layer: "flatten" },
    { layer: "linear", from: 400, to: 120 },
    { layer: "tanh" },
    { layer: "linear", from: 120, to: 84 },
    { layer: "tanh" },
    { layer: "linear", from: 84, to: 10 },
  ];
  return { kind: "train", input: [batch, 1, 28, 28], layers, output: [batch, 10], ...classes };
}

export function cnn(batch = 64, width = 32): TrainSpec {
  const layers: readonly Layer[] = [
    { layer: "conv2d", from: 1, to: width, kernel: 3, padding: 1 },
    { layer: "relu" },
    { layer: "conv2d", from: width, to: 2 * width, kernel: 3, padding: 1 },
    { layer: "relu" },
    { layer: "maxPool2d", kernel: 2 },
    { layer: "flatten" },
    { layer: "linear", from: 2 * width * 14 * 14, to: 128 },
    { layer: "relu" },
    { layer: "linear", from: 128, to: 10 },
  ];
  return { kind: "train", input: [batch, 1, 28, 28], layers, output: [batch, 10], ...classes };
}

export function mlp(batch = 64, width = 256): TrainSpec {
  const layers: readonly Layer[] = [
    { layer: "linear", from: 784, to: width },
    { layer: "relu" },
    { layer: "linear", from: width, to: width / 2 },
    { layer: "relu" },
    { layer: "linear", from: width / 2, to: 10 },
  ];
  return { kind: "train", input: [batch, 784], layers, output: [batch, 10], ...classes };
}

export function recurrent(layer: "rnn" | "gru" | "lstm", batch = 32, width = 128): TrainSpec {
  const layers: readonly Layer[] = [
    { layer: "embedding", count: 65, size: 32 },
    { layer, from: 32, to: width },
    { layer: "linear", from: width, to: 65 },
    { layer: "flattenSteps" },
  ];
  return { kind: "train", input: [batch, 64], tokens: 65, layers, output: [batch * 64, 65], ...classes };
}

/** Encoder of width 32, two layers, two heads: the size of the lectures' network that turns six digits around. */
export function transformer(batch = 64): TrainSpec {
  const layers: readonly Layer[] = [
    { layer: "embedding", count: 11, size: 32 },
    { layer: "positions", length: 12, size: 32 },
    { layer: "transformer", size: 32, heads: 2, hidden: 128, count: 2 },
    { layer: "linear", from: 32, to: 10 },
    { layer: "flattenSteps" },
  ];
  return { kind: "train", input: [batch, 12], tokens: 11, layers, output: [batch * 12, 10], ...classes };
}

const xnor: TrainSpec = {
  kind: "train",
  input: [4, 2],
  layers: [
    { layer: "linear", from: 2, to: 4 },
    { layer: "tanh" },
    { layer: "linear", from: 4, to: 1 },
    { layer: "sigmoid" },
  ],
  loss: "mse",
  output: [4, 1],
  optimizer: "sgd",
  lr: 0.5,
};

export const matmul = (size: number): OpSpec => ({
  kind: "op",
  op: "matmul",
  shapes: [
    [size, size],
    [size, size],
  ],
});

/** On a GPU, against PyTorch on the same card; ratios, as everywhere, are times. */
export const GPU_WORKLOADS: readonly Workload[] = [
  { name: "matmul1024", spec: matmul(1024), goal: { ratio: 2.5 } },
  { name: "matmul2048", spec: matmul(2048), goal: { ratio: 2.5 } },
  { name: "matmul4096", spec: matmul(4096), goal: { ratio: 2.5 } },
  { name: "lenet", spec: lenet(), goal: { ratio: 1 } },
  { name: "mlp", spec: mlp(), goal: {} },
  { name: "cnn", spec: cnn(), goal: {} },
  { name: "rnn", spec: recurrent("rnn"), goal: {} },
  { name: "gru", spec: recurrent("gru"), goal: {} },
  { name: "lstm", spec: recurrent("lstm"), goal: {} },
  { name: "transformer", spec: transformer(), goal: {} },
];

/** Hyper-parameters stand in the functions above: batch 64 (recurrent ones 32 × 64 steps), Adam, XNOR with SGD. */
export const WORKLOADS: readonly Workload[] = [
  { name: "lenet", spec: lenet(), goal: { ratio: 0.8 }, showMemory: true },
  { name: "mlp", spec: mlp(), goal: { ratio: 1 } },
  { name: "rnn", spec: recurrent("rnn"), goal: { ratio: 0.7 } },
  { name: "gru", spec: recurrent("gru"), goal: { ratio: 0.7 } },
  { name: "lstm", spec: recurrent("lstm"), goal: { ratio: 0.7 } },
  { name: "cnn", spec: cnn(), goal: { ratio: 1.6 }, showMemory: true },
  { name: "xnor", spec: xnor, goal: { ratio: 0.2 } },
  { name: "matmul512", spec: matmul(512), goal: { ceilingShare: 0.85 } },
  { name: "matmul1024", spec: matmul(1024), goal: { ceilingShare: 0.85 } },
  { name: "transformer", spec: transformer(), goal: { ratio: 1 } },
];
