// Elementwise programs: straight lines of ops over operands, as data. One loop runs a whole program, so a chain of ops reads
// its operands and writes its result once. Loops are loop.ts; which op does what, lane-ops.ts.

import { type DType, sizeBytesOf } from "../../../core/dtype.ts";
import type { FunctionBuilder, Local } from "../assembler/index.ts";
import { KernelError } from "../kernel-error.ts";
import type { Work } from "../work.ts";
import { type LaneOpName, type Lanes, laneOps, resultOf } from "./lane-ops.ts";

/** Of a program: an operand or the result of a step, by number: operands first, then steps. */
export type Term = number;

export interface Step {
  readonly op: LaneOpName;
  readonly from: readonly Term[];
  readonly constants: readonly number[];
}

/** What is computed for one element; the last step (or the last operand, where there is none) is the result. */
export interface Program {
  /** Equal keys, equal programs. */
  readonly key: string;
  readonly operands: readonly DType[];
  readonly steps: readonly Step[];
  readonly output: DType;
  /** Bytes of an element of the output, then of each operand. */
  readonly widths: readonly number[];
  /** The program's kernels by how operands move, as far as they were planned; plan.ts fills it. */
  readonly variants: Map<number, Variant>;
}

/** How an operand moves along a run: to the next element, not at all, or by a stride that is an argument. */
export type Advance = "next" | "stay" | "stride";

/** The kernel of a program for one way in which its operands move. */
export interface Variant extends Pick<Work, "key" | "define"> {
  readonly advances: readonly Advance[];
}

/** Appends a step, and gives its term. */
export type Append = (op: LaneOpName, from: readonly Term[], ...constants: readonly number[]) => Term;

/**
 * Puts a program together. Throws a KernelError where an op does not take its operands.
 *
 * For example:
 * // grad · (1 - y²)
 * programOf(["float32", "float32"], (append, [grad, y]) => append("mul", [grad, append("oneMinusProduct", [y, y])]));
 */
export function programOf(operands: readonly DType[], build: (append: Append, operands: Term[]) => void): Program {
  const steps: Step[] = [];
  const dtypes = [...operands];
  build(
    (op, from, ...constants) => {
      const given = from.map((term) => dtypes[term]!);
      const result = resultOf(op, given);
      if (result === undefined) throw new KernelError(op, `does not take ${given.join(", ") || "nothing"}`);
      steps.push({ op, from, constants });
      return dtypes.push(result) - 1;
    },
    operands.map((_, i) => i),
  );
  const texts = steps.map(({ op, from, constants }) => `${op}(${[...from.map((term) => `$${term}`), ...constants]})`);
  const key = `${operands.join(",")}:${texts.join(";")}`;
  const output = dtypes.at(-1)!;
  const widths = [output, ...operands].map((dtype) => sizeBytesOf(dtype, 1));
  return { key, operands, steps, output, widths, variants: new Map() };
}

/** The result for one vector of every operand. */
export function compute(f: FunctionBuilder, { steps }: Program, operands: readonly Local<Lanes>[]): Local<Lanes> {
  const terms = [...operands];
  for (const { op, from, constants } of steps) {
    const row = laneOps[op];
    const value = row.emit(
      from.map((term) => terms[term]!),
      constants,
      f,
    );
    terms.push(f.local(value.type, value));
  }
  return terms.at(-1)!;
}
