// Sequences with a rule: what convolutions over time, recurrent networks and attention are tried on.

import { context } from "../../core/context.ts";
import { ArgumentError } from "../../core/errors.ts";
import { tensor } from "../../tensor/creation.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { TensorDataset } from "../loading/dataset.ts";
import { atLeast, normals, type SampleOptions } from "./options.ts";

type Pair = readonly [x: Tensor, y: Tensor];

export interface RecallOptions extends SampleOptions {
  /** Symbols in a sequence: how long the first one must be remembered. Default: 10. */
  readonly length?: number;
  /** Different symbols. Default: 8, so that guessing is right once in eight times. */
  readonly symbols?: number;
}

/**
 * The recall task: random symbols x [samples, length], int32; y [samples], int32, is the first of them. A plain recurrent
 * network learns it over ten steps and not over forty, gates do. One-hot for a network without embedding: `oneHot`.
 *
 * Default: 1,000 samples. After S. Hochreiter, J. Schmidhuber, Long Short-Term Memory, Neural Computation 9 (1997), section 5
 *
 * @example
 * const [x, y] = data.recall({ samples: 3, length: 20 }).tensors;
 * x.shape; // [3, 20]
 * y.eq(x.select(1, 0)).sum().itemSync(); // 3
 */
export function recall(options: RecallOptions = {}): TensorDataset<Pair> {
  const { samples = 1000, length = 10, symbols = 8, generator = context.generator } = options;
  atLeast("recall", 1, { samples, length, symbols });
  const x = new Int32Array(samples * length);
  generator.fillIntegers(x, 0, symbols);
  const y = Int32Array.from({ length: samples }, (_, i) => x[i * length]!);
  return new TensorDataset<Pair>(tensor(x, { shape: [samples, length] }), tensor(y));
}

export interface ReverseOptions extends SampleOptions {
  /** Digits in a sequence. Default: 6. */
  readonly length?: number;
}

/**
 * Digits to be turned around: x [samples, length], int32 of 0 … 9; y the same from the end to the start. Needs attention, or
 * a memory.
 *
 * Default: 1,000 samples.
 *
 * @example
 * const [x, y] = data.reverseDigits({ samples: 1, length: 3 }).tensors.map((t) => t.toArraySync()[0]);
 * x.toReversed().join() === y.join(); // true
 */
export function reverseDigits(options: ReverseOptions = {}): TensorDataset<Pair> {
  const { samples = 1000, length = 6, generator = context.generator } = options;
  atLeast("reverseDigits", 1, { samples, length });
  const x = new Int32Array(samples * length);
  generator.fillIntegers(x, 0, 10);
  const y = x.map((_, at) => x[at - 2 * (at % length) + length - 1]!);
  const shape = [samples, length];
  return new TensorDataset<Pair>(tensor(x, { shape }), tensor(y, { shape }));
}

export interface DnaOptions extends SampleOptions {
  /** Letters in a sequence. Default: 40. */
  readonly length?: number;
  /** Letters A, C, G, T. Default: TATAAT, the box at which bacteria start to read a gene (Pribnow 1975). */
  readonly motif?: string;
}

/**
 * Sequences of DNA, one-hot, and what they were made with.
 *
 * @example
 * const dna = data.dnaMotifs({ samples: 10 });
 * dna.tensors[0].shape; // [10, 4, 40]
 */
export class DnaDataset extends TensorDataset<Pair> {
  /** The letters of the four channels. */
  readonly letters = "ACGT";
  readonly motif: string;
  readonly sequences: readonly string[];

  constructor(sequences: readonly string[], labels: Int32Array, motif: string) {
    const length = sequences[0]!.length;
    const x = new Float32Array(sequences.length * 4 * length);
    sequences.forEach((sequence, i) => {
      for (let at = 0; at < length; at++) x[(i * 4 + "ACGT".indexOf(sequence[at]!)) * length + at] = 1;
    });
    super(tensor(x, { shape: [sequences.length, 4, length] }), tensor(labels));
    this.sequences = sequences;
    this.motif = motif;
  }
}

/**
 * Random DNA, x [samples, 4, length], one-hot float32 in the order A, C, G, T; y [samples], int32: 1 if the motif is in it
 * (every second sample, anywhere), 0 if it is not. A convolution over time learns the motif as its filter.
 *
 * Default: 1,000 samples. Throws ArgumentError for a motif of other letters, of fewer than 3, or longer than the sequence.
 *
 * @example
 * const dna = data.dnaMotifs({ samples: 4, motif: "GATTACA" });
 * dna.sequences.map((sequence) => sequence.includes(dna.motif)); // [false, true, false, true]
 * dna.tensors[0].shape; // [4, 4, 40]
 */
export function dnaMotifs(options: DnaOptions = {}): DnaDataset {
  const { samples = 1000, length = 40, motif = "TATAAT", generator = context.generator } = options;
  atLeast("dnaMotifs", 1, { samples, length });
  // A shorter motif would be in nearly every sequence by chance.
  if (!/^[ACGT]{3,}$/.test(motif) || motif.length > length) {
    throw new ArgumentError("dnaMotifs", `motif must be 3 to ${length} of the letters A, C, G, T, got "${motif}"`);
  }
  const letter = () => "ACGT"[generator.nextUint32() % 4]!;
  const random = () => Array.from({ length }, letter).join("");
  const labels = Int32Array.from({ length: samples }, (_, i) => i % 2);
  const sequences = Array.from(labels, (label) => {
    let sequence = random();
    if (label === 1) {
      const at = generator.nextUint32() % (length - motif.length + 1);
      return sequence.slice(0, at) + motif + sequence.slice(at + motif.length);
    }
    while (sequence.includes(motif)) sequence = random();
    return sequence;
  });
  return new DnaDataset(sequences, labels, motif);
}

export interface SineOptions extends SampleOptions {
  /** Default: -π. */
  readonly from?: number;
  /** Default: π. */
  readonly to?: number;
  /** Standard deviation of what is added to y. Default: 0. */
  readonly noise?: number;
}

/**
 * A curve to fit: x [samples, 1], evenly spaced, and y = sin x [samples, 1], float32.
 *
 * Default: 100 samples.
 *
 * @example
 * const [x, y] = data.sine({ samples: 3, from: 0, to: Math.PI / 2 }).tensors;
 * y.flatten().toArraySync().map((value) => value.toFixed(1)); // [0.0, 0.7, 1.0]
 */
export function sine(options: SineOptions = {}): TensorDataset<Pair> {
  const { samples = 100, from = -Math.PI, to = Math.PI, noise = 0, generator = context.generator } = options;
  atLeast("sine", 2, { samples });
  const x = Float32Array.from({ length: samples }, (_, i) => from + ((to - from) * i) / (samples - 1));
  const added = normals(generator, samples, noise);
  const y = x.map((value, i) => Math.sin(value) + added[i]!);
  const shape = [samples, 1];
  return new TensorDataset<Pair>(tensor(x, { shape }), tensor(y, { shape }));
}
