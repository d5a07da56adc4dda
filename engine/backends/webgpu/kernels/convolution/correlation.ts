// What a convolution and its input gradient have in common: every output is a sum over channels and taps, where a tap is a
// place of the kernel that meets a source element which moves with the output position. Sizes only, no code.

import type { Shape } from "../../../../core/shape.ts";
import type { ConvParams, Pair } from "../../../../ops/table.ts";

/**
 * Height or width. Position j sums over the taps t weight[firstTap + t · tapStep] · source[j · step + offset + t · offsetStep],
 * and is written to first + j · distance. Outside of the source there are zeros.
 */
export interface Axis {
  readonly positions: number;
  readonly source: number;
  readonly step: number;
  readonly taps: number;
  readonly firstTap: number;
  readonly tapStep: number;
  readonly offset: number;
  readonly offsetStep: number;
  readonly first: number;
  readonly distance: number;
}

/** Everything that a kernel needs to know besides buffers. Strides in elements; rows and channels are those of one group. */
export interface Correlation {
  readonly batch: number;
  readonly groups: number;
  /** Output channels. */
  readonly rows: number;
  /** Source channels. */
  readonly channels: number;
  readonly axes: readonly [height: Axis, width: Axis];
  readonly outSize: Pair;
  /** From one row of the weight to the next, from one source channel to the next, and the width of its kernels. */
  readonly weightRow: number;
  readonly weightChannel: number;
  readonly kernelWidth: number;
}

export function convolutionOf(x: Shape, weight: Shape, y: Shape, params: ConvParams): Correlation {
  const [filters, channels, ...kernel] = weight as [number, number, number, number];
  const axis = (i: 0 | 1): Axis => ({
    positions: y[2 + i]!,
    source: x[2 + i]!,
    step: params.stride[i],
    taps: kernel[i],
    firstTap: 0,
    tapStep: 1,
    offset: -params.padding[i],
    offsetStep: params.dilation[i],
    first: 0,
    distance: 1,
  });
  return {
    batch: x[0]!,
    groups: params.groups,
    rows: filters / params.groups,
    channels,
    axes: [axis(0), axis(1)],
    outSize: [y[2]!, y[3]!],
    weightRow: channels * kernel[0] * kernel[1],
    weightChannel: kernel[0] * kernel[1],
    kernelWidth: kernel[1],
  };
}

/**
 * The input gradient, as one correlation for each remainder of the input's rows and columns by the stride: elements of one
 * remainder meet the same taps. Those that meet none are sums over nothing, so that every element is written.
 */
export function inputGradientsOf(grad: Shape, weight: Shape, y: Shape, params: ConvParams): Correlation[] {
  const [filters, channels, ...kernel] = weight as [number, number, number, number];
  const [heights, widths] = ([0, 1] as const).map((i) =>
    remainderAxes(y[2 + i]!, grad[2 + i]!, kernel[i]!, params.stride[i], params.padding[i], params.dilation[i]),
  ) as [Axis[], Axis[]];
  return heights.flatMap((height) =>
    widths.map((width) => ({
      batch: y[0]!,
      groups: params.groups,
      rows: channels,
      channels: filters / params.groups,
      axes: [height, width] as const,
      outSize: [y[2]!, y[3]!] as const,
      weightRow: kernel[0] * kernel[1],
      weightChannel: channels * kernel[0] * kernel[1],
      kernelWidth: kernel[1],
    })),
  );
}

/** Input element i gets weight[t] · grad[(i + padding - t · dilation) / stride] from the taps for which that is a whole number. */
function remainderAxes(
  length: number,
  source: number,
  taps: number,
  stride: number,
  padding: number,
  dilation: number,
): Axis[] {
  const tapStep = stride / greatestDivisor(stride, dilation);
  return Array.from({ length: Math.min(stride, length) }, (_, first) => {
    const meets = (tap: number) => (first + padding - tap * dilation) % stride === 0;
    const firstTap = Array.from({ length: Math.min(tapStep, taps) }, (_, tap) => tap).find(meets);
    return {
      positions: Math.ceil((length - first) / stride),
      source,
      step: 1,
      taps: firstTap === undefined ? 0 : Math.ceil((taps - firstTap) / tapStep),
      firstTap: firstTap ?? 0,
      tapStep,
      offset: firstTap === undefined ? 0 : (first + padding - firstTap * dilation) / stride,
      offsetStep: -(tapStep * dilation) / stride,
      first,
      distance: stride,
    };
  });
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
