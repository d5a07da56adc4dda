// Nested JavaScript arrays ⇄ a flat typed array and a shape. Knows no tensors.

import { allocateArray, type DType, type Scalar, type TypedArray } from "../core/dtype.ts";
import { ShapeError } from "../core/errors.ts";
import { type Shape, sizeOf } from "../core/shape.ts";

/** A number, a boolean, or arrays of them nested as deep as a tensor has dimensions. */
export type NestedArray = Scalar | readonly NestedArray[];

export function shapeOfNested(value: NestedArray): Shape {
  const shape: number[] = [];
  for (let level = value; typeof level === "object"; level = level[0]!) {
    shape.push(level.length);
    if (level.length === 0) break;
  }
  return shape;
}

/** Writes nested arrays row by row; all arrays of a level must be equally long. */
export function flatten(value: NestedArray, shape: Shape, dtype: DType): TypedArray {
  const flat = allocateArray(dtype, sizeOf(shape));
  let next = 0;
  const visit = (part: NestedArray, depth: number): void => {
    if (typeof part !== "object") {
      if (depth !== shape.length) throw ragged(shape, depth, "a number");
      flat[next++] = dtype === "bool" ? (part ? 1 : 0) : Number(part);
      return;
    }
    if (part.length !== shape[depth]) throw ragged(shape, depth, `an array of ${part.length}`);
    for (const inner of part) visit(inner, depth + 1);
  };
  visit(value, 0);
  return flat;
}

export function nest(values: TypedArray, shape: Shape, dtype: DType): NestedArray {
  let next = 0;
  const build = (dim: number): NestedArray => {
    if (dim < shape.length) return Array.from({ length: shape[dim]! }, () => build(dim + 1));
    const value = values[next++]!;
    return dtype === "bool" ? value !== 0 : value;
  };
  return build(0);
}

function ragged(shape: Shape, depth: number, got: string): ShapeError {
  const expected = depth < shape.length ? `an array of ${shape[depth]}` : "a number";
  return new ShapeError("tensor", `nested arrays are ragged: expected ${expected} at depth ${depth}, got ${got}`, [
    shape,
  ]);
}
