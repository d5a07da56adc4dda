// Softmax, its logarithm and their gradients along one dimension. A workgroup takes a line that is long, an invocation one that is
// short, or whose elements lie far apart while those of other lines lie between. The largest element is subtracted first, so that
// no exponential overflows.

import { around } from "../../../core/shape.ts";
import type { DimParams } from "../../../ops/table.ts";
import type { KernelTable, Operand } from "../../backend.ts";
import type { Gpu } from "../gpu.ts";
import type { GpuBuffer } from "../memory/gpu-buffer.ts";
import { adding, type Folding, foldLanes, largest as largestOf } from "../shader/fold-lanes.ts";
import { laneCount } from "../shader/shader.ts";

type SoftmaxOp = "softmax" | "logSoftmax" | "softmaxBackward" | "logSoftmaxBackward";

interface Line {
  /** WGSL: what the line is folded into first, in `a` and `b`, the elements of the operands. */
  readonly largest?: string;
  readonly total: string;
  /** What is computed once for the line, from `total`. */
  readonly once?: string;
  readonly result: string;
}

const lines: Readonly<Record<SoftmaxOp, Line>> = {
  softmax: { largest: "a", total: "expOf(a - largest)", result: "expOf(a - largest) / total" },
  logSoftmax: {
    largest: "a",
    total: "expOf(a - largest)",
    once: "let shift = logOf(total);",
    result: "a - largest - shift",
  },
  softmaxBackward: { total: "a * b", result: "b * (a - total)" },
  logSoftmaxBackward: { total: "a", result: "a - expOf(b) * total" },
};

/** Lines from here on are worth a workgroup. */
const longLine = 64;

export const softmaxKernels = (gpu: Gpu) => {
  const one = (op: SoftmaxOp) => {
    return ([x]: readonly [Operand<GpuBuffer>], y: Operand<GpuBuffer>, { dim }: DimParams) =>
      compute(gpu, op, [x], y, dim);
  };
  const two = (op: SoftmaxOp) => {
    return (inputs: readonly [Operand<GpuBuffer>, Operand<GpuBuffer>], y: Operand<GpuBuffer>, { dim }: DimParams) =>
      compute(gpu, op, inputs, y, dim);
  };
  return {
    softmax: one("softmax"),
    logSoftmax: one("logSoftmax"),
    softmaxBackward: two("softmaxBackward"),
    logSoftmaxBackward: two("logSoftmaxBackward"),
  } satisfies Partial<KernelTable<GpuBuffer>>;
};

function compute(
  gpu: Gpu,
  op: SoftmaxOp,
  inputs: readonly Operand<GpuBuffer>[],
  y: Operand<GpuBuffer>,
  dim: number,
): void {
  const { outer, length, inner } = around(y.shape, dim);
  const byGroup = length >= longLine && (inner === 1 || outer * inner < laneCount);
  const names = ["x0", "x1"].slice(0, inputs.length);
  const shader = gpu.shader(`${op}/${byGroup ? "group" : "thread"}`, () => ({
    reads: Object.fromEntries(names.map((name) => [name, "f32"])) as Record<string, "f32">,
    writes: { y: "f32" },
    uniforms: { lines: "u32", length: "u32", inner: "u32", offsets: ["u32", 2], yOffset: "u32" },
    before: byGroup ? `var<workgroup> gathered: array<f32, ${laneCount}>;` : "",
    main: codeOf(gpu, lines[op], byGroup, inputs.length === 2),
  }));
  const count = length === 0 ? 0 : outer * inner;
  const uniforms = {
    lines: count,
    length,
    inner,
    offsets: [inputs[0]!.offset, inputs[1]?.offset ?? 0],
    yOffset: y.offset,
  };
  const buffers = Object.fromEntries(names.map((name, i) => [name, inputs[i]!.buffer]));
  gpu.dispatch(shader, { ...buffers, y: y.buffer }, uniforms, byGroup ? gpu.lines(count) : gpu.linear(count));
}

function codeOf(gpu: Gpu, { largest, total, once, result }: Line, byGroup: boolean, hasB: boolean): string {
  const [first, step] = byGroup ? ["lane", `${laneCount}u`] : ["0u", "1u"];
  const each = (body: string) => `
  for (var k = ${first}; k < u.length; k += ${step}) {
    let at = start + k * u.inner;
    let a = x0[u.offsets0 + at];
    ${hasB ? "let b = x1[u.offsets1 + at];" : ""}
    ${body}
  }`;
  const whole = (name: string, folding: Folding) =>
    byGroup ? foldLanes(gpu, name, "gathered", laneCount, folding) : "";
  const again = byGroup ? "workgroupBarrier();" : "";
  return `
  let line = ${byGroup ? "group.y * groups.x + group.x" : "index"};
  if (line >= u.lines) { return; }
  let start = line / u.inner * u.inner * u.length + line % u.inner;
  ${largest === undefined ? "" : `var largest = -infinity();${each(`largest = largerOf(largest, ${largest});`)}\n  ${whole("largest", largestOf)}\n  ${again}`}
  var total = 0.0;${each(`total += ${total};`)}
  ${whole("total", adding)}
  ${once ?? ""}
  ${each(`y[u.yOffset + at] = ${result};`)}`;
}
