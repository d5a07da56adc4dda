// Random numbers, the same stream as PyTorch's CPU generator: MT19937 and the ways in which torch turns its words into
// floats, normals and permutations. Knows no tensors; the default generator lives in context.ts.

const size = 624;
const shift = 397;

/** Where a generator is in its stream; made by `getState`, and only good for `setState`. */
export interface GeneratorState {
  readonly words: Uint32Array;
  readonly position: number;
  readonly spareNormal: number | undefined;
}

/**
 * A seeded source of random numbers that gives PyTorch's numbers: `manualSeed(42)` here and `torch.manual_seed(42)`
 * there start the same stream.
 *
 * M. Matsumoto, T. Nishimura, Mersenne Twister, ACM TOMACS 8 (1998), https://doi.org/10.1145/272991.272995
 *
 * @example
 * const generator = new Generator(42);
 * rand([2], { generator }); // tensor([0.8823, 0.9150])
 */
export class Generator {
  readonly #state = new Uint32Array(size);
  #position = size;
  #spareNormal: number | undefined;

  constructor(seed = 5489) {
    this.manualSeed(seed);
  }

  /** Starts the stream anew. Only the low 32 bits of the seed count. Returns the generator. */
  manualSeed(seed: number): this {
    const state = this.#state;
    state[0] = Number(BigInt.asUintN(32, BigInt(Math.trunc(seed))));
    for (let i = 1; i < size; i++) {
      const previous = state[i - 1]!;
      state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
    }
    this.#position = size;
    this.#spareNormal = undefined;
    return this;
  }

  /** Where the stream is now. */
  getState(): GeneratorState {
    return { words: this.#state.slice(), position: this.#position, spareNormal: this.#spareNormal };
  }

  /** Goes back, or on, to where the stream was. */
  setState({ words, position, spareNormal }: GeneratorState): void {
    this.#state.set(words);
    this.#position = position;
    this.#spareNormal = spareNormal;
  }

  /** The next 32 bits. */
  nextUint32(): number {
    if (this.#position === size) this.#twist();
    let word = this.#state[this.#position++]!;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  }

  /** A seed for another generator, drawn as torch's samplers draw theirs: the low word of 64 random bits. */
  nextSeed(): number {
    this.nextUint32();
    return this.nextUint32();
  }

  /** Uniform in [0, 1) with the 24 bits of a float32. */
  nextFloat(): number {
    return (this.nextUint32() & 0xffffff) / 2 ** 24;
  }

  /** Fills with uniform values of [from, to). */
  fillUniform(values: Float32Array, from = 0, to = 1): void {
    const low = Math.fround(from);
    const range = Math.fround(Math.fround(to) - low);
    for (let i = 0; i < values.length; i++) values[i] = this.nextFloat() * range + low;
  }

  /** Fills with normal values. Agrees with torch to 1e-6: its vectorised logarithm and cosine are approximations. */
  fillNormal(values: Float32Array, mean = 0, std = 1): void {
    if (values.length < 16) {
      for (let i = 0; i < values.length; i++) values[i] = this.#nextNormal() * std + mean;
      return;
    }
    this.fillUniform(values);
    for (let start = 0; start + 16 <= values.length; start += 16) {
      boxMuller(values.subarray(start, start + 16), mean, std);
    }
    if (values.length % 16 !== 0) {
      // torch draws the last sixteen again rather than treat a remainder.
      const last = values.subarray(values.length - 16);
      this.fillUniform(last);
      boxMuller(last, mean, std);
    }
  }

  /** Fills with integers of [low, high). */
  fillIntegers(values: Int32Array, low: number, high: number): void {
    for (let i = 0; i < values.length; i++) values[i] = low + (this.nextUint32() % (high - low));
  }

  /** A random order of 0 … n - 1 (Fisher-Yates). */
  permutation(n: number): Int32Array {
    const order = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = 0; i < n - 1; i++) {
      const other = i + (this.nextUint32() % (n - i));
      const value = order[i]!;
      order[i] = order[other]!;
      order[other] = value;
    }
    return order;
  }

  #twist(): void {
    const state = this.#state;
    for (let i = 0; i < size; i++) {
      const mixed = (state[i]! & 0x80000000) | (state[(i + 1) % size]! & 0x7fffffff);
      state[i] = state[(i + shift) % size]! ^ (mixed >>> 1) ^ (mixed & 1 ? 0x9908b0df : 0);
    }
    this.#position = 0;
  }

  /** 53 random bits, from a high and a low word. */
  #nextDouble(): number {
    const high = this.nextUint32() & 0x1fffff;
    return (high * 2 ** 32 + this.nextUint32()) / 2 ** 53;
  }

  #nextNormal(): number {
    const spare = this.#spareNormal;
    this.#spareNormal = undefined;
    if (spare !== undefined) return spare;
    const turn = 2 * Math.PI * this.#nextDouble();
    const radius = Math.sqrt(-2 * Math.log1p(-this.#nextDouble()));
    this.#spareNormal = radius * Math.sin(turn);
    return radius * Math.cos(turn);
  }
}

/** Turns sixteen uniform values into sixteen normal ones, in place. */
function boxMuller(values: Float32Array, mean: number, std: number): void {
  for (let i = 0; i < 8; i++) {
    const radius = Math.sqrt(-2 * Math.log(1 - values[i]!));
    const turn = 2 * Math.PI * values[i + 8]!;
    values[i] = radius * Math.cos(turn) * std + mean;
    values[i + 8] = radius * Math.sin(turn) * std + mean;
  }
}
