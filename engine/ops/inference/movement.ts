// Inference of the ops that move elements: reshape, permute, expand, flip, slice, contiguous, pad, cat.

import { DtypeError, ShapeError } from "../../core/errors.ts";
import { broadcastShapes, formatShape, sameShape, sizeOf } from "../../core/shape.ts";
import type { InferenceTable } from "./inference-table.ts";

export const movementInference = {
  reshape: ([x], { shape }) => {
    if (sizeOf(shape) !== sizeOf(x.shape)) {
      const counts = `${sizeOf(x.shape)} elements do not fill ${formatShape(shape)}`;
      throw ShapeError.of("reshape", counts, { input: x.shape }, "One size may be -1 and is then computed.");
    }
    return { shape, dtype: x.dtype };
  },
  permute: ([x], { dims }) => ({ shape: dims.map((dim) => x.shape[dim]!), dtype: x.dtype }),
  expand: ([x], { shape }) => {
    const broadcast = broadcastShapes(x.shape, shape);
    if (broadcast === undefined || !sameShape(broadcast, shape)) {
      throw ShapeError.of(
        "expand",
        "only dimensions of size 1 can grow",
        { input: x.shape, target: shape },
        "Aligned at the last dimension; unsqueeze adds dimensions of size 1.",
      );
    }
    return { shape, dtype: x.dtype };
  },
  flip: ([x]) => x,
  toDevice: ([x]) => x,
  slice: ([x], { dim, start, length, step }) => {
    const end = length === 0 ? start : start + (length - 1) * step + 1;
    if (start < 0 || length < 0 || step < 1 || end > x.shape[dim]!) {
      throw ShapeError.of(
        "narrow",
        `${start} to ${end} is outside dimension ${dim}`,
        { input: x.shape },
        `It has ${x.shape[dim]} entries.`,
      );
    }
    return { shape: x.shape.with(dim, length), dtype: x.dtype };
  },
  contiguous: ([x]) => x,
  pad: ([x], { padding }) => {
    if (padding.some(([before, after]) => before < 0 || after < 0)) {
      throw ShapeError.of("pad", "padding must not be negative", { input: x.shape }, "Use narrow to cut.");
    }
    return { shape: x.shape.map((size, dim) => size + padding[dim]![0] + padding[dim]![1]), dtype: x.dtype };
  },
  cat: (inputs, { dim }) => {
    const [first] = inputs;
    if (first === undefined) throw new ShapeError("cat", "needs at least one tensor", [], "The list is empty.");
    let length = 0;
    for (const { shape, dtype } of inputs) {
      if (dtype !== first.dtype)
        throw new DtypeError(
          "cat",
          `dtypes differ, ${first.dtype} and ${dtype}`,
          [first.dtype, dtype],
          "Convert one with .to().",
        );
      if (shape.length !== first.shape.length || shape.some((size, d) => d !== dim && size !== first.shape[d])) {
        throw ShapeError.of(
          "cat",
          `sizes differ in other dimensions than ${dim}`,
          {
            first: first.shape,
            other: shape,
          },
          "stack joins along a new dimension.",
        );
      }
      length += shape[dim]!;
    }
    return { shape: first.shape.map((size, d) => (d === dim ? length : size)), dtype: first.dtype };
  },
} satisfies Partial<InferenceTable>;
