// The op matmul: the generated product of matmul/, for float32 in any layout. Batches are cut into matrices, large matrices
// into bands of rows or columns, so that all threads have work.

import type { Layout } from "../../../core/layout.ts";
import { sizeOf } from "../../../core/shape.ts";
import type { KernelTable, Operand } from "../../backend.ts";
import { eachRun } from "../../cpu/runs.ts";
import { defineMatmul, type MatmulPlan, planFor, scratchBytesOf, tilesFor } from "../matmul/matmul.ts";
import type { HeapBuffer } from "../memory/heap-buffer.ts";
import { runPlain } from "../plain-kernels.ts";
import type { Runtime } from "../runtime.ts";
import type { Part } from "../threads/team.ts";
import { cut } from "./parts.ts";

/** Products of one size whose matrices lie at even distances. */
interface Batch {
  readonly count: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly a: Matrix;
  readonly b: Matrix;
  readonly c: Matrix;
  /** Address of one term for each column; undefined for none. */
  readonly bias?: number | undefined;
}

/** Address and step to the next matrix in bytes, strides in elements. */
export interface Matrix {
  readonly address: number;
  readonly step: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

export function matmulKernels(runtime: Runtime) {
  const multiply = multiplier(runtime);
  return {
    matmul: ([lhs, rhs], y, params) => {
      if (y.dtype !== "float32") return runPlain("matmul", [lhs, rhs], y, params);
      const [m, n] = [y.shape.at(-2)!, y.shape.at(-1)!];
      const k = lhs.shape.at(params.transposeLhs ? -2 : -1)!;
      const batch = y.shape.slice(0, -2);
      if (sizeOf(y.shape) === 0) return;
      eachRun(batch, [stackOf(lhs), stackOf(rhs)], (count, start, [a, b], [aStep, bStep]) => {
        multiply({
          ...{ count, m, n, k },
          a: matrixOf(lhs, a!, aStep!, params.transposeLhs),
          b: matrixOf(rhs, b!, bStep!, params.transposeRhs),
          c: { address: y.buffer.address + 4 * start * m * n, step: 4 * m * n, rowStride: n, columnStride: 1 },
        });
      });
    },
    linear: ([x, weight, bias], y) => {
      const [m, n] = y.shape as [number, number];
      if (m * n === 0) return;
      multiply({
        ...{ count: 1, m, n, k: x.shape[1]! },
        a: matrixOf(x, x.offset, 0, false),
        b: matrixOf(weight, weight.offset, 0, true),
        c: { address: y.buffer.address, step: 0, rowStride: n, columnStride: 1 },
        bias: bias && bias.buffer.address + 4 * bias.offset,
      });
    },
  } satisfies Partial<KernelTable<HeapBuffer>>;
}

/** Runs batches of products on the team. */
export function multiplier({ library, team, scratch }: Runtime): (batch: Batch) => void {
  const tile = tilesFor(library);
  return (batch) => {
    const bias = batch.bias === undefined ? "none" : "column";
    const plan = planFor(tile, { bias });
    const bytes = scratchBytesOf(plan);
    const kernel = library.get(`matmul, bias ${bias}`, (module, name) => defineMatmul(module, name, plan));
    const parts = cutBatch(batch, plan, team.partsFor(batch.count * batch.m * batch.n * batch.k));
    team.run(
      kernel,
      parts.map((part, i) => argumentsOf(part, scratch.address(i, bytes))),
    );
  };
}

/** As many parts as asked, where the sizes allow: whole products, else bands of the longer side. */
function cutBatch(batch: Batch, { tile }: MatmulPlan, parts: number): Batch[] {
  if (parts === 1) return [batch];
  const { count, m, n, a, b, c } = batch;
  if (count >= parts) {
    return cut(count, parts).map(([start, length]) => ({
      ...batch,
      count: length,
      a: moved(a, start * a.step),
      b: moved(b, start * b.step),
      c: moved(c, start * c.step),
    }));
  }
  return m / tile.rows >= n / (4 * tile.vectors)
    ? cut(m, parts, tile.rows).map(([start, length]) => ({
        ...batch,
        m: length,
        a: moved(a, 4 * start * a.rowStride),
        c: moved(c, 4 * start * c.rowStride),
      }))
    : cut(n, parts, 4 * tile.vectors).map(([start, length]) => ({
        ...batch,
        n: length,
        b: moved(b, 4 * start * b.columnStride),
        c: moved(c, 4 * start),
        bias: batch.bias && batch.bias + 4 * start,
      }));
}

function moved(matrix: Matrix, bytes: number): Matrix {
  return { ...matrix, address: matrix.address + bytes };
}

function argumentsOf({ count, m, n, k, a, b, c, bias = 0 }: Batch, scratch: number): Part {
  return [
    ...[count, a.step, b.step, c.step],
    ...[m, n, k],
    ...[a.address, a.rowStride, a.columnStride],
    ...[b.address, b.rowStride, b.columnStride],
    ...[c.address, c.rowStride],
    ...[0, bias, scratch],
  ];
}

/** Where the matrices of an operand start. */
function stackOf({ shape, strides, offset }: Operand<HeapBuffer>): Layout {
  return { shape: shape.slice(0, -2), strides: strides.slice(0, -2), offset };
}

/** The matrices that start at element `offset`, seen as their transposes if asked. */
function matrixOf({ strides, buffer }: Operand<HeapBuffer>, offset: number, step: number, transpose: boolean): Matrix {
  const [rowStride, columnStride] = [strides.at(transpose ? -1 : -2)!, strides.at(transpose ? -2 : -1)!];
  return { address: buffer.address + 4 * offset, step: 4 * step, rowStride, columnStride };
}
