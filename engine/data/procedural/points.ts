// Points in the plane in two or more classes that no line can part: what a hidden layer is for.

import { context } from "../../core/context.ts";
import { ArgumentError } from "../../core/errors.ts";
import type { Generator } from "../../core/random.ts";
import { tensor } from "../../tensor/creation.ts";
import { TabularDataset } from "../loading/labelled-dataset.ts";
import { atLeast, normals, type SampleOptions } from "./options.ts";

export interface PointsOptions extends SampleOptions {
  /** Standard deviation of what is added to both coordinates. */
  readonly noise?: number;
}

type Point = readonly [x1: number, x2: number];

/** Where sample i lies and its class, the classes taking turns. */
type Draw = (generator: Generator, sample: number) => readonly [point: Point, label: number];

function points(op: string, classes: number, defaultNoise: number, options: PointsOptions, draw: Draw) {
  const { samples = 200, noise = defaultNoise, generator = context.generator } = options;
  atLeast(op, 1, { samples });
  if (!(noise >= 0)) throw new ArgumentError(op, `noise must be at least 0, got ${noise}`);
  const x = new Float32Array(2 * samples);
  const y = new Int32Array(samples);
  for (let i = 0; i < samples; i++) {
    const [point, label] = draw(generator, i);
    x.set(point, 2 * i);
    y[i] = label;
  }
  normals(generator, x.length, noise).forEach((value, i) => {
    x[i]! += value;
  });
  return new TabularDataset(tensor(x, { shape: [samples, 2] }), tensor(y), {
    features: ["x1", "x2"],
    classes: Array.from({ length: classes }, (_, label) => String(label)),
  });
}

const between = (generator: Generator, low: number, high: number): number => low + (high - low) * generator.nextFloat();

/**
 * XOR as points: uniform in [-1, 1]², class 1 where the coordinates differ in sign. x [samples, 2], y [samples].
 *
 * Default: 200 samples, no noise. After the exclusive-or set of https://playground.tensorflow.org
 *
 * @example
 * data.xor({ samples: 10 }).tensors[0].shape; // [10, 2]
 */
export function xor(options: PointsOptions = {}): TabularDataset {
  return points("xor", 2, 0, options, (generator) => {
    const point = [between(generator, -1, 1), between(generator, -1, 1)] as const;
    return [point, point[0] * point[1] < 0 ? 1 : 0];
  });
}

/**
 * XNOR as points: {@link xor} with the classes exchanged, class 1 where the signs agree.
 *
 * @example
 * data.xnor({ samples: 10 }).tensors[0].shape; // [10, 2]
 */
export function xnor(options: PointsOptions = {}): TabularDataset {
  return points("xnor", 2, 0, options, (generator) => {
    const point = [between(generator, -1, 1), between(generator, -1, 1)] as const;
    return [point, point[0] * point[1] < 0 ? 0 : 1];
  });
}

export interface CirclesOptions extends PointsOptions {
  /** Radius of the inner circle; the outer one has 1. Default: 0.5. */
  readonly factor?: number;
}

/**
 * Two circles about the origin, the outer one class 0, the inner one class 1; as scikit-learn's `make_circles`.
 *
 * Default: 200 samples, noise 0.05.
 *
 * @example
 * const [x, y] = data.circles({ samples: 2, noise: 0 }).tensors;
 * x.mul(x).sum(1).sqrt().toArraySync().map((radius) => radius.toFixed(2)); // [1.00, 0.50]
 */
export function circles({ factor = 0.5, ...options }: CirclesOptions = {}): TabularDataset {
  return points("circles", 2, 0.05, options, (generator, i) => {
    const angle = between(generator, 0, 2 * Math.PI);
    const radius = i % 2 === 0 ? 1 : factor;
    return [[radius * Math.cos(angle), radius * Math.sin(angle)], i % 2];
  });
}

/**
 * Two half circles that reach into each other; as scikit-learn's `make_moons`.
 *
 * Default: 200 samples, noise 0.1.
 *
 * @example
 * data.moons({ samples: 50 }).tensors[1].sum().itemSync(); // 25
 */
export function moons(options: PointsOptions = {}): TabularDataset {
  return points("moons", 2, 0.1, options, (generator, i) => {
    const angle = between(generator, 0, Math.PI);
    const point: Point =
      i % 2 === 0 ? [Math.cos(angle), Math.sin(angle)] : [1 - Math.cos(angle), 0.5 - Math.sin(angle)];
    return [point, i % 2];
  });
}

export interface SpiralsOptions extends PointsOptions {
  /** Arms, one for each class. Default: 2. */
  readonly classes?: number;
  /** How often an arm goes around. Default: 1.75, as in the TensorFlow Playground. */
  readonly turns?: number;
}

/**
 * Spirals that wind around each other from the origin to radius 1, one for each class.
 *
 * Default: 200 samples, noise 0.02. After https://playground.tensorflow.org
 *
 * @example
 * data.spirals({ samples: 300, classes: 3 }).classes; // [0, 1, 2]
 */
export function spirals({ classes = 2, turns = 1.75, ...options }: SpiralsOptions = {}): TabularDataset {
  atLeast("spirals", 1, { classes });
  return points("spirals", classes, 0.02, options, (generator, i) => {
    const label = i % classes;
    const radius = generator.nextFloat();
    const angle = 2 * Math.PI * (turns * radius + label / classes);
    return [[radius * Math.sin(angle), radius * Math.cos(angle)], label];
  });
}

export interface BlobsOptions extends SampleOptions {
  /** Where the clouds are, one for each class. Default: (-1, -1) and (1, 1). */
  readonly centres?: readonly Point[];
  /** Standard deviation of each cloud. Default: 0.4. */
  readonly std?: number;
}

/**
 * Normal clouds of points, one for each class: what a line can part, as long as they are far from each other.
 *
 * Default: 200 samples.
 *
 * @example
 * const blobs = data.gaussianBlobs({ centres: [[0, 0], [5, 0], [0, 5]], std: 0.1 });
 * blobs.classes.length; // 3
 */
export function gaussianBlobs({
  centres = [
    [-1, -1],
    [1, 1],
  ],
  std = 0.4,
  ...options
}: BlobsOptions = {}): TabularDataset {
  atLeast("gaussianBlobs", 1, { "number of centres": centres.length });
  return points("gaussianBlobs", centres.length, 0, { ...options, noise: std }, (_, i) => {
    const label = i % centres.length;
    return [centres[label]!, label];
  });
}

export interface CheckerboardOptions extends PointsOptions {
  /** Squares along each edge. Default: 4. */
  readonly squares?: number;
}

/**
 * A checkerboard over [-1, 1]²: class 0 where the square in the lower left corner is. With two squares it is XOR.
 *
 * Default: 200 samples, no noise.
 *
 * @example
 * data.checkerboard({ squares: 1 }).tensors[1].sum().itemSync(); // 0
 */
export function checkerboard({ squares = 4, ...options }: CheckerboardOptions = {}): TabularDataset {
  atLeast("checkerboard", 1, { squares });
  return points("checkerboard", 2, 0, options, (generator) => {
    const point = [between(generator, -1, 1), between(generator, -1, 1)] as const;
    const [column, row] = point.map((value) => Math.floor(((value + 1) / 2) * squares));
    return [point, (column! + row!) % 2];
  });
}
