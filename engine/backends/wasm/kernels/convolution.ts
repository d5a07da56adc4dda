// Convolutions and their two gradients: the plans of convolution/, kept by geometry.

import { type Shape, sizeOf } from "../../../core/shape.ts";
import type { Activation, ConvParams } from "../../../ops/table.ts";
import type { KernelTable } from "../../backend.ts";
import type { ConvolutionSizes } from "../convolution/geometry.ts";
import type { ConvolutionPlan } from "../convolution/plan/plan.ts";
import { type ConvolutionOp, planConvolution } from "../convolution/plan-convolution.ts";
import { tilesFor } from "../matmul/matmul.ts";
import type { HeapBuffer } from "../memory/heap-buffer.ts";
import { addressOf, type HeapOperand } from "../plain-kernels.ts";
import type { Runtime } from "../runtime.ts";
import { workerOf } from "./worker.ts";

interface Ending {
  readonly bias: boolean;
  readonly activation: Activation;
}

export function convolutionKernels(runtime: Runtime) {
  const { library, team, scratch } = runtime;
  const worker = workerOf(runtime, "convolution");
  const plans = new Map<string, ConvolutionPlan>();

  const planFor = (
    op: ConvolutionOp,
    sizes: ConvolutionSizes,
    positions: number,
    { bias, activation }: Ending,
  ): ConvolutionPlan => {
    const { batch, channels, filters, height, width, kernelHeight, kernelWidth, groups } = sizes;
    const { stride, padding, dilation } = sizes;
    const key = `${op} ${batch} ${channels} ${filters} ${height} ${width} ${kernelHeight} ${kernelWidth} ${groups} ${stride} ${padding} ${dilation} ${bias} ${activation}`;
    const known = plans.get(key);
    if (known !== undefined) return known;
    const work = batch * filters * positions * (channels / groups) * kernelHeight * kernelWidth;
    const plan = planConvolution(op, sizes, { tile: tilesFor(library), parts: team.partsFor(work), bias, activation });
    plans.set(key, plan);
    return plan;
  };

  const convolve = (
    op: ConvolutionOp,
    sizes: ConvolutionSizes,
    [first, second, bias]: readonly HeapOperand[],
    y: HeapOperand,
    small: Shape,
    activation: Activation,
  ) => {
    if (sizeOf(y.shape) === 0) return;
    const plan = planFor(op, sizes, small[2]! * small[3]!, { bias: bias !== undefined, activation });
    const places = {
      ...{ first: addressOf(first!), second: addressOf(second!), output: y.buffer.address },
      bias: bias === undefined ? 0 : addressOf(bias),
      scratch: plan.scratchBytes === 0 ? 0 : scratch.address(0, plan.scratchBytes),
    };
    for (const step of plan.steps(places)) worker.run(step);
  };

  return {
    conv2d: (inputs, y, params) =>
      convolve("conv2d", sizesOf(inputs[0].shape, inputs[1].shape, params), inputs, y, y.shape, params.activation),
    conv2dInput: (inputs, y, params) =>
      convolve("conv2dInput", sizesOf(y.shape, inputs[1].shape, params), inputs, y, inputs[0].shape, "none"),
    conv2dWeight: (inputs, y, params) =>
      convolve("conv2dWeight", sizesOf(inputs[0].shape, y.shape, params), inputs, y, inputs[1].shape, "none"),
  } satisfies Partial<KernelTable<HeapBuffer>>;
}

function sizesOf(image: Shape, weight: Shape, { stride, padding, dilation, groups }: ConvParams): ConvolutionSizes {
  const [batch, channels, height, width] = image as [number, number, number, number];
  const [filters, , kernelHeight, kernelWidth] = weight as [number, number, number, number];
  return { batch, channels, filters, height, width, kernelHeight, kernelWidth, stride, padding, dilation, groups };
}
