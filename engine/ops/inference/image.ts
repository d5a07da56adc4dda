// Inference of the ops on images, N × C × H × W: convolution, pooling, resizing and their adjoints.

import { ShapeError } from "../../core/errors.ts";
import { formatShape, type Shape } from "../../core/shape.ts";
import type { Meta, OpName, Pair, PoolParams } from "../table.ts";
import { requireBias, requireFloat, requireRank } from "./checks.ts";
import type { InferenceTable } from "./inference-table.ts";

const pooled =
  (op: OpName) =>
  ([x]: readonly [Meta], params: PoolParams & { readonly dilation?: Pair }): Shape => {
    requireImage(op, x);
    const { kernelSize, padding } = params;
    if (padding[0] * 2 > kernelSize[0] || padding[1] * 2 > kernelSize[1]) {
      const problem = `padding ${formatShape(padding)} is more than half of the kernel ${formatShape(kernelSize)}`;
      throw ShapeError.of(op, problem, { input: x.shape }, "Otherwise a window could lie in the padding alone.");
    }
    return [...x.shape.slice(0, 2), ...outputSize(op, x.shape, { dilation: [1, 1], ...params })];
  };

export const imageInference = {
  conv2d: ([x, weight, bias], params) => {
    requireImage("conv2d", x);
    requireRank("conv2d", "weight", weight, 4, "out × in/groups × height × width");
    requireFloat("conv2d", weight);
    const { groups } = params;
    const [filters, channels, ...kernelSize] = weight.shape as [number, number, number, number];
    if (x.shape[1] !== channels * groups || filters % groups !== 0) {
      throw ShapeError.of(
        "conv2d",
        x.shape[1] !== channels * groups
          ? `expected ${channels * groups} input channels (groups ${groups}), got ${x.shape[1]}`
          : `${filters} filters cannot be split into ${groups} groups`,
        { input: x.shape, weight: weight.shape },
        "Input is N × C × H × W, weight is out × C/groups × height × width; unsqueeze(1) adds a channel.",
      );
    }
    requireBias("conv2d", bias, filters);
    return {
      shape: [x.shape[0]!, filters, ...outputSize("conv2d", x.shape, { ...params, kernelSize })],
      dtype: x.dtype,
    };
  },
  conv2dInput: ([grad], { inputShape }) => ({ shape: inputShape, dtype: grad.dtype }),
  conv2dWeight: ([x], { weightShape }) => ({ shape: weightShape, dtype: x.dtype }),
  maxPool2d: (inputs, params) => ({ shape: pooled("maxPool2d")(inputs, params), dtype: "float32" }),
  maxPool2dInput: ([x]) => ({ shape: x.shape, dtype: x.dtype }),
  maxPool2dIndices: (inputs, params) => ({ shape: pooled("maxPool2dIndices")(inputs, params), dtype: "int32" }),
  avgPool2d: (inputs, params) => ({ shape: pooled("avgPool2d")(inputs, params), dtype: "float32" }),
  avgPool2dInput: ([grad], { inputShape }) => ({ shape: inputShape, dtype: grad.dtype }),
  bilinear: ([x], { size }) => {
    requireImage("interpolate", x);
    if (x.shape.slice(1).includes(0) || size.some((length) => !Number.isInteger(length) || length < 1)) {
      const hint = "Neither image nor result may be empty.";
      throw ShapeError.of("interpolate", "sizes must be positive", { input: x.shape, size }, hint);
    }
    return { shape: [...x.shape.slice(0, 2), ...size], dtype: x.dtype };
  },
  bilinearInput: ([grad], { inputShape }) => ({ shape: inputShape, dtype: grad.dtype }),
} satisfies Partial<InferenceTable>;

function requireImage(op: string, x: Meta): void {
  requireRank(op, "input", x, 4, "N × C × H × W");
  requireFloat(op, x);
}

interface Sliding {
  readonly kernelSize: readonly number[];
  readonly stride: Pair;
  readonly padding: Pair;
  readonly dilation: Pair;
  readonly ceilMode?: boolean;
}

/** ⌊(W + 2P - D·(K - 1) - 1) / S⌋ + 1 for height and width; with ceilMode ⌈…⌉, if that window begins before the end. */
function outputSize(op: string, input: Shape, sliding: Sliding): [number, number] {
  const { kernelSize, stride, padding, dilation, ceilMode = false } = sliding;
  const along = (axis: 0 | 1): number => {
    const span = dilation[axis] * (kernelSize[axis]! - 1) + 1;
    const room = input[2 + axis]! + 2 * padding[axis] - span;
    const places = Math.floor(room / stride[axis]) + 1;
    const hangs = ceilMode && room % stride[axis] !== 0 && places * stride[axis] < input[2 + axis]! + padding[axis];
    return hangs ? places + 1 : places;
  };
  const size: [number, number] = [along(0), along(1)];
  if (size[0] > 0 && size[1] > 0) return size;
  const kernel = `kernel ${formatShape(kernelSize)} does not fit into the padded input`;
  throw ShapeError.of(op, kernel, { input }, "Use a smaller kernel, more padding, or a larger image.");
}
