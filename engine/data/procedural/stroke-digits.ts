// Handwriting that is drawn rather than collected: ten digits as pen strokes, shaken, turned and inked into 28 x 28 pixels. As
// many as are wanted, without a download; easier than MNIST.

import { context } from "../../core/context.ts";
import type { Generator } from "../../core/random.ts";
import { tensor } from "../../tensor/creation.ts";
import { LabelledDataset } from "../loading/labelled-dataset.ts";
import { atLeast, type SampleOptions } from "./options.ts";

type Point = readonly [x: number, y: number];
type Stroke = readonly Point[];

const edge = 28;
/** As in MNIST, a digit fills a box of 20 pixels in the middle. */
const box = 20;

/** A part of an ellipse, in degrees clockwise from the right, as a line of points. */
function arc(x: number, y: number, rx: number, ry: number, from: number, to: number): Stroke {
  const pieces = Math.ceil(Math.abs(to - from) / 24);
  return Array.from({ length: pieces + 1 }, (_, i) => {
    const angle = ((from + ((to - from) * i) / pieces) * Math.PI) / 180;
    return [x + rx * Math.cos(angle), y + ry * Math.sin(angle)] as const;
  });
}

/** The strokes of each digit in a unit square, y downwards. */
const digits: readonly (readonly Stroke[])[] = [
  [arc(0.5, 0.5, 0.3, 0.44, -90, 270)],
  [
    [
      [0.36, 0.24],
      [0.56, 0.06],
      [0.56, 0.94],
    ],
  ],
  [[...arc(0.5, 0.3, 0.27, 0.24, -170, 35), [0.2, 0.94], [0.82, 0.94]]],
  [arc(0.46, 0.28, 0.27, 0.22, -150, 90), arc(0.46, 0.72, 0.31, 0.22, -90, 150)],
  [
    [
      [0.64, 0.94],
      [0.64, 0.06],
      [0.16, 0.66],
      [0.86, 0.66],
    ],
  ],
  [[[0.78, 0.06], [0.3, 0.06], [0.26, 0.46], ...arc(0.48, 0.66, 0.28, 0.28, -135, 145)]],
  [[[0.7, 0.06], [0.45, 0.22], [0.28, 0.5], ...arc(0.5, 0.69, 0.25, 0.25, 180, -180)]],
  [
    [
      [0.18, 0.06],
      [0.82, 0.06],
      [0.42, 0.94],
    ],
  ],
  [arc(0.5, 0.28, 0.22, 0.22, 90, 450), arc(0.5, 0.72, 0.27, 0.22, -90, 270)],
  [[...arc(0.49, 0.31, 0.25, 0.25, 0, -360), [0.72, 0.6], [0.6, 0.94]]],
];

/**
 * Drawn digits: images [samples, 1, 28, 28], float32 from 0 (paper) to 1 (ink), and labels [samples], int32, the ten classes
 * taking turns. Every digit has its own slant, size, place, pen and trembling.
 *
 * Default: 1,000 samples.
 *
 * @example
 * const digits = data.strokeDigits({ samples: 20 });
 * digits.tensors[0].shape; // [20, 1, 28, 28]
 * digits.get(13)[1].itemSync(); // 3
 */
export function strokeDigits({ samples = 1000, generator = context.generator }: SampleOptions = {}): LabelledDataset {
  atLeast("strokeDigits", 1, { samples });
  const images = new Float32Array(samples * edge * edge);
  const labels = Int32Array.from({ length: samples }, (_, i) => i % 10);
  labels.forEach((label, i) => {
    const image = images.subarray(i * edge * edge, (i + 1) * edge * edge);
    const hand = someHand(generator);
    const pen = between(generator, 0.9, 1.6);
    for (const stroke of digits[label]!) draw(image, stroke.map(hand), pen);
  });
  return new LabelledDataset(tensor(images, { shape: [samples, 1, edge, edge] }), tensor(labels), {
    classes: Array.from("0123456789"),
  });
}

const between = (generator: Generator, low: number, high: number): number => low + (high - low) * generator.nextFloat();

/** How one person, once, puts a point of the unit square on the paper. */
function someHand(generator: Generator): (point: Point) => Point {
  const angle = (between(generator, -12, 12) * Math.PI) / 180;
  const slant = between(generator, -0.2, 0.2);
  const [width, height] = [between(generator, 0.75, 1.05) * box, between(generator, 0.85, 1.05) * box];
  const [right, down] = [between(generator, -1.5, 1.5), between(generator, -1.5, 1.5)];
  const middle = (edge - 1) / 2;
  return ([x, y]) => {
    const v = (y - 0.5) * height + between(generator, -0.5, 0.5);
    const u = (x - 0.5) * width - slant * v + between(generator, -0.5, 0.5);
    return [
      middle + right + Math.cos(angle) * u - Math.sin(angle) * v,
      middle + down + Math.sin(angle) * u + Math.cos(angle) * v,
    ];
  };
}

/** Inks every pixel by its distance from the line: full inside of the pen's radius, fading over one pixel. */
function draw(image: Float32Array, stroke: Stroke, pen: number): void {
  for (let i = 1; i < stroke.length; i++) {
    const [start, end] = [stroke[i - 1]!, stroke[i]!];
    const near = (axis: 0 | 1) => Math.max(0, Math.floor(Math.min(start[axis], end[axis]) - pen - 1));
    const far = (axis: 0 | 1) => Math.min(edge - 1, Math.ceil(Math.max(start[axis], end[axis]) + pen + 1));
    for (let y = near(1); y <= far(1); y++) {
      for (let x = near(0); x <= far(0); x++) {
        const ink = Math.min(1, Math.max(0, pen + 0.5 - distance([x, y], start, end)));
        image[y * edge + x] = Math.max(image[y * edge + x]!, ink);
      }
    }
  }
}

/** From a point to a piece of a line. */
function distance([x, y]: Point, [x0, y0]: Point, [x1, y1]: Point): number {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const along = ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy || 1);
  const nearest = Math.min(1, Math.max(0, along));
  return Math.hypot(x - x0 - nearest * dx, y - y0 - nearest * dy);
}
