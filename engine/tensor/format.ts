// Tensors as text, exactly as PyTorch prints them (torch/_tensor_str.py): four digits, 80 columns, more than 1,000
// elements summarised to three at each edge. Reads the elements, computes nothing.

import type { DType, TypedArray } from "../core/dtype.ts";
import { isContiguous, type Layout } from "../core/layout.ts";
import { formatShape, type Shape, sizeOf, stridesOf } from "../core/shape.ts";

const precision = 4;
const threshold = 1000;
const edgeItems = 3;
const lineWidth = 80;

interface Printable {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly requiresGrad: boolean;
  readonly gradFn: { readonly name: string } | undefined;
  readonly isDisposed: boolean;
  dataSync(): TypedArray;
}

export function formatTensor(tensor: Printable): string {
  if (tensor.isDisposed) return `tensor(<disposed>, shape=${formatShape(tensor.shape)})`;
  const prefix = "tensor(";
  const suffixes: string[] = [];
  let text = "[]";
  if (sizeOf(tensor.shape) === 0) {
    if (tensor.shape.length !== 1) suffixes.push(`size=(${tensor.shape.join(", ")})`);
    if (tensor.dtype !== "float32") suffixes.push(`dtype=${tensor.dtype}`);
  } else {
    text = formatElements(tensor.dataSync(), tensor.shape, tensor.dtype, prefix.length);
  }
  if (tensor.gradFn !== undefined) suffixes.push(`grad_fn=<${tensor.gradFn.name}>`);
  else if (tensor.requiresGrad) suffixes.push("requires_grad=True");
  return appendSuffixes(prefix + text, suffixes, prefix.length);
}

/** The elements, and beside or below them what the elements do not tell. A scalar speaks for itself. */
export function inspectTensor(tensor: Printable & Layout & { readonly device: string }): string {
  const text = formatTensor(tensor);
  if (tensor.isDisposed || tensor.shape.length === 0) return text;
  const layout = isContiguous(tensor) ? [] : [`strides ${formatShape(tensor.strides)}`];
  const facts = [`shape ${formatShape(tensor.shape)}`, tensor.dtype, tensor.device, ...layout].join(", ");
  return `${text}${text.includes("\n") ? "\n" : "  "}(${facts})`;
}

function appendSuffixes(text: string, suffixes: readonly string[], indent: number): string {
  let lastLine = text.length - text.lastIndexOf("\n") + 1;
  let result = text;
  for (const suffix of suffixes) {
    if (lastLine + suffix.length + 2 > lineWidth) {
      result += `,\n${" ".repeat(indent)}${suffix}`;
      lastLine = indent + suffix.length;
    } else {
      result += `, ${suffix}`;
      lastLine += suffix.length + 2;
    }
  }
  return `${result})`;
}

function formatElements(values: TypedArray, shape: Shape, dtype: DType, indent: number): string {
  const strides = stridesOf(shape);
  const summarise = values.length > threshold;
  /** The positions along a dimension that are shown; null stands for the dots. */
  const shown = (dim: number): (number | null)[] => {
    const length = shape[dim]!;
    const all = Array.from({ length }, (_, i) => i);
    if (!summarise || length <= 2 * edgeItems) return all;
    return [...all.slice(0, edgeItems), null, ...all.slice(-edgeItems)];
  };
  const collect = (dim: number, offset: number): number[] => {
    if (dim === shape.length) return [values[offset]!];
    return shown(dim).flatMap((i) => (i === null ? [] : collect(dim + 1, offset + i * strides[dim]!)));
  };
  const format = formatterFor(collect(0, 0), dtype);
  const render = (dim: number, offset: number, left: number): string => {
    if (dim === shape.length) return format.one(values[offset]!);
    const parts = shown(dim).map((i) => {
      if (i === null) return dim === shape.length - 1 ? " ..." : "...";
      return render(dim + 1, offset + i * strides[dim]!, left + 1);
    });
    if (dim < shape.length - 1) {
      return `[${parts.join(`,${"\n".repeat(shape.length - dim - 1)}${" ".repeat(left + 1)}`)}]`;
    }
    const perLine = Math.max(1, Math.floor((lineWidth - left) / (format.width + 2)));
    const lines: string[] = [];
    for (let i = 0; i < parts.length; i += perLine) lines.push(parts.slice(i, i + perLine).join(", "));
    return `[${lines.join(`,\n${" ".repeat(left + 1)}`)}]`;
  };
  return render(0, 0, indent);
}

interface Formatter {
  readonly width: number;
  one(value: number): string;
}

/** One format for all elements: whole numbers, fixed point, or scientific when magnitudes are far apart. */
function formatterFor(values: readonly number[], dtype: DType): Formatter {
  if (dtype !== "float32") {
    const text = (value: number) => (dtype === "bool" ? (value ? "True" : "False") : String(value));
    return padded(values, text);
  }
  const finite = values.filter((value) => Number.isFinite(value) && value !== 0);
  let smallest = Infinity;
  let largest = 0;
  for (const value of finite) {
    smallest = Math.min(smallest, Math.abs(value));
    largest = Math.max(largest, Math.abs(value));
  }
  const whole = finite.every(Number.isInteger);
  const scientific = largest / smallest > 1000 || largest > 1e8 || (!whole && smallest < 1e-4);
  const text = (value: number): string => {
    if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
    if (finite.length === 0) return `${signed(value, 0)}.`;
    if (scientific) return exponential(value);
    return whole ? `${signed(value, 0)}.` : signed(value, precision);
  };
  return padded(finite, text);
}

function padded(values: readonly number[], text: (value: number) => string): Formatter {
  const width = values.reduce((longest, value) => Math.max(longest, text(value).length), 1);
  return { width, one: (value) => text(value).padStart(width) };
}

/** toFixed, but rounding the exact binary value like C's printf and keeping the sign of -0. */
function signed(value: number, digits: number): string {
  const text = Math.abs(value) >= 1e21 ? BigInt(Math.abs(value)).toString() : Math.abs(value).toFixed(digits);
  return value < 0 || Object.is(value, -0) ? `-${text}` : text;
}

/** `1.2346e-05`: at least two digits of exponent. */
function exponential(value: number): string {
  const [mantissa, exponent] = value.toExponential(precision).split("e") as [string, string];
  const sign = Object.is(value, -0) ? "-" : "";
  return `${sign}${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, "0")}`;
}
