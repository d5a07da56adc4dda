// Einstein summation, in function form: products of tensors whose dimensions are named by letters. Contractions become
// matrix products, everything else views. Does not look for the best order: operands are taken from left to right.

import { ShapeError } from "../../../core/errors.ts";
import { sizeOf } from "../../../core/shape.ts";
import { scoped } from "../../../tensor/scope.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { diagonal } from "../movement/arrange.ts";
import { expand, permute, reshape } from "../movement/movement.ts";
import { meet } from "../operands.ts";
import { mul } from "../pointwise/pointwise.ts";
import { sum } from "../reduction/reduction.ts";
import { type Equation, parseEquation } from "./einsum-equation.ts";
import { matmul } from "./matmul.ts";

/** A tensor, and the name of each of its dimensions. */
interface Named {
  readonly x: Tensor;
  readonly labels: readonly string[];
}

/**
 * Products summed over the dimensions that the result does not name: `"ij,jk->ik"` is the matrix product, `"ii->i"` a
 * diagonal, `"...ij->...ji"` a transpose, `"bhqd,bhkd->bhqk"` the scores of attention. Without `->` the result has the
 * letters that occur once, in alphabetical order. Dimensions of size 1 broadcast. Any numeric dtype. Gradient: through the
 * matrix products. Throws an ArgumentError for an equation that makes no sense, a ShapeError where sizes differ; both name
 * the subscript.
 *
 * @example
 * einsum("ij,j->i", tensor([[1, 2], [3, 4]]), tensor([1, 1])); // tensor([3., 7.])
 * einsum("ii", tensor([[1, 2], [3, 4]])); // tensor(5.)
 */
export function einsum(equation: string, ...operands: readonly Tensor[]): Tensor {
  const parsed = parseEquation(
    equation,
    operands.map(({ shape }) => shape),
  );
  return scoped(() => {
    const named = operands.map((x, i) => withSizes(withoutRepeats({ x, labels: parsed.inputs[i]! }, equation), parsed));
    const product = named.reduce((left, right, i) => {
      const later = named.slice(i + 1).flatMap(({ labels }) => labels);
      return contract(left, right, new Set([...parsed.output, ...later]));
    });
    const { x, labels } = summed(product, new Set(parsed.output));
    return permute(
      x,
      parsed.output.map((label) => labels.indexOf(label)),
    );
  });
}

/** Takes the diagonal of dimensions that have one name. */
function withoutRepeats({ x, labels }: Named, equation: string): Named {
  const second = labels.findIndex((label, dim) => labels.indexOf(label) < dim);
  if (second < 0) return { x, labels };
  const label = labels[second]!;
  const first = labels.indexOf(label);
  if (x.shape[first] !== x.shape[second]) {
    const problem = `subscript "${label}" of "${equation}" names sizes ${x.shape[first]} and ${x.shape[second]}`;
    throw ShapeError.of(
      "einsum",
      problem,
      { operand: x.shape },
      "A repeated letter takes a diagonal: sizes must agree.",
    );
  }
  const others = labels.filter((_, dim) => dim !== first && dim !== second);
  return withoutRepeats({ x: diagonal(x, 0, first, second), labels: [...others, label] }, equation);
}

/** Repeats dimensions of size 1 where another operand is larger. */
function withSizes({ x, labels }: Named, { sizes }: Equation): Named {
  const shape = labels.map((label) => sizes.get(label)!);
  return { x: expand(x, shape), labels };
}

/** Sums over the dimensions that nobody needs any more. */
function summed({ x, labels }: Named, needed: ReadonlySet<string>): Named {
  const dims = labels.flatMap((label, dim) => (needed.has(label) ? [] : [dim]));
  if (dims.length === 0) return { x, labels };
  return { x: sum(x, dims), labels: labels.filter((label) => needed.has(label)) };
}

/** The product of two operands, summed over what both have and nobody needs any more. */
function contract(left: Named, right: Named, needed: ReadonlySet<string>): Named {
  const lhs = summed(left, new Set([...needed, ...right.labels]));
  const rhs = summed(right, new Set([...needed, ...left.labels]));
  const both = lhs.labels.filter((label) => rhs.labels.includes(label));
  const batch = both.filter((label) => needed.has(label));
  const inner = both.filter((label) => !needed.has(label));
  const rows = lhs.labels.filter((label) => !both.includes(label));
  const columns = rhs.labels.filter((label) => !both.includes(label));
  const [a, b] = meet(lhs.x, rhs.x);
  const labels = [...batch, ...rows, ...columns];
  const sizeIn = (labels: readonly string[]) => labels.map((label) => sizeOfLabel(label, lhs, rhs));
  if (inner.length === 0 || a.dtype !== "float32") {
    const all = [...labels, ...inner];
    const product = mul(spread(a, lhs.labels, all), spread(b, rhs.labels, all));
    return summed({ x: product, labels: all }, new Set(labels));
  }
  const product = matmul(grouped(a, lhs.labels, [batch, rows, inner]), grouped(b, rhs.labels, [batch, inner, columns]));
  return { x: reshape(product, sizeIn(labels)), labels };
}

function sizeOfLabel(label: string, lhs: Named, rhs: Named): number {
  const dim = lhs.labels.indexOf(label);
  return dim >= 0 ? lhs.x.shape[dim]! : rhs.x.shape[rhs.labels.indexOf(label)]!;
}

/** Dimensions in the order of `all`, those that are missing with size 1. */
function spread(x: Tensor, labels: readonly string[], all: readonly string[]): Tensor {
  const own = all.filter((label) => labels.includes(label));
  const ordered = permute(
    x,
    own.map((label) => labels.indexOf(label)),
  );
  return reshape(
    ordered,
    all.map((label) => (labels.includes(label) ? x.shape[labels.indexOf(label)]! : 1)),
  );
}

/** One dimension for each group of names. */
function grouped(x: Tensor, labels: readonly string[], groups: readonly (readonly string[])[]): Tensor {
  const dims = groups.map((group) => group.map((label) => labels.indexOf(label)));
  return reshape(
    permute(x, dims.flat()),
    dims.map((group) => sizeOf(group.map((dim) => x.shape[dim]!))),
  );
}
