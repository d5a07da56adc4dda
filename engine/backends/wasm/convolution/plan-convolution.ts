// Which kernels compute a convolution or one of its gradients, how the work is cut, and what they need: called by the
// backend, which compiles each kernel once, finds memory and runs the calls of a step on any threads in any order.

import type { Activation } from "../../../ops/table.ts";
import { epilogueOf } from "../activations.ts";
import type { TileShape } from "../matmul/register-tile.ts";
import { defineEmpty, type Planes } from "./empty.ts";
import { type ConvolutionSizes, coversAll, forwardCorrelation, inputCorrelations, outputSize } from "./geometry.ts";
import type { ConvolutionPlan, Job } from "./plan/plan.ts";
import { directTileFor, planDirect } from "./plan/plan-direct.ts";
import { planProduct } from "./plan/plan-product.ts";
import { planWeightGradient } from "./plan/plan-weight.ts";

export type ConvolutionOp = "conv2d" | "conv2dInput" | "conv2dWeight";

export interface ConvolutionOptions {
  /** `tiles` of matmul.ts: what the machine multiplies fastest. */
  readonly tile: TileShape;
  /** Threads that wait for work. */
  readonly parts: number;
  /** For conv2d only: one number for each filter is added, then the activation applied. */
  readonly bias?: boolean;
  readonly activation?: Activation;
}

export function planConvolution(op: ConvolutionOp, s: ConvolutionSizes, options: ConvolutionOptions): ConvolutionPlan {
  const { tile, bias = false, activation = "none" } = options;
  const epilogue = epilogueOf(bias ? "row" : "none", activation);
  const key = [op, ...sizesInCode(s), tile.rows, tile.vectors, epilogue.bias, activation].join(" ");
  const job: Job = { key, batch: s.batch, tile, parts: options.parts, epilogue };
  const correlations = op === "conv2dInput" ? inputCorrelations(s) : [forwardCorrelation(s)];
  if (s.batch * s.channels * s.filters === 0 || correlations.length === 0) return planEmpty(job, planesOf(op, s));
  if (op === "conv2dWeight") return planWeightGradient(job, correlations[0]!);
  const only = correlations.length === 1 && coversAll(correlations) ? correlations[0]! : undefined;
  const direct = only && directTileFor(only, tile);
  return direct ? planDirect(job, only, direct) : planProduct(job, correlations);
}

function sizesInCode(s: ConvolutionSizes): number[] {
  const { channels, filters, height, width, kernelHeight, kernelWidth, stride, padding, dilation, groups } = s;
  return [channels, filters, height, width, kernelHeight, kernelWidth, ...stride, ...padding, ...dilation, groups];
}

function planesOf(op: ConvolutionOp, s: ConvolutionSizes): Planes {
  if (op === "conv2dInput") return { batch: s.batch, filters: s.channels, plane: s.height * s.width };
  const [height, width] = outputSize(s);
  if (op === "conv2d") return { batch: s.batch, filters: s.filters, plane: height * width };
  return { batch: 1, filters: s.filters, plane: (s.channels / s.groups) * s.kernelHeight * s.kernelWidth };
}

function planEmpty({ key, batch, epilogue }: Job, planes: Planes): ConvolutionPlan {
  return {
    scratchBytes: 0,
    steps: ({ bias, output }) => [
      {
        key: `${key} empty ${batch}`,
        define: (module, name) => defineEmpty(module, name, planes, epilogue),
        calls: [[bias, output]],
      },
    ],
  };
}
