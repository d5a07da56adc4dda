// Reads the equations of einsum: which dimension has which name, and how large it is. Computes nothing.

import { ArgumentError, ShapeError } from "../../../core/errors.ts";
import type { Shape } from "../../../core/shape.ts";

export interface Equation {
  /** Names of the dimensions of each operand. */
  readonly inputs: readonly (readonly string[])[];
  readonly output: readonly string[];
  readonly sizes: ReadonlyMap<string, number>;
}

const hint = 'Write one letter a dimension, operands separated by commas: "ij,jk->ik"; "..." stands for any others.';

/** Parses the equation for operands of these shapes; throws an ArgumentError or ShapeError that names the subscript. */
export function parseEquation(equation: string, shapes: readonly Shape[]): Equation {
  const [left = "", right, ...more] = equation.replaceAll(/\s/g, "").split("->");
  if (more.length > 0) throw new ArgumentError("einsum", `"${equation}" has more than one "->"`, hint);
  const terms = left.split(",");
  if (terms.length !== shapes.length) {
    throw new ArgumentError("einsum", `"${equation}" names ${terms.length} operands, got ${shapes.length}`, hint);
  }
  const lettersOf = terms.map((term) => lettersIn(term, equation));
  const spare = lettersOf.map((letters, i) => spareDimensions(letters, terms[i]!, shapes[i]!, equation));
  const most = Math.max(...spare);
  const inputs = lettersOf.map((letters, i) => named(letters, spare[i]!));
  const output = right === undefined ? implicitOutput(inputs) : explicitOutput(right, inputs, most, equation);
  return { inputs, output, sizes: sizesOf(inputs, shapes, equation) };
}

/** Letters one by one; the ellipsis is one of them. */
function lettersIn(term: string, equation: string): readonly string[] {
  const letters = term.match(/\.\.\.|./gs) ?? [];
  const wrong = letters.find((letter) => letter !== "..." && !/[A-Za-z]/.test(letter));
  if (wrong !== undefined) {
    throw new ArgumentError("einsum", `subscript "${wrong}" of "${equation}" is not a letter`, hint);
  }
  if (letters.filter((letter) => letter === "...").length > 1) {
    throw new ArgumentError("einsum", `"${term}" of "${equation}" has more than one "..."`, hint);
  }
  return letters;
}

/** How many dimensions the ellipsis stands for. */
function spareDimensions(letters: readonly string[], term: string, shape: Shape, equation: string): number {
  const hasEllipsis = letters.includes("...");
  const count = letters.length - (hasEllipsis ? 1 : 0);
  if (count === shape.length || (hasEllipsis && count < shape.length)) return shape.length - count;
  const problem = `subscripts "${term}" of "${equation}" name ${count} dimensions, the operand has ${shape.length}`;
  throw ShapeError.of("einsum", problem, { operand: shape }, hint);
}

/** The ellipsis written out, aligned at its last dimension: ".2", ".1", ".0". */
function named(letters: readonly string[], spare: number): readonly string[] {
  return letters.flatMap((letter) =>
    letter === "..." ? Array.from({ length: spare }, (_, i) => `.${spare - 1 - i}`) : [letter],
  );
}

/** The ellipsis, then the letters that occur once. */
function implicitOutput(inputs: readonly (readonly string[])[]): readonly string[] {
  const all = inputs.flat();
  const most = all.filter((label) => label.startsWith(".")).length === 0 ? 0 : longestEllipsis(inputs);
  const once = all.filter((label) => !label.startsWith(".") && all.indexOf(label) === all.lastIndexOf(label));
  return [...named(["..."], most), ...once.sort()];
}

function longestEllipsis(inputs: readonly (readonly string[])[]): number {
  return Math.max(...inputs.map((labels) => labels.filter((label) => label.startsWith(".")).length));
}

function explicitOutput(
  term: string,
  inputs: readonly (readonly string[])[],
  most: number,
  equation: string,
): readonly string[] {
  const letters = lettersIn(term, equation);
  const known = new Set(inputs.flat());
  for (const letter of letters) {
    if (letter !== "..." && !known.has(letter)) {
      throw new ArgumentError("einsum", `subscript "${letter}" of the result of "${equation}" is in no operand`, hint);
    }
    if (letters.indexOf(letter) !== letters.lastIndexOf(letter)) {
      throw new ArgumentError("einsum", `subscript "${letter}" occurs twice in the result of "${equation}"`, hint);
    }
  }
  return named(letters, most);
}

function sizesOf(inputs: readonly (readonly string[])[], shapes: readonly Shape[], equation: string) {
  const sizes = new Map<string, number>();
  inputs.forEach((labels, i) => {
    labels.forEach((label, dim) => {
      const size = shapes[i]![dim]!;
      const sofar = sizes.get(label) ?? 1;
      if (sofar !== 1 && size !== 1 && sofar !== size) {
        const subscript = label.startsWith(".") ? "..." : label;
        const problem = `subscript "${subscript}" of "${equation}" names sizes ${sofar} and ${size}`;
        throw ShapeError.of(
          "einsum",
          problem,
          { operand: shapes[i]! },
          "One letter has one size; only size 1 broadcasts.",
        );
      }
      sizes.set(label, sofar === 1 ? size : sofar);
    });
  });
  return sizes;
}
