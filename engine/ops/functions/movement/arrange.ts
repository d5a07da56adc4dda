// Taking tensors apart and arranging their elements anew, in function form: compositions of the ops of movement.ts. Any
// dtype; gradients go back to where the elements were.

import { ArgumentError, ShapeError } from "../../../core/errors.ts";
import { formatShape, type Shape } from "../../../core/shape.ts";
import { arange } from "../../../tensor/creation.ts";
import { scoped } from "../../../tensor/scope.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { dispatch } from "../../dispatch.ts";
import { dimOf } from "../operands.ts";
import { add, ge, le, where } from "../pointwise/pointwise.ts";
import { cat, expand, narrow, pad, permute, reshape, select, unsqueeze } from "./movement.ts";

export interface MeshgridOptions {
  /** `ij`: the first tensor runs along dimension 0. `xy`: along dimension 1, as for plots. Default: `ij`. */
  readonly indexing?: "ij" | "xy";
}

/**
 * Pieces along `dim`: of one size (the last may be smaller), or of the listed sizes. Views. Throws a ShapeError where the
 * listed sizes do not add up.
 *
 * @example
 * split(tensor([1, 2, 3, 4, 5]), 2).map((piece) => piece.numel); // [2, 2, 1]
 */
export function split(x: Tensor, size: number | readonly number[], dim = 0): Tensor[] {
  const along = requireDim("split", x, dim);
  const length = x.shape[along]!;
  const sizes = typeof size === "number" ? piecesOf(x, length, size) : size;
  if (sizes.some((piece) => piece < 0) || sizes.reduce((sum, piece) => sum + piece, 0) !== length) {
    const problem = `sizes ${formatShape(sizes)} do not add up to ${length} along dimension ${dim}`;
    throw ShapeError.of("split", problem, { input: x.shape }, "They must cover the whole dimension.");
  }
  let start = 0;
  return sizes.map((piece) => {
    start += piece;
    return narrow(x, along, start - piece, piece);
  });
}

/**
 * At most `chunks` pieces of one size along `dim`; the last may be smaller. Views. Throws an ArgumentError for less than
 * one chunk.
 *
 * @example
 * chunk(tensor([1, 2, 3, 4, 5]), 3).map((piece) => piece.numel); // [2, 2, 1]
 */
export function chunk(x: Tensor, chunks: number, dim = 0): Tensor[] {
  if (!Number.isInteger(chunks) || chunks < 1) {
    throw new ArgumentError("chunk", `needs a whole number of chunks from 1 on, got ${chunks}`, "split takes a size.");
  }
  const length = x.shape[requireDim("chunk", x, dim)]!;
  return split(x, length === 0 ? new Array<number>(chunks).fill(0) : Math.ceil(length / chunks), dim);
}

/**
 * The entries along `dim`, each without that dimension. Views.
 *
 * @example
 * unbind(tensor([[1, 2], [3, 4]])).map(String); // [tensor([1., 2.]), tensor([3., 4.])]
 */
export function unbind(x: Tensor, dim = 0): Tensor[] {
  const along = requireDim("unbind", x, dim);
  return Array.from({ length: x.shape[along]! }, (_, i) => select(x, along, i));
}

/**
 * Moves the elements along `dims` by `shifts`; what leaves at the end comes back in front. Without `dims` in the flattened
 * tensor. Gradient: moved back. Throws an ArgumentError unless every dimension has its shift.
 *
 * @example
 * roll(tensor([1, 2, 3, 4]), 1); // tensor([4., 1., 2., 3.])
 */
export function roll(x: Tensor, shifts: number | readonly number[], dims?: number | readonly number[]): Tensor {
  if (dims === undefined && typeof shifts === "number") {
    return scoped(() => reshape(roll(reshape(x, [-1]), shifts, 0), x.shape));
  }
  const [steps, along] = [[shifts].flat(), [dims ?? []].flat()];
  if (steps.length !== along.length) {
    throw new ArgumentError("roll", `${steps.length} shifts for ${along.length} dimensions`, "Give one for each.");
  }
  return scoped(() => steps.reduce((rolled, step, i) => rolledAlong(rolled, step, along[i]!), x));
}

/**
 * The tensor side by side, `repeats` times along each dimension; more repeats than dimensions add dimensions in front.
 * Gradient: the sum over the copies. Throws a ShapeError for fewer repeats than dimensions.
 *
 * @example
 * repeat(tensor([1, 2]), [2]); // tensor([1., 2., 1., 2.])
 * repeat(tensor([1, 2]), [3, 1]).shape; // [3, 2]
 */
export function repeat(x: Tensor, repeats: readonly number[]): Tensor {
  const added = repeats.length - x.ndim;
  if (added < 0 || repeats.some((count) => !Number.isInteger(count) || count < 0)) {
    const problem = `repeats ${formatShape(repeats)} need a whole number for each dimension`;
    throw ShapeError.of("repeat", problem, { input: x.shape }, "1 leaves a dimension as it is.");
  }
  const shape = [...new Array<number>(added).fill(1), ...x.shape];
  return scoped(() => {
    const apart = reshape(
      x,
      shape.flatMap((size) => [1, size]),
    );
    const copies = expand(
      apart,
      shape.flatMap((size, dim) => [repeats[dim]!, size]),
    );
    return reshape(
      copies,
      shape.map((size, dim) => size * repeats[dim]!),
    );
  });
}

/**
 * Every element `repeats` times in a row along `dim`, or in the flattened tensor. Gradient: the sum over the copies.
 * Throws an ArgumentError for a number that is not whole.
 *
 * @example
 * repeatInterleave(tensor([1, 2]), 2); // tensor([1., 1., 2., 2.])
 */
export function repeatInterleave(x: Tensor, repeats: number, dim?: number): Tensor {
  if (!Number.isInteger(repeats) || repeats < 0) {
    throw new ArgumentError(
      "repeatInterleave",
      `repeats must be whole and not negative, got ${repeats}`,
      "1 changes nothing.",
    );
  }
  if (dim === undefined) return scoped(() => repeatInterleave(reshape(x, [-1]), repeats, 0));
  const along = requireDim("repeatInterleave", x, dim);
  return scoped(() => {
    const apart = unsqueeze(x, along + 1);
    return reshape(expand(apart, apart.shape.with(along + 1, repeats)), x.shape.with(along, x.shape[along]! * repeats));
  });
}

/**
 * Moves dimensions to other places; the others keep their order. A view. Throws an ArgumentError unless every dimension
 * has one place.
 *
 * @example
 * movedim(zeros([2, 3, 4]), 0, -1).shape; // [3, 4, 2]
 */
export function movedim(
  x: Tensor,
  source: number | readonly number[],
  destination: number | readonly number[],
): Tensor {
  const from = [source].flat().map((dim) => dimOf("movedim", dim, x.shape));
  const to = [destination].flat().map((dim) => dimOf("movedim", dim, x.shape));
  if (from.length !== to.length || new Set(from).size < from.length || new Set(to).size < to.length) {
    const problem = `${formatShape([source].flat())} cannot move to ${formatShape([destination].flat())}`;
    throw new ArgumentError("movedim", problem, "Name every dimension once, and one place for each.");
  }
  const rest = x.shape.map((_, dim) => dim).filter((dim) => !from.includes(dim));
  return permute(
    x,
    x.shape.map((_, dim) => (to.includes(dim) ? from[to.indexOf(dim)]! : rest.shift()!)),
  );
}

/**
 * The lower triangle of the last two dimensions, zeros above: row i keeps columns up to i + diagonal. Throws a ShapeError
 * for less than two dimensions.
 *
 * @example
 * tril(ones([2, 3])).flatten(); // tensor([1., 0., 0., 1., 1., 0.])
 */
export function tril(x: Tensor, diagonal = 0): Tensor {
  return scoped(() => where(besideDiagonal("tril", x, diagonal, le), x, false));
}

/**
 * The upper triangle of the last two dimensions, zeros below: row i keeps columns from i + diagonal on. Throws a ShapeError
 * for less than two dimensions.
 *
 * @example
 * triu(ones([2, 3]), 1).flatten(); // tensor([0., 1., 1., 0., 0., 1.])
 */
export function triu(x: Tensor, diagonal = 0): Tensor {
  return scoped(() => where(besideDiagonal("triu", x, diagonal, ge), x, false));
}

/**
 * A vector as the diagonal of a matrix, or the diagonal of a matrix as a vector; `offset` above (or, negative, below) the
 * main one. Throws a ShapeError for other ranks.
 *
 * @example
 * diag(tensor([1, 2])).flatten(); // tensor([1., 0., 0., 2.])
 * diag(tensor([[1, 2], [3, 4]])); // tensor([1., 4.])
 */
export function diag(x: Tensor, offset = 0): Tensor {
  if (x.ndim === 2) return diagonal(x, offset);
  if (x.ndim !== 1) {
    throw ShapeError.of(
      "diag",
      "input must be a vector or a matrix",
      { input: x.shape },
      "diagonal takes more dimensions.",
    );
  }
  const length = x.shape[0]!;
  return scoped(() => {
    // Rows that are one too long, end to end, put each element one column further.
    const rows = reshape(pad(reshape(x, [length, 1]), [0, length]), [length * (length + 1)]);
    const square = reshape(narrow(rows, 0, 0, length * length), [length, length]);
    const [right, below] = [Math.max(offset, 0), Math.max(-offset, 0)];
    return pad(square, [right, below, below, right]);
  });
}

/**
 * The diagonal of the matrices in dimensions `dim1` and `dim2`, as a new last dimension; `offset` above (or, negative,
 * below) the main one. Throws a ShapeError where both are the same dimension.
 *
 * @example
 * diagonal(tensor([[1, 2], [3, 4]]), 1); // tensor([2.])
 */
export function diagonal(x: Tensor, offset = 0, dim1 = 0, dim2 = 1): Tensor {
  const [first, second] = [requireDim("diagonal", x, dim1), requireDim("diagonal", x, dim2)];
  if (first === second) {
    throw ShapeError.of("diagonal", `dimensions ${dim1} and ${dim2} are the same`, { input: x.shape }, "Name two.");
  }
  const others = x.shape.map((_, dim) => dim).filter((dim) => dim !== first && dim !== second);
  const [rows, columns] = [x.shape[first]!, x.shape[second]!];
  const length = Math.max(Math.min(rows - Math.max(-offset, 0), columns - Math.max(offset, 0)), 0);
  const start = length === 0 ? 0 : offset >= 0 ? offset : -offset * columns;
  return scoped(() => {
    const matrices = permute(x, [...others, first, second]);
    const flat = reshape(matrices, [...matrices.shape.slice(0, -2), rows * columns]);
    return dispatch("slice", [flat], { dim: others.length, start, length, step: columns + 1 });
  });
}

/**
 * Coordinates of a grid: every vector (or scalar) spread over all others, all of the shape of the grid. Views. Throws a
 * ShapeError for more than one dimension.
 *
 * @example
 * meshgrid([tensor([1, 2]), tensor([3, 4, 5])])[0].flatten(); // tensor([1., 1., 1., 2., 2., 2.])
 */
export function meshgrid(tensors: readonly Tensor[], { indexing = "ij" }: MeshgridOptions = {}): Tensor[] {
  const wrong = tensors.find(({ ndim }) => ndim > 1);
  if (wrong !== undefined) {
    throw ShapeError.of("meshgrid", "needs vectors or scalars", { input: wrong.shape }, "flatten() makes a vector.");
  }
  if (indexing !== "ij" && indexing !== "xy") {
    throw new ArgumentError("meshgrid", `indexing "${indexing}" is not known`, 'Use "ij" or "xy".');
  }
  const swapped = indexing === "xy" && tensors.length > 1;
  const placeOf = (i: number) => (swapped && i < 2 ? 1 - i : i);
  const shape = tensors.map((_, place) => tensors[placeOf(place)]!.numel);
  return tensors.map((x, i) => {
    const line = shape.map((size, dim) => (dim === placeOf(i) ? size : 1));
    return expand(reshape(x, line), shape);
  });
}

/**
 * The tensor with dimensions of size 1 repeated, as in a broadcast. A view. Throws a ShapeError where it does not fit.
 *
 * @example
 * broadcastTo(tensor([1, 2]), [3, 2]).shape; // [3, 2]
 */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  return expand(x, shape);
}

/**
 * Windows of `size` entries along `dim`, `step` apart, in a new last dimension. Throws a ShapeError where no window fits.
 * Images as columns of patches are nn.functional.unfold.
 *
 * @example
 * tensor([1, 2, 3, 4]).unfold(0, 2, 1).flatten(); // tensor([1., 2., 2., 3., 3., 4.])
 */
export function unfold(x: Tensor, dim: number, size: number, step: number): Tensor {
  const along = requireDim("unfold", x, dim);
  const length = x.shape[along]!;
  if (![size, step].every(Number.isInteger) || size < 1 || size > length || step < 1) {
    const problem = `windows of ${size} with step ${step} do not fit into ${length} entries of dimension ${dim}`;
    throw ShapeError.of("unfold", problem, { input: x.shape }, "The size may be at most that of the dimension.");
  }
  const count = Math.floor((length - size) / step) + 1;
  return scoped(() => {
    const starts = Array.from({ length: size }, (_, k) => {
      return unsqueeze(dispatch("slice", [x], { dim: along, start: k, length: count, step }), x.ndim);
    });
    return cat(starts, x.ndim);
  });
}

function rolledAlong(x: Tensor, shift: number, dim: number): Tensor {
  const along = requireDim("roll", x, dim);
  const length = x.shape[along]!;
  const step = length === 0 ? 0 : ((shift % length) + length) % length;
  if (step === 0) return reshape(x, x.shape);
  return cat([narrow(x, along, length - step, step), narrow(x, along, 0, length - step)], along);
}

/** Sizes of pieces of one size. */
function piecesOf(x: Tensor, length: number, size: number): number[] {
  if (!Number.isInteger(size) || size < 0 || (size === 0 && length > 0)) {
    throw ShapeError.of(
      "split",
      `pieces must have a whole size from 1 on, got ${size}`,
      { input: x.shape },
      "chunk takes a count.",
    );
  }
  const count = Math.max(Math.ceil(length / size) || 1, 1);
  return Array.from({ length: count }, (_, i) => Math.min(size, length - i * size));
}

function besideDiagonal(op: string, x: Tensor, offset: number, compare: typeof le): Tensor {
  if (x.ndim < 2) {
    throw ShapeError.of(op, "input must have at least 2 dimensions", { input: x.shape }, "unsqueeze(0) makes a row.");
  }
  const [rows, columns] = [x.shape.at(-2)!, x.shape.at(-1)!];
  const count = (length: number) => arange(0, length, 1, { device: x.device });
  return compare(count(columns), add(unsqueeze(count(rows), 1), offset));
}

/** A dimension that is there: a scalar has none. */
function requireDim(op: string, x: Tensor, dim: number): number {
  if (x.ndim > 0) return dimOf(op, dim, x.shape);
  throw ShapeError.of(op, "a scalar has no dimension", { input: x.shape }, "reshape(1) makes a vector.");
}
