// Compares one kernel of every family with the plain one, on a few numbers: made for compilers with experimental flags, whose
// mistakes would otherwise be wrong gradients. Takes some 50 ms, most of it compiling what training will need anyway.

import { contiguousLayout } from "../../core/layout.ts";
import { type Shape, sizeOf } from "../../core/shape.ts";
import { infer } from "../../ops/inference/inference.ts";
import type { Inputs, Meta, Params } from "../../ops/table.ts";
import type { ComputedOp } from "../backend.ts";
import type { FastKernels } from "./kernels/kernels.ts";
import type { Heap } from "./memory/heap.ts";
import { type HeapOperand, runPlain } from "./plain-kernels.ts";

interface Case<P extends ComputedOp> {
  readonly op: P;
  /** Of the operands. */
  readonly shapes: readonly Shape[];
  readonly params: Params<P>;
}

const one = <P extends ComputedOp>(op: P, shapes: readonly Shape[], params: Params<P>): Case<P> => ({
  op,
  shapes,
  params,
});

/** Sizes with whole tiles, parts of tiles, pairs of vectors and single elements. */
const vector: Shape = [77];
const images: Shape = [2, 8, 12, 12];
const few: Shape = [2, 1, 12, 12];
const convolution = { stride: [1, 1], padding: [1, 1], dilation: [1, 1], groups: 1 } as const;
const window = { kernelSize: [2, 2], stride: [2, 2], padding: [0, 0], ceilMode: false } as const;

const cases = [
  one(
    "matmul",
    [
      [2, 37, 65],
      [65, 53],
    ],
    { transposeLhs: false, transposeRhs: false },
  ),
  one("linear", [[19, 33], [45, 33], [45]], {}),
  one("conv2d", [images, [20, 8, 3, 3], [20]], convolution),
  one("conv2d", [few, [6, 1, 5, 5], [6]], convolution),
  one(
    "conv2dInput",
    [
      [2, 20, 12, 12],
      [20, 8, 3, 3],
    ],
    { ...convolution, inputShape: images },
  ),
  one("conv2dWeight", [images, [2, 20, 12, 12]], { ...convolution, weightShape: [20, 8, 3, 3] }),
  one("maxPool2d", [images], { ...window, dilation: [1, 1] }),
  one("avgPool2d", [images], { ...window, countIncludePad: true }),
  one("add", [vector, vector], {}),
  one("mul", [images, [8, 1, 1]], {}),
  ...(["exp", "tanh", "sigmoid", "relu"] as const).map((op) => one(op, [vector], {})),
  one("tanhBackward", [vector, vector], {}),
  one("sum", [images], { dims: [0, 2, 3], keepdim: false }),
  one("mean", [[31, 77]], { dims: [1], keepdim: false }),
  one("logSoftmax", [[9, 21]], { dim: 1 }),
  one(
    "softmaxBackward",
    [
      [9, 21],
      [9, 21],
    ],
    { dim: 1 },
  ),
] as const;

/** The first op that is wrong, or undefined if all are right. */
export function selfTest(kernels: FastKernels, heap: Heap): ComputedOp | undefined {
  return cases.find((each) => !isRight(each as Case<ComputedOp>, kernels, heap))?.op;
}

/**
 * Whether `paired` multiplies faster than `plain`: where V8 knows no pairs, or the machine has none, kernels made for them
 * are slower. The best of a few products that take some 20 µs each.
 */
export function pairingPays(paired: FastKernels, plain: FastKernels, heap: Heap): boolean {
  const size = [96, 96];
  const [a, b, y] = [operand(heap, size, () => 1), operand(heap, size, () => 1), operand(heap, size, () => 0)];
  const best = ({ ops }: FastKernels): number => {
    const times = Array.from({ length: 12 }, () => {
      const started = performance.now();
      ops.matmul!([a, b], y, { transposeLhs: false, transposeRhs: false });
      return performance.now() - started;
    });
    return Math.min(...times);
  };
  const pays = best(paired) * 1.15 < best(plain);
  for (const { buffer } of [a, b, y]) heap.release(buffer);
  return pays;
}

function isRight<P extends ComputedOp>({ op, shapes, params }: Case<P>, { ops }: FastKernels, heap: Heap): boolean {
  const inputs = shapes.map((shape, i) => operand(heap, shape, (at) => ((at * 37 + 11 * i) % 64) / 32 - 1));
  const { shape } = infer(op, inputs as unknown as Inputs<P, Meta>, params);
  const [actual, expected] = [operand(heap, shape, () => Number.NaN), operand(heap, shape, () => Number.NaN)];
  const kernel = ops[op] as unknown as (inputs: readonly HeapOperand[], output: HeapOperand, params: Params<P>) => void;
  kernel(inputs, actual, params);
  runPlain(op, inputs, expected, params);
  const [found, wanted] = [actual.buffer.values, expected.buffer.values];
  const right = found.every((value, at) => Math.abs(value - wanted[at]!) <= 1e-4 * (1 + Math.abs(wanted[at]!)));
  for (const { buffer } of [...inputs, actual, expected]) heap.release(buffer);
  return right;
}

function operand(heap: Heap, shape: Shape, valueAt: (at: number) => number): HeapOperand {
  const buffer = heap.allocate("float32", sizeOf(shape));
  for (let at = 0; at < buffer.values.length; at++) buffer.values[at] = valueAt(at);
  return { ...contiguousLayout(shape), dtype: "float32", buffer };
}
