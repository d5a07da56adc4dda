// What is measured, as data: the one definition of a workload that ours and every peer build their model from (peers/).
// Sent to them as JSON, so it holds numbers and names only. Values are random: times do not depend on them.

export type Layer =
  | {
      readonly layer: "conv2d";
      readonly from: number;
      readonly to: number;
      readonly kernel: number;
      readonly padding: number;
    }
  | { readonly layer: "avgPool2d" | "maxPool2d"; readonly kernel: number }
  | { readonly layer: "linear"; readonly from: number; readonly to: number }
  | { readonly layer: "tanh" | "relu" | "sigmoid" }
  /** All dimensions but the first become one. */
  | { readonly layer: "flatten" }
  /** Batch and time become one dimension, so that every step has a class of its own. */
  | { readonly layer: "flattenSteps" }
  | { readonly layer: "embedding"; readonly count: number; readonly size: number }
  /** Learned, added to the tokens. */
  | { readonly layer: "positions"; readonly length: number; readonly size: number }
  | { readonly layer: "rnn" | "gru" | "lstm"; readonly from: number; readonly to: number }
  | {
      readonly layer: "transformer";
      readonly size: number;
      readonly heads: number;
      readonly hidden: number;
      readonly count: number;
    };

/** One training step: gradients to zero, forward, loss, backward, step of the optimiser. */
export interface TrainSpec {
  readonly kind: "train";
  /** Shape of the input, batch first. */
  readonly input: readonly number[];
  /** The input is token numbers below this; normal random numbers otherwise. */
  readonly tokens?: number;
  readonly layers: readonly Layer[];
  /** With crossEntropy, targets are random classes; with mse, random numbers of the output's shape. */
  readonly loss: "crossEntropy" | "mse";
  /** Shape of the output. */
  readonly output: readonly [rows: number, columns: number];
  readonly optimizer: "adam" | "sgd";
  readonly lr: number;
}

export const OPS = ["add", "mul", "matmul", "conv2d", "softmax", "sum", "relu", "zeros", "reshape"] as const;

/** One op on random tensors; conv2d takes images and weights, without padding; softmax goes along the last dimension. */
export interface OpSpec {
  readonly kind: "op";
  readonly op: (typeof OPS)[number];
  readonly shapes: readonly (readonly number[])[];
  /** `record`: the operands need gradients; `backward`: gradients of the sum of the result are computed, too. */
  readonly gradient?: "record" | "backward";
}

export type Spec = TrainSpec | OpSpec;

/** What a child process is told: its only argument, as JSON. */
export interface Job {
  readonly spec: Spec;
  readonly threads: number;
  readonly device: "cpu" | "gpu";
  /** How long one run takes, about; at least one step. */
  readonly runMs: number;
}
