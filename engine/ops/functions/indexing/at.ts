// Indexing as in NumPy and PyTorch, in function form: whole numbers, ranges as text, new axes, the ellipsis, lists and
// tensors of positions, boolean masks. Whole numbers and ranges give views; positions and masks copy.

import { ArgumentError, DtypeError, ShapeError } from "../../../core/errors.ts";
import { formatShape, type Shape, sizeOf } from "../../../core/shape.ts";
import { tensor } from "../../../tensor/creation.ts";
import { Tensor } from "../../../tensor/tensor.ts";
import { dispatch } from "../../dispatch.ts";
import { permute, reshape, select, unsqueeze } from "../movement/movement.ts";
import { onDeviceOf, scalar } from "../operands.ts";
import { add, lt, mul, where } from "../pointwise/pointwise.ts";
import { indexSelect, nonzero } from "./indexing.ts";

/** A range as Python writes it: `"1:"`, `":-1"`, `"::2"`, `"1:5:2"`. Steps are positive. */
export type Range = `${number | ""}:${number | ""}` | `${number | ""}:${number | ""}:${number | ""}`;

/**
 * What one place between the brackets of `x[…]` may be: a position (negative counts from the end), a range, `null` for a
 * new dimension of size 1, `"..."` for all dimensions that are not named, a list or int32 tensor of positions, or a bool
 * tensor that picks where it is true.
 */
export type Index = number | Range | null | "..." | readonly number[] | Tensor;

/**
 * `x[i, j, …]` of NumPy and PyTorch. The result drops a dimension for every number. Several lists or tensors of positions
 * broadcast against each other and pick element by element; their dimensions stay where the first one was if they stand
 * side by side, else come first.
 *
 * Throws ShapeError for too many indices and positions out of range. Gradient: back to where the elements were taken.
 *
 * @example
 * const x = arange(12).reshape(3, 4);
 * x.at(-1, "1:3"); // tensor([ 9, 10])
 * x.at("...", 0).shape; // [3]
 * x.at([0, 2], [1, 3]); // tensor([ 1, 11])
 * x.at(x.gt(8)); // tensor([ 9, 10, 11])
 */
export function at(x: Tensor, ...indices: readonly Index[]): Tensor {
  let view = x;
  // The dimension of x that comes next, and where it is in the view.
  let source = 0;
  let dim = 0;
  const picks: Pick[] = [];
  for (const index of withEllipsis(indices, x.shape)) {
    if (index === null) {
      view = unsqueeze(view, dim++);
    } else if (typeof index === "number") {
      view = select(view, dim, checkedPosition(index, x.shape, source++));
    } else if (typeof index === "string") {
      view = sliceOf(view, dim++, index);
      source++;
    } else {
      const found = positionsOf(index, x.shape, source);
      for (const positions of found) picks.push({ dim: dim++, positions });
      source += found.length;
    }
  }
  return picks.length === 0 ? view : pick(view, picks);
}

/** Positions along one dimension, int32. */
interface Pick {
  readonly dim: number;
  readonly positions: Tensor;
}

/** The indices with the ellipsis, or the unnamed rest, written out as whole ranges. */
function withEllipsis(indices: readonly Index[], shape: Shape): readonly Exclude<Index, "...">[] {
  const given = indices.filter((index) => index === "...").length;
  const named = indices.reduce<number>((count, index) => count + dimensionsOf(index), 0);
  if (given > 1)
    throw new ArgumentError("at", '"..." may stand only once', "It stands for all dimensions that are not named.");
  if (named > shape.length) {
    const hint = "One index a dimension; null adds a new one.";
    throw ShapeError.of("at", `${named} indices for ${shape.length} dimensions`, { input: shape }, hint);
  }
  const rest = new Array<Range>(shape.length - named).fill(":");
  const full = given === 0 ? [...indices, "..." as const] : indices;
  return full.flatMap((index): readonly Exclude<Index, "...">[] => (index === "..." ? rest : [index]));
}

function dimensionsOf(index: Index): number {
  if (index === null || index === "...") return 0;
  return index instanceof Tensor && index.dtype === "bool" ? index.ndim : 1;
}

function checkedPosition(index: number, shape: Shape, dim: number): number {
  const size = shape[dim]!;
  if (Number.isInteger(index) && index >= -size && index < size) return index < 0 ? index + size : index;
  throw ShapeError.of(
    "at",
    `index ${index} is out of range for dimension ${dim} of size ${size}`,
    { input: shape },
    `Positions run from ${-size} to ${size - 1}.`,
  );
}

function sliceOf(x: Tensor, dim: number, range: string): Tensor {
  const parts = range.split(":");
  const [start, stop, step] = parts.map((part) => (part.trim() === "" ? undefined : Number(part)));
  if (
    parts.length < 2 ||
    parts.length > 3 ||
    [start, stop, step].some((n) => n !== undefined && !Number.isInteger(n))
  ) {
    throw new ArgumentError(
      "at",
      `"${range}" is not a range`,
      'Write "start:stop" or "start:stop:step", as in "1:-1".',
    );
  }
  if (step !== undefined && step < 1) {
    throw new ArgumentError("at", `the step of "${range}" must be at least 1`, "Use flip to reverse a dimension.");
  }
  const size = x.shape[dim]!;
  const clamped = (n: number) => Math.min(Math.max(n < 0 ? n + size : n, 0), size);
  const [from, to, by] = [clamped(start ?? 0), clamped(stop ?? size), step ?? 1];
  const length = Math.max(Math.ceil((to - from) / by), 0);
  return length === size ? x : dispatch("slice", [x], { dim, start: from, length, step: by });
}

/** An index as positions, one int32 tensor per dimension that it takes up. */
function positionsOf(index: readonly number[] | Tensor, shape: Shape, dim: number): readonly Tensor[] {
  if (!(index instanceof Tensor)) {
    const positions = Int32Array.from(index, (position) => checkedPosition(position, shape, dim));
    return [tensor(positions, { device: "cpu" })];
  }
  if (index.dtype === "bool") return truePositions(index, shape, dim);
  if (index.dtype !== "int32") {
    const hint = 'Convert positions with .to("int32"); make a mask with a comparison: x.gt(0).';
    throw new DtypeError("at", `an index must be int32 or bool, got ${index.dtype}`, [index.dtype], hint);
  }
  return [where(lt(index, 0), add(index, shape[dim]!), index)];
}

function truePositions(mask: Tensor, shape: Shape, dim: number): readonly Tensor[] {
  const covered = shape.slice(dim, dim + mask.ndim);
  if (formatShape(covered) !== formatShape(mask.shape)) {
    throw ShapeError.of(
      "at",
      "the mask does not have the size of what it picks from",
      {
        input: shape,
        mask: mask.shape,
      },
      "A mask has the sizes of the dimensions that it covers, without broadcasting.",
    );
  }
  const places = nonzero(mask);
  return mask.shape.map((_, d) => select(places, 1, d));
}

/** Picks by positions: the dimensions are joined into one, and the positions into positions along that. */
function pick(x: Tensor, picks: readonly Pick[]): Tensor {
  const dims = picks.map(({ dim }) => dim);
  const first = dims[0]!;
  const together = dims.every((dim, i) => dim === first + i);
  const others = x.shape.map((_, dim) => dim).filter((dim) => !dims.includes(dim));
  const moved = together ? x : permute(x, [...dims, ...others]);
  const start = together ? first : 0;
  const sizes = moved.shape.slice(start, start + dims.length);
  const strides = sizes.map((_, i) => sizeOf(sizes.slice(i + 1)));
  const flat = picks
    .map(({ positions: given }, i) => {
      const positions = onDeviceOf(given, x);
      return picks.length === 1 ? positions : mul(within(positions, sizes, i), strides[i]!);
    })
    .reduce((sum, positions) => add(sum, positions));
  const joined = reshape(moved, [
    ...moved.shape.slice(0, start),
    sizeOf(sizes),
    ...moved.shape.slice(start + dims.length),
  ]);
  const picked = indexSelect(joined, start, reshape(flat, [-1]));
  return reshape(picked, [...joined.shape.slice(0, start), ...flat.shape, ...joined.shape.slice(start + 1)]);
}

/** Positions out of range of their own dimension, so far out that they are out of range of the joined one as well. */
function within(positions: Tensor, sizes: Shape, i: number): Tensor {
  const outside = scalar(sizeOf(sizes), "int32");
  return where(lt(positions, 0), outside, where(lt(positions, sizes[i]!), positions, outside));
}
