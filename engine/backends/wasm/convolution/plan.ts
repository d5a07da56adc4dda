// Which kernels compute a convolution or one of its gradients, how the work is cut, and what they need: called by the
// backend, which compiles each kernel once, finds memory and runs the calls of a step on any threads in any order.

import type { ModuleBuilder } from "../assembler/index.ts";
import type { Epilogue, TileShape } from "../matmul/register-tile.ts";
import { defineEmpty, type Planes } from "./empty.ts";
import { type ConvolutionSizes, coversAll, forwardCorrelation, inputCorrelations, outputSize } from "./geometry.ts";
import { directTileFor, planDirect } from "./plan-direct.ts";
import { planProduct } from "./plan-product.ts";
import { planWeightGradient } from "./plan-weight.ts";

export type ConvolutionOp = "conv2d" | "conv2dInput" | "conv2dWeight";

/** Addresses in bytes. */
export interface Places {
  /** The op's operands, in the order of the op table. */
  readonly first: number;
  readonly second: number;
  readonly output: number;
  /** Read only by conv2d with a bias. */
  readonly bias: number;
  readonly scratch: number;
}

/** Calls of one exported function, which may run in any order; all must be over before the next step. */
export interface Step {
  /** The same for the same code. */
  readonly key: string;
  readonly define: (module: ModuleBuilder, name: string) => void;
  readonly calls: readonly (readonly number[])[];
}

export interface ConvolutionPlan {
  readonly scratchBytes: number;
  steps(places: Places): Step[];
}

export interface ConvolutionOptions {
  /** `tiles` of matmul.ts: what the machine multiplies fastest. */
  readonly tile: TileShape;
  /** Threads that wait for work. */
  readonly parts: number;
  /** For conv2d only. */
  readonly epilogue?: Epilogue;
}

export function planConvolution(op: ConvolutionOp, s: ConvolutionSizes, options: ConvolutionOptions): ConvolutionPlan {
  const key = JSON.stringify([op, s, options.tile, options.parts, options.epilogue?.bias]);
  const forward = forwardCorrelation(s);
  if (op === "conv2dWeight") {
    const weights = { batch: 1, filters: s.filters, plane: forward.channels * s.kernelHeight * s.kernelWidth };
    if (s.batch === 0) return planEmpty(weights, { bias: "none" }, key);
    return planWeightGradient(s.batch, forward, options, key);
  }
  const correlations = op === "conv2d" ? [forward] : inputCorrelations(s);
  if (correlations.length === 1 && coversAll(correlations)) {
    const tile = directTileFor(correlations[0]!, options.tile);
    if (tile !== undefined) return planDirect(s.batch, correlations[0]!, tile, options, key);
  }
  if (correlations.length > 0 && correlations[0]!.channels > 0) return planProduct(s.batch, correlations, options, key);
  const outputs = op === "conv2d" ? outputSize(s) : [s.height, s.width];
  const filters = op === "conv2d" ? s.filters : s.channels;
  return planEmpty(
    { batch: s.batch, filters, plane: outputs[0]! * outputs[1]! },
    options.epilogue ?? { bias: "none" },
    key,
  );
}

function planEmpty(planes: Planes, epilogue: Epilogue, key: string): ConvolutionPlan {
  return {
    scratchBytes: 0,
    steps: ({ bias, output }) => [
      { key, define: (module, name) => defineEmpty(module, name, planes, epilogue), calls: [[bias, output]] },
    ],
  };
}
