// The ops matmul and linear: the generated product of matmul/, for float32 in any layout. Batches are cut into matrices, large
// matrices into bands of rows or columns, so that all threads have work.

import { broadcastStrides } from "../../../core/layout.ts";
import { type Shape, sizeOf } from "../../../core/shape.ts";
import type { Activation } from "../../../ops/table.ts";
import type { KernelTable, Operand } from "../../backend.ts";
import { epilogueOf } from "../activations.ts";
import { defineMatmul, lhsFor, type MatmulPlan, planFor, scratchBytesOf, tilesFor } from "../matmul/matmul.ts";
import type { HeapBuffer } from "../memory/heap-buffer.ts";
import { type HeapOperand, runPlain } from "../plain-kernels.ts";
import type { Runtime } from "../runtime.ts";
import type { Part } from "../threads/team.ts";
import { evenly } from "../work.ts";

/** Rows of products of one size, whose matrices lie at even distances. */
interface Batch {
  readonly rows: number;
  readonly count: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly a: Matrix;
  readonly b: Matrix;
  readonly c: Matrix;
  /** Address of one term for each column; undefined for none. */
  readonly bias?: number | undefined;
  readonly activation: Activation;
}

/** Address and steps to the next matrix and the next row of matrices in bytes, strides in elements. */
interface Matrix {
  readonly address: number;
  readonly rowStep: number;
  readonly step: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

export function matmulKernels(runtime: Runtime) {
  const multiply = multiplier(runtime);
  return {
    matmul: ([lhs, rhs], y, params) => {
      if (y.dtype !== "float32") {
        runPlain("matmul", [lhs, rhs], y, params);
        return;
      }
      if (sizeOf(y.shape) === 0) return;
      const [m, n] = [y.shape.at(-2)!, y.shape.at(-1)!];
      const k = lhs.shape.at(params.transposeLhs ? -2 : -1)!;
      const stacks = [stackStrides(lhs, y.shape), stackStrides(rhs, y.shape)] as const;
      eachBatch(y.shape.slice(0, -2), stacks, (rows, count, start, [a, b]) => {
        multiply({
          ...{ rows, count, m, n, k },
          a: matrixOf(lhs, a, params.transposeLhs),
          b: matrixOf(rhs, b, params.transposeRhs),
          c: resultOf(y, start, count),
          activation: "none",
        });
      });
    },
    linear: ([x, weight, bias], y, params) => {
      const [m, n] = y.shape as [number, number];
      if (m * n === 0) return;
      if (bias !== undefined && bias.strides[0] !== 1) {
        runPlain("linear", [x, weight, bias], y, params);
        return;
      }
      const only = { offset: 0, rowStep: 0, step: 0 };
      multiply({
        ...{ rows: 1, count: 1, m, n, k: x.shape[1]! },
        a: matrixOf(x, only, false),
        b: matrixOf(weight, only, true),
        c: resultOf(y, 0, 1),
        bias: bias && bias.buffer.address + 4 * bias.offset,
        activation: params.activation,
      });
    },
  } satisfies Partial<KernelTable<HeapBuffer>>;
}

/** Runs batches of products on the team. */
function multiplier({ library, team, scratch }: Runtime): (batch: Batch) => void {
  const kernels = library.family("matmul");
  const tile = tilesFor(library);
  return (batch) => {
    const bias = batch.bias === undefined ? "none" : "column";
    const lhs = lhsFor(tile, batch.n, batch.a);
    const plan = planFor(tile, epilogueOf(bias, batch.activation), lhs);
    const bytes = scratchBytesOf(plan);
    const key = `bias ${bias}, ${batch.activation}, lhs ${lhs}`;
    const kernel = kernels.get(key, (module, name) => defineMatmul(module, name, plan));
    const { rows, count, m, n, k } = batch;
    const parts = cutBatch(batch, plan, team.partsFor(rows * count * m * n * k));
    team.run(
      kernel,
      parts.map((part, i) => argumentsOf(part, scratch.address(i, bytes))),
    );
  };
}

/** As many parts as asked, where the sizes allow: whole products, else bands of the longer side. */
function cutBatch(batch: Batch, { tile }: MatmulPlan, parts: number): Batch[] {
  if (parts === 1) return [batch];
  const { rows, count, m, n, a, b, c } = batch;
  const split = (along: "rows" | "count", step: "rowStep" | "step") =>
    evenly(batch[along], parts).map(({ start, end }) => ({
      ...batch,
      [along]: end - start,
      a: moved(a, start * a[step]),
      b: moved(b, start * b[step]),
      c: moved(c, start * c[step]),
    }));
  if (rows >= parts) return split("rows", "rowStep");
  if (count >= parts) return split("count", "step");
  return m / tile.rows >= n / (4 * tile.vectors)
    ? evenly(m, parts, tile.rows).map(({ start, end }) => ({
        ...batch,
        m: end - start,
        a: moved(a, 4 * start * a.rowStride),
        c: moved(c, 4 * start * c.rowStride),
      }))
    : evenly(n, parts, 4 * tile.vectors).map(({ start, end }) => ({
        ...batch,
        n: end - start,
        b: moved(b, 4 * start * b.columnStride),
        c: moved(c, 4 * start),
        bias: batch.bias && batch.bias + 4 * start,
      }));
}

function moved(matrix: Matrix, bytes: number): Matrix {
  return { ...matrix, address: matrix.address + bytes };
}

function argumentsOf({ rows, count, m, n, k, a, b, c, bias = 0 }: Batch, scratch: number): Part {
  return [
    ...[rows, a.rowStep, b.rowStep, c.rowStep],
    ...[count, a.step, b.step, c.step],
    ...[m, n, k],
    ...[a.address, a.rowStride, a.columnStride],
    ...[b.address, b.rowStride, b.columnStride],
    ...[c.address, c.rowStride],
    ...[0, bias, scratch],
  ];
}

/** Where the first matrix of a batch is, and from there to the next ones; in elements. */
interface Stack {
  readonly offset: number;
  readonly rowStep: number;
  readonly step: number;
}

/** Steps along the batch dimensions of the result. */
function stackStrides({ shape, strides }: HeapOperand, result: Shape): readonly number[] {
  const stack = { shape: shape.slice(0, -2), strides: strides.slice(0, -2), offset: 0 };
  return broadcastStrides(stack, result.slice(0, -2));
}

/** Visits the last two batch dimensions at once, and those before one by one. */
function eachBatch(
  shape: Shape,
  [a, b]: readonly [readonly number[], readonly number[]],
  visit: (rows: number, count: number, start: number, stacks: readonly [Stack, Stack]) => void,
  start = 0,
  [aOffset, bOffset]: readonly [number, number] = [0, 0],
): void {
  if (shape.length <= 2) {
    const [rows, count] = [shape.at(-2) ?? 1, shape.at(-1) ?? 1];
    const stackOf = (strides: readonly number[], offset: number) => ({
      ...{ offset, rowStep: strides.at(-2) ?? 0, step: strides.at(-1) ?? 0 },
    });
    visit(rows, count, start, [stackOf(a, aOffset), stackOf(b, bOffset)]);
    return;
  }
  const inner = shape.slice(1);
  for (let i = 0; i < shape[0]!; i++) {
    const offsets = [aOffset + i * a[0]!, bOffset + i * b[0]!] as const;
    eachBatch(inner, [a.slice(1), b.slice(1)], visit, start + i * sizeOf(inner), offsets);
  }
}

/** The operand's matrices, seen as their transposes if asked. */
function matrixOf(operand: Operand<HeapBuffer>, { offset, rowStep, step }: Stack, transpose: boolean): Matrix {
  const { strides, buffer } = operand;
  const [rowStride, columnStride] = [strides.at(transpose ? -1 : -2)!, strides.at(transpose ? -2 : -1)!];
  const address = buffer.address + 4 * (operand.offset + offset);
  return { address, rowStep: 4 * rowStep, step: 4 * step, rowStride, columnStride };
}

/** The matrices of the result, from number `start` on. */
function resultOf({ shape, buffer }: HeapOperand, start: number, count: number): Matrix {
  const [m, n] = [shape.at(-2)!, shape.at(-1)!];
  const step = 4 * m * n;
  return { address: buffer.address + start * step, rowStep: count * step, step, rowStride: n, columnStride: 1 };
}
