// The ops element by element: generated loops of pointwise/ for the dtypes that they take, plain kernels for the others.

import type { DType } from "../../../core/dtype.ts";
import { broadcastStrides, isContiguous } from "../../../core/layout.ts";
import { sameShape, sizeOf } from "../../../core/shape.ts";
import type { Params } from "../../../ops/table.ts";
import type { ComputedOp, KernelTable } from "../../backend.ts";
import type { HeapBuffer } from "../memory/heap-buffer.ts";
import { addressOf, type HeapOperand, runPlain } from "../plain-kernels.ts";
import { chains } from "../pointwise/chains.ts";
import { planCopy } from "../pointwise/copy.ts";
import { type Placed, planPointwise, planRow } from "../pointwise/plan.ts";
import type { Program } from "../pointwise/program.ts";
import { castProgram, clampProgram, powerProgram, programFor } from "../pointwise/programs.ts";
import type { Runtime } from "../runtime.ts";
import { cost, workerOf } from "./worker.ts";

type Operands = readonly HeapOperand[];

const cheap = [
  ...(["add", "sub", "mul", "div", "maximum", "minimum", "eq", "ne", "gt", "ge", "lt", "le", "where"] as const),
  ...(["neg", "sqrt", "abs", "sign", "floor", "ceil", "round", "trunc", "relu"] as const),
];
const dear = ["exp", "log", "log1p", "expm1", "erf", "tanh", "sigmoid"] as const;

export function pointwiseKernels(runtime: Runtime) {
  const worker = workerOf(runtime, "pointwise");

  const run = (program: Program, inputs: Operands, y: HeapOperand, costs: number) => {
    const size = sizeOf(y.shape);
    if (size === 0) return;
    const grain = worker.grain(size, costs);
    const isRow = inputs.every(
      (x) => x.shape.length === y.shape.length && sameShape(x.shape, y.shape) && isContiguous(x),
    );
    if (isRow) {
      worker.run(planRow(program, size, [y.buffer.address, ...inputs.map(addressOf)], grain));
      return;
    }
    const output = { address: y.buffer.address, strides: y.strides };
    const operands = inputs.map((x) => placed(x, y));
    worker.run(planPointwise(program, y.shape, output, operands, grain));
  };

  /** Programs by the dtypes of their operands, as digits. */
  const single = (op: (typeof cheap | typeof dear)[number], costs: number) => {
    const programs: (Program | undefined | null)[] = [];
    return (inputs: Operands, y: HeapOperand, params: object): void => {
      let code = 0;
      for (const { dtype } of inputs) code = code * 3 + digits[dtype];
      let program = programs[code];
      if (program === undefined) {
        program =
          programFor(
            op,
            inputs.map(({ dtype }) => dtype),
          ) ?? null;
        programs[code] = program;
      }
      if (program === null) runPlain(op, inputs, y, params as Params<typeof op>);
      else run(program, inputs, y, costs);
    };
  };
  const singles = Object.fromEntries([
    ...cheap.map((op) => [op, single(op, cost.memory)] as const),
    ...dear.map((op) => [op, single(op, cost.function)] as const),
  ]) as Record<(typeof cheap | typeof dear)[number], ReturnType<typeof single>>;

  return {
    ...singles,
    tanhBackward: (inputs, y) => run(chains.tanhBackward, inputs, y, cost.memory),
    sigmoidBackward: (inputs, y) => run(chains.sigmoidBackward, inputs, y, cost.memory),
    reluBackward: (inputs, y) => run(chains.reluBackward, inputs, y, cost.memory),
    pow: (inputs, y, params) => {
      const [base, exponent] = inputs;
      const isScalar = y.dtype === "float32" && sizeOf(exponent.shape) === 1 && sameShape(base.shape, y.shape);
      const program = isScalar ? powerProgram(exponent.buffer.values[exponent.offset]!) : undefined;
      if (program === undefined) runPlain("pow", inputs, y, params);
      else run(program, [base], y, cost.memory);
    },
    clamp: (inputs, y, params) => run(clampProgram(numeric(y.dtype), params), inputs, y, cost.memory),
    cast: (inputs, y) => run(castProgram(inputs[0].dtype, y.dtype), inputs, y, cost.memory),
    contiguous: ([x], y) => {
      const size = sizeOf(y.shape);
      if (size === 0) return;
      const from = { address: addressOf(x), strides: x.strides };
      worker.run(planCopy(x.dtype, x.shape, y.buffer.address, from, worker.grain(size, cost.memory)));
    },
  } satisfies Partial<KernelTable<HeapBuffer>>;
}

/** Ops that read operands of any layout, whatever their dtypes: none of them ever runs as a plain kernel. */
export const stridedPointwise: readonly ComputedOp[] = [
  ...dear,
  ...(["neg", "sqrt", "abs", "sign", "relu", "clamp", "cast"] as const),
  ...(["tanhBackward", "sigmoidBackward", "reluBackward"] as const),
];

const digits: Readonly<Record<DType, number>> = { float32: 0, int32: 1, bool: 2 };

function numeric(dtype: DType): Exclude<DType, "bool"> {
  return dtype === "bool" ? "int32" : dtype;
}

function placed(x: HeapOperand, y: HeapOperand): Placed {
  return { address: addressOf(x), strides: broadcastStrides(x, y.shape) };
}
