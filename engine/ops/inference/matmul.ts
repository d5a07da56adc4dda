// Inference of matmul for operands of two or more dimensions; vectors are given their second one by ops/functions.

import { ShapeError } from "../../core/errors.ts";
import { broadcastShapes } from "../../core/shape.ts";
import { requireBias, requireFloat } from "./checks.ts";
import type { InferenceTable } from "./inference-table.ts";

export const matmulInference = {
  matmul: ([lhs, rhs], { transposeLhs, transposeRhs }) => {
    requireFloat("matmul", lhs);
    requireFloat("matmul", rhs);
    const left = matrixSizes(lhs.shape, transposeLhs);
    const right = matrixSizes(rhs.shape, transposeRhs);
    if (left.columns !== right.rows) {
      throw ShapeError.of(
        "matmul",
        "inner sizes differ",
        {
          lhs: [...lhs.shape.slice(0, -2), left.rows, left.columns],
          rhs: [...rhs.shape.slice(0, -2), right.rows, right.columns],
        },
        "The last size of lhs must equal the last but one of rhs; transpose(-2, -1) swaps them.",
      );
    }
    const batch = broadcastShapes(lhs.shape.slice(0, -2), rhs.shape.slice(0, -2));
    if (batch === undefined) {
      throw ShapeError.of(
        "matmul",
        "batch dimensions do not broadcast",
        { lhs: lhs.shape, rhs: rhs.shape },
        "All sizes but the last two must be equal or 1.",
      );
    }
    return { shape: [...batch, left.rows, right.columns], dtype: "float32" };
  },
  linear: ([x, weight, bias]) => {
    requireFloat("linear", x);
    requireFloat("linear", weight);
    const [out, features] = weight.shape as [number, number];
    if (x.shape[1] !== features) {
      const hint = `The last size of the input must be ${features}; nn.Flatten makes rows of images.`;
      throw ShapeError.of("linear", `expected ${features} features`, { input: x.shape, weight: weight.shape }, hint);
    }
    requireBias("linear", bias, out);
    return { shape: [x.shape[0]!, out], dtype: "float32" };
  },
} satisfies Partial<InferenceTable>;

function matrixSizes(shape: readonly number[], transpose: boolean): { rows: number; columns: number } {
  const [rows, columns] = [shape.at(-2)!, shape.at(-1)!];
  return transpose ? { rows: columns, columns: rows } : { rows, columns };
}
