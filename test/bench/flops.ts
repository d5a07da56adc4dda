// Floating-point operations of a workload, for its share of the ceiling. Counts the inner products only (two operations
// for a multiply-add): what else a step does is overhead, and that is what the share is to show.

import type { Layer, OpSpec, Spec, TrainSpec } from "./spec.ts";

/** Of one step; undefined for what has no inner products. */
export function flopsOf(spec: Spec): number | undefined {
  const flops = 2 * (spec.kind === "op" ? ofOp(spec) : ofTraining(spec));
  return flops === 0 ? undefined : flops;
}

function ofOp({ op, shapes: [first = [], second = []], gradient }: OpSpec): number {
  const passes = gradient === "backward" ? 3 : 1;
  if (op === "matmul") return passes * first[0]! * first[1]! * second[1]!;
  if (op !== "conv2d") return 0;
  const [images, , height, width] = first as [number, number, number, number];
  const [to, from, kernel] = second as [number, number, number];
  return passes * images * (height - kernel + 1) * (width - kernel + 1) * to * from * kernel * kernel;
}

/** Backward takes two more inner products per layer; the first layer needs none for an input that is data. */
function ofTraining({ input, tokens, layers }: TrainSpec): number {
  let shape = input;
  let total = 0;
  let passes = tokens === undefined ? 2 : 3;
  for (const layer of layers) {
    const [multiplyAdds, next] = ofLayer(layer, shape);
    total += passes * multiplyAdds;
    if (multiplyAdds > 0) passes = 3;
    shape = next;
  }
  return total;
}

const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Multiply-adds of the forward pass, and the shape of the output. */
function ofLayer(layer: Layer, shape: readonly number[]): [multiplyAdds: number, shape: readonly number[]] {
  const rows = product(shape.slice(0, -1));
  switch (layer.layer) {
    case "conv2d": {
      const { from, to, kernel, padding } = layer;
      const sides = shape.slice(2).map((side) => side + 2 * padding - kernel + 1);
      const output = [shape[0]!, to, ...sides];
      return [product(output) * from * kernel * kernel, output];
    }
    case "avgPool2d":
    case "maxPool2d":
      return [0, [...shape.slice(0, 2), ...shape.slice(2).map((side) => Math.floor(side / layer.kernel))]];
    case "linear":
      return [rows * layer.from * layer.to, [...shape.slice(0, -1), layer.to]];
    case "flatten":
      return [0, [shape[0]!, product(shape.slice(1))]];
    case "flattenSteps":
      return [0, [shape[0]! * shape[1]!, ...shape.slice(2)]];
    case "embedding":
      return [0, [...shape, layer.size]];
    case "rnn":
    case "gru":
    case "lstm": {
      const gates = { rnn: 1, gru: 3, lstm: 4 }[layer.layer];
      return [rows * gates * (layer.from + layer.to) * layer.to, [...shape.slice(0, -1), layer.to]];
    }
    case "transformer": {
      const { size, hidden, count } = layer;
      const attention = 4 * size * size + 2 * shape[1]! * size;
      return [rows * count * (attention + 2 * size * hidden), shape];
    }
    default:
      return [0, shape];
  }
}
