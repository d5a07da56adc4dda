// Random operands, the same for the same seed. Kinds differ in what they hold, so that every op gets what it must be right for.

import type { Values } from "../../engine/backends/webgpu/against-plain.ts";
import { type Shape, sizeOf } from "../../engine/core/shape.ts";

const largestFloat = (2 - 2 ** -23) * 2 ** 127;
/** Both sides of every boundary that float32 has, subnormal numbers apart. */
const edges = [
  ...[0, -0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 2 ** 23 - 0.5, 2 ** 24, -(2 ** 31), 2 ** 31, 2 ** -126, -(2 ** -126)],
  ...[1 + 2 ** -23, 1 - 2 ** -24, largestFloat, -largestFloat, Math.PI, Infinity, -Infinity, NaN],
];

export class Draw {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed + 1, 0x9e3779b1) | 0;
  }

  /** From 0 up to 1. */
  next(): number {
    // Marsaglia's xorshift, 2003.
    let x = this.#state || 1;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return (x >>> 0) / 2 ** 32;
  }

  integer(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  pick<T>(...choices: readonly T[]): T {
    return choices[this.integer(0, choices.length - 1)]!;
  }

  /** So many dimensions; one of them may be long. */
  shape(rank: number, longest = 40): number[] {
    const long = this.integer(0, rank - 1);
    return Array.from({ length: rank }, (_, dim) => this.integer(1, dim === long ? longest : 5));
  }

  /** Shapes that broadcast to `shape`. */
  part(shape: Shape): number[] {
    return shape.slice(this.integer(0, shape.length)).map((size) => (this.next() < 0.3 ? 1 : size));
  }

  #floats(shape: Shape, value: () => number): Values {
    return { shape, values: Float32Array.from({ length: sizeOf(shape) }, value) };
  }

  /** Of all magnitudes, and now and then an edge of float32. */
  any(shape: Shape): Values {
    return this.#floats(shape, () => {
      if (this.next() < 0.2) return this.pick(...edges);
      return (this.next() * 2 - 1) * 10 ** this.integer(-20, 20);
    });
  }

  /** From -scale to scale, some of them 0. */
  finite(shape: Shape, scale = 1): Values {
    return this.#floats(shape, () => (this.next() < 0.05 ? this.pick(0, -0) : (this.next() * 2 - 1) * scale));
  }

  /** Few different numbers. */
  ties(shape: Shape): Values {
    return this.#floats(shape, () => (this.next() < 0.1 ? this.pick(...edges) : this.integer(-3, 3)));
  }

  /** Between 0 and 1. */
  share(shape: Shape): Values {
    return this.#floats(shape, () => this.next());
  }

  whole(shape: Shape, min: number, max: number): Values {
    return { shape, values: Int32Array.from({ length: sizeOf(shape) }, () => this.integer(min, max)) };
  }

  /** From 0 to below `limit`. */
  index(shape: Shape, limit: number): Values {
    return this.whole(shape, 0, limit - 1);
  }

  bool(shape: Shape): Values {
    return { shape, values: Uint8Array.from({ length: sizeOf(shape) }, () => this.integer(0, 1)) };
  }
}
