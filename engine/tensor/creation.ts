// Tensors out of nothing, out of JavaScript values and out of the random generator. All leaves of the graph.

import { context } from "../core/context.ts";
import type { DeviceName } from "../core/device.ts";
import { backendFor } from "../core/devices.ts";
import { allocateArray, type DType, type Scalar, type TypedArray } from "../core/dtype.ts";
import { ArgumentError, ShapeError } from "../core/errors.ts";
import { contiguousLayout } from "../core/layout.ts";
import type { Generator } from "../core/random.ts";
import { type Shape, sizeOf } from "../core/shape.ts";
import { flatten, type NestedArray, shapeOfNested } from "./nested.ts";
import { enterScope } from "./scope.ts";
import { Storage } from "./storage.ts";
import { Tensor } from "./tensor.ts";

export interface TensorOptions {
  /** Where it lives. Default: what `device()` says. */
  readonly device?: DeviceName;
  /** Default: what the values suggest, float32 for numbers. */
  readonly dtype?: DType;
  /** Record ops on the tensor for `backward()`. Default: false. */
  readonly requiresGrad?: boolean;
}

export interface RandomOptions extends TensorOptions {
  /** Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

export interface TensorDataOptions extends TensorOptions {
  /** For typed arrays: the shape of the tensor. Default: one dimension. */
  readonly shape?: Shape;
}

/**
 * A tensor of a number, nested arrays or a typed array. Numbers become float32 (also whole ones: JavaScript has no
 * integers), booleans bool; `Int32Array` and the other whole typed arrays int32.
 *
 * @example
 * tensor([[1, 2], [3, 4]]).shape; // [2, 2]
 * tensor([3, 1, 2], { dtype: "int32" }); // tensor([3, 1, 2])
 */
export function tensor(
  data: NestedArray | TypedArray | Float64Array | Uint8ClampedArray,
  options: TensorDataOptions = {},
): Tensor {
  if (ArrayBuffer.isView(data)) return fromTyped(data, options);
  const shape = shapeOfNested(data);
  const dtype = options.dtype ?? (typeof firstOf(data) === "boolean" ? "bool" : "float32");
  return fromValues(flatten(data, shape, dtype), shape, dtype, options);
}

/**
 * Zeros.
 *
 * @example
 * zeros([2, 3]).shape; // [2, 3]
 */
export function zeros(shape: Shape, options?: TensorOptions): Tensor {
  return full(shape, 0, options);
}

/**
 * Ones.
 *
 * @example
 * ones([3]); // tensor([1., 1., 1.])
 */
export function ones(shape: Shape, options?: TensorOptions): Tensor {
  return full(shape, 1, options);
}

/**
 * The same value everywhere; float32 unless it is a boolean or a dtype is given.
 *
 * @example
 * full([2], 7); // tensor([7., 7.])
 */
export function full(shape: Shape, value: Scalar, options: TensorOptions = {}): Tensor {
  const dtype = options.dtype ?? (typeof value === "boolean" ? "bool" : "float32");
  return filled(shape, dtype, options, (values) => values.fill(Number(value)));
}

/**
 * start, start + step, … before end; `arange(n)` counts from 0. int32 if all arguments are whole, else float32.
 *
 * @example
 * arange(5); // tensor([0, 1, 2, 3, 4])
 * arange(0, 1, 0.25); // tensor([0.0000, 0.2500, 0.5000, 0.7500])
 */
export function arange(start: number, end?: number, step = 1, options: TensorOptions = {}): Tensor {
  const [from, to] = end === undefined ? [0, start] : [start, end];
  if (step === 0 || (to - from) / step < 0) {
    throw new ArgumentError("arange", `no steps of ${step} lead from ${from} to ${to}`);
  }
  const dtype = options.dtype ?? ([from, to, step].every(Number.isInteger) ? "int32" : "float32");
  return filled([Math.ceil((to - from) / step)], dtype, options, (values) => {
    for (let i = 0; i < values.length; i++) values[i] = from + i * step;
  });
}

/**
 * `steps` evenly spaced values from start to end, both included.
 *
 * @example
 * linspace(0, 1, 3); // tensor([0.0000, 0.5000, 1.0000])
 */
export function linspace(start: number, end: number, steps: number, options: TensorOptions = {}): Tensor {
  const step = (end - start) / (steps - 1);
  // From both ends, as torch does, so that both are exact.
  const at = (i: number) => (i < steps / 2 ? start + i * step : end - (steps - 1 - i) * step);
  return filled([steps], options.dtype ?? "float32", options, (values) => {
    for (let i = 0; i < values.length; i++) values[i] = steps === 1 ? start : at(i);
  });
}

/**
 * The identity matrix, or ones on the diagonal of n × m.
 *
 * @example
 * eye(2).sum(); // tensor(2.)
 */
export function eye(n: number, m = n, options: TensorOptions = {}): Tensor {
  return filled([n, m], options.dtype ?? "float32", options, (values) => {
    for (let i = 0; i < Math.min(n, m); i++) values[i * m + i] = 1;
  });
}

/**
 * Uniform in [0, 1): torch's numbers for the same seed.
 *
 * @example
 * manualSeed(42);
 * rand([3]); // tensor([0.8823, 0.9150, 0.3829])
 */
export function rand(shape: Shape, options: RandomOptions = {}): Tensor {
  return uniform(shape, 0, 1, options);
}

/**
 * Uniform in [from, to): torch's numbers for the same seed, bit for bit.
 *
 * @example
 * uniform([1000], -1, 1).max().itemSync() < 1; // true
 */
export function uniform(shape: Shape, from: number, to: number, options: RandomOptions = {}): Tensor {
  const generator = options.generator ?? context.generator;
  return filled(shape, "float32", options, (values) => generator.fillUniform(values as Float32Array, from, to));
}

/**
 * Normal with mean 0 and variance 1: torch's numbers for the same seed, to 1e-6.
 *
 * @example
 * manualSeed(0);
 * randn([3]); // tensor([ 1.5410, -0.2934, -2.1788])
 */
export function randn(shape: Shape, options: RandomOptions = {}): Tensor {
  const generator = options.generator ?? context.generator;
  return filled(shape, "float32", options, (values) => generator.fillNormal(values as Float32Array));
}

/**
 * Whole numbers of [low, high), int32.
 *
 * @example
 * randint(0, 10, [4]).lt(10).mean(); // tensor(1.)
 */
export function randint(low: number, high: number, shape: Shape, options: RandomOptions = {}): Tensor {
  if (high <= low) throw new ArgumentError("randint", `high must exceed low, got ${low} and ${high}`);
  const values = new Int32Array(checkedSize(shape));
  (options.generator ?? context.generator).fillIntegers(values, low, high);
  return fromTyped(values, { ...options, shape });
}

/**
 * 0 … n - 1 in random order, int32.
 *
 * @example
 * manualSeed(0);
 * randperm(5); // tensor([4, 0, 1, 3, 2])
 */
export function randperm(n: number, options: RandomOptions = {}): Tensor {
  return fromTyped((options.generator ?? context.generator).permutation(n), options);
}

function fromTyped(data: ArrayBufferView, options: TensorDataOptions): Tensor {
  const values = data as TypedArray | Float64Array;
  const whole = !(values instanceof Float32Array || values instanceof Float64Array);
  const dtype = options.dtype ?? (whole ? "int32" : "float32");
  const shape = options.shape ?? [values.length];
  if (sizeOf(shape) !== values.length) {
    throw ShapeError.of("tensor", `${values.length} elements do not fill the shape`, { shape });
  }
  const converted = allocateArray(dtype, values.length);
  if (dtype === "bool") for (let i = 0; i < values.length; i++) converted[i] = values[i] ? 1 : 0;
  else converted.set(values);
  return fromValues(converted, shape, dtype, options);
}

/** Elements as `fill` writes them, which starts at zeros; it is not called where tensors have no elements. */
export function filled(shape: Shape, dtype: DType, options: TensorOptions, fill: (values: TypedArray) => void): Tensor {
  const size = checkedSize(shape);
  // First: a backend without room for it says so before this process runs out of memory.
  const storage = Storage.of("tensor", backendFor(options.device), shape, dtype);
  const { holdsElements } = storage.backend;
  const values = allocateArray(dtype, holdsElements ? size : 0);
  if (holdsElements) fill(values);
  return made(storage, values, shape, options);
}

function fromValues(values: TypedArray, shape: Shape, dtype: DType, options: TensorOptions): Tensor {
  return made(Storage.of("tensor", backendFor(options.device), shape, dtype), values, shape, options);
}

function made(storage: Storage, values: TypedArray, shape: Shape, { requiresGrad = false }: TensorOptions): Tensor {
  storage.backend.write(storage.buffer, values);
  const tensor = enterScope(new Tensor(storage, contiguousLayout([...shape])));
  if (requiresGrad) tensor.requiresGrad = true;
  return tensor;
}

function checkedSize(shape: Shape): number {
  if (shape.every((length) => Number.isInteger(length) && length >= 0)) return sizeOf(shape);
  throw ShapeError.of("tensor", "sizes must be whole and not negative", { shape });
}

function firstOf(value: NestedArray): Scalar | undefined {
  let first: NestedArray | undefined = value;
  while (typeof first === "object") first = first[0];
  return first;
}
