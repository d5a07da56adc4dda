// Compares one kernel of every family with the plain one, on a few numbers: made for compilers with experimental flags, whose
// mistakes would otherwise be wrong gradients. Takes some 50 ms, most of it compiling what training will need anyway.

import { contiguousLayout } from "../../core/layout.ts";
import { type Shape, sizeOf } from "../../core/shape.ts";
import { infer } from "../../ops/inference/inference.ts";
import type { Inputs, Meta, Params } from "../../ops/table.ts";
import type { ComputedOp, Kernel } from "../backend.ts";
import { updateKernels } from "../cpu/updates.ts";
import type { FastKernels } from "./kernels/kernels.ts";
import type { Heap } from "./memory/heap.ts";
import type { HeapBuffer } from "./memory/heap-buffer.ts";
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
const images: Shape = [2, 8, 12, 12];
const convolution = { stride: [1, 1], padding: [1, 1], dilation: [1, 1], groups: 1, activation: "none" } as const;
const window = { kernelSize: [2, 2], stride: [2, 2], padding: [0, 0], ceilMode: false } as const;

const cases = [
  one("linear", [[19, 33], [45, 33], [45]], { activation: "none" }),
  one(
    "matmul",
    [
      [33, 19],
      [33, 45],
    ],
    { transposeLhs: true, transposeRhs: false },
  ),
  one("conv2d", [images, [20, 8, 3, 3], [20]], convolution),
  one("conv2d", [[2, 1, 12, 12], [6, 1, 5, 5], [6]], convolution),
  one("conv2dWeight", [images, [2, 20, 12, 12]], { ...convolution, weightShape: [20, 8, 3, 3] }),
  one("avgPool2d", [images], { ...window, countIncludePad: true }),
  one("mul", [images, [8, 1, 1]], {}),
  one("tanh", [[77]], {}),
  one("sum", [images], { dims: [0, 2, 3], keepdim: false }),
  one("logSoftmax", [[9, 21]], { dim: 1 }),
  one("normalize", [[9, 21], [21], [21]], { batch: 1, groups: 9, length: 21, affine: "element", eps: 0.1 }),
  one("gru", [[3, 7, 27], [27, 9], [9], [7, 9]], {}),
] as const;

/** The name of the first that is wrong, or undefined if all are right. */
export function selfTest(kernels: FastKernels, heap: Heap): string | undefined {
  const wrong = cases.find((each) => !isRight(each as Case<ComputedOp>, kernels, heap))?.op;
  return wrong ?? (isAdamRight(kernels, heap) ? undefined : "adam");
}

/**
 * Whether `paired` multiplies faster than `plain`: where V8 knows no pairs, or the machine has none, kernels made for them
 * are slower. The best of products that take some 20 µs each, in turns: the first of them are slow for other reasons.
 */
export function pairingPays(paired: FastKernels, plain: FastKernels, heap: Heap): boolean {
  const size = [96, 96];
  const [a, b, y] = [operand(heap, size, () => 1), operand(heap, size, () => 1), operand(heap, size, () => 0)];
  const timeOf = ({ ops }: FastKernels): number => {
    const started = performance.now();
    ops.matmul!([a, b], y, { transposeLhs: false, transposeRhs: false });
    return performance.now() - started;
  };
  const best = { paired: Number.POSITIVE_INFINITY, plain: Number.POSITIVE_INFINITY };
  for (let turn = 0; turn < 30; turn++) {
    best.paired = Math.min(best.paired, timeOf(paired));
    best.plain = Math.min(best.plain, timeOf(plain));
  }
  for (const { buffer } of [a, b, y]) heap.release(buffer);
  return best.paired * 1.1 < best.plain;
}

function isRight<P extends ComputedOp>({ op, shapes, params }: Case<P>, { ops }: FastKernels, heap: Heap): boolean {
  const inputs = shapes.map((shape, i) => operand(heap, shape, (at) => ((at * 37 + 11 * i) % 64) / 32 - 1));
  const { shape, reserve = 0 } = infer(op, inputs as unknown as Inputs<P, Meta>, params);
  const [actual, expected] = [0, 1].map(() => ({
    ...operand(heap, shape, () => Number.NaN),
    reserve: operand(heap, [reserve], () => Number.NaN).buffer,
  }));
  const kernel = ops[op] as unknown as Kernel<P, HeapBuffer>;
  kernel(inputs as unknown as Inputs<P, HeapOperand>, actual!, params);
  runPlain(op, inputs, expected!, params);
  const outputs = [actual!.buffer, expected!.buffer, actual!.reserve, expected!.reserve] as const;
  const right = areClose(outputs[0], outputs[1]) && areClose(outputs[2], outputs[3]);
  for (const buffer of [...inputs.map((input) => input.buffer), ...outputs]) heap.release(buffer);
  return right;
}

function isAdamRight({ update }: FastKernels, heap: Heap): boolean {
  const size = 77;
  const buffers = Array.from({ length: 10 }, (_, i) => operand(heap, [size], (at) => ((at * 37 + i) % 64) / 64).buffer);
  const inputs = [0, 1, 2, 3].map((i) => ({ buffer: buffers[i]!, offset: 0 })) as never;
  const options = { ...{ beta1: 0.9, beta2: 0.99, eps: 0.1, shrink: 1 }, stepSize: 0.1, rootScale: 1 };
  const all = { ...options, gradientScale: 1, weightDecay: 0 };
  update("adam", [{ size, inputs, outputs: [buffers[4]!, buffers[5]!, buffers[6]!] }], all);
  const plain = {
    size,
    inputs: [0, 1, 2, 3].map((i) => ({ buffer: buffers[i]!.values, offset: 0 })) as never,
    outputs: [buffers[7]!.values, buffers[8]!.values, buffers[9]!.values] as const,
  };
  updateKernels.adam(plain, all);
  const right = [4, 5, 6].every((i) => areClose(buffers[i]!, buffers[i + 3]!));
  for (const buffer of buffers) heap.release(buffer);
  return right;
}

function areClose(found: HeapBuffer, wanted: HeapBuffer): boolean {
  const expected = wanted.values;
  return found.values.every((value, at) => Math.abs(value - expected[at]!) <= 1e-4 * (1 + Math.abs(expected[at]!)));
}

function operand(heap: Heap, shape: Shape, valueAt: (at: number) => number): HeapOperand {
  const buffer = heap.allocate("float32", sizeOf(shape));
  for (let at = 0; at < buffer.values.length; at++) buffer.values[at] = valueAt(at);
  return { ...contiguousLayout(shape), dtype: "float32", buffer };
}
