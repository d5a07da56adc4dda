// Short films of a square that moves: what a convolution alone cannot tell, since every single picture looks alike.

import { context } from "../../core/context.ts";
import { ArgumentError } from "../../core/errors.ts";
import { tensor } from "../../tensor/creation.ts";
import { LabelledDataset } from "../loading/labelled-dataset.ts";
import { atLeast, type SampleOptions } from "./options.ts";

export interface MovingSquareOptions extends SampleOptions {
  /** Pictures in a film. Default: 6. */
  readonly frames?: number;
  /** Edge length of the pictures in pixels. Default: 16. */
  readonly size?: number;
  /** Edge length of the square in pixels; it moves by one pixel a picture. Default: 3. */
  readonly square?: number;
}

const directions = ["right", "left", "down", "up"] as const;
const steps = [
  [0, 1],
  [0, -1],
  [1, 0],
  [-1, 0],
] as const;

/**
 * Films x [samples, frames, 1, size, size], float32 of 0 and 1, in which a square moves; y [samples], int32, says in which of
 * four directions (`classes`). It starts anywhere and never leaves the picture. Throws ArgumentError if it had to.
 *
 * Default: 400 samples.
 *
 * @example
 * const films = data.movingSquare({ samples: 8, frames: 5, size: 12 });
 * films.tensors[0].shape; // [8, 5, 1, 12, 12]
 * films.classes; // [right, left, down, up]
 */
export function movingSquare(options: MovingSquareOptions = {}): LabelledDataset {
  const { samples = 400, frames = 6, size = 16, square = 3, generator = context.generator } = options;
  atLeast("movingSquare", 1, { samples, frames, size, square });
  const way = frames - 1;
  const room = size - square - way;
  if (room < 0) {
    throw new ArgumentError("movingSquare", `a square of ${square} that moves ${way} pixels needs more than ${size}`);
  }
  const x = new Float32Array(samples * frames * size * size);
  const y = Int32Array.from({ length: samples }, (_, i) => i % directions.length);
  const upTo = (limit: number) => generator.nextUint32() % (limit + 1);
  y.forEach((label, i) => {
    const [down, right] = steps[label]!;
    const start = (step: number) => (step === 0 ? upTo(size - square) : upTo(room) + (step < 0 ? way : 0));
    const [top, left] = [start(down), start(right)];
    for (let frame = 0; frame < frames; frame++) {
      const corner = ((i * frames + frame) * size + top + down * frame) * size + left + right * frame;
      for (let row = 0; row < square; row++) x.fill(1, corner + row * size, corner + row * size + square);
    }
  });
  const films = tensor(x, { shape: [samples, frames, 1, size, size] });
  return new LabelledDataset(films, tensor(y), { classes: directions });
}
