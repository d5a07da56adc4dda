// What a convolution and its input gradient have in common: every output is a sum over channels and taps, where a tap is a
// place of the source that moves with the output position. Sizes only; no code and no memory.

import type { ConvParams } from "../../../ops/table.ts";

/** Everything that is fixed when a convolution is planned; channels and filters are those of all groups together. */
export interface ConvolutionSizes extends ConvParams {
  readonly batch: number;
  readonly channels: number;
  readonly filters: number;
  readonly height: number;
  readonly width: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
}

/** One line of the kernel along height or width. */
export interface Tap {
  /** The source element that output position 0 meets; outside of the source there are zeros. */
  readonly offset: number;
  /** Which row or column of the kernel it is. */
  readonly index: number;
}

/** Height or width of a correlation. */
export interface Axis {
  /** Elements of the source. */
  readonly source: number;
  /** Elements of the output. */
  readonly positions: number;
  /** Elements of the source between neighbouring positions. */
  readonly step: number;
  readonly taps: readonly Tap[];
  /** Where the positions lie in the tensor that is written: the first, and the distance between neighbours. */
  readonly first: number;
  readonly distance: number;
}

/**
 * output[n, f, i, j] = Σ over channels c and taps (r, s) of weight[f, c, r, s] · source[n, c, r.offset + i · step, …]: sizes
 * are those of one group; strides, in elements, are those of the tensors with all groups.
 */
export interface Correlation {
  readonly groups: number;
  readonly channels: number;
  readonly filters: number;
  readonly rows: Axis;
  readonly columns: Axis;
  readonly sourcePlane: number;
  readonly outputWidth: number;
  readonly outputPlane: number;
  readonly weight: { readonly group: number; readonly filter: number; readonly channel: number; readonly row: number };
}

export function outputSize(s: ConvolutionSizes): readonly [height: number, width: number] {
  return [axesOf(s)[0].outputs, axesOf(s)[1].outputs];
}

/** The convolution itself: the source is the input. */
export function forwardCorrelation(s: ConvolutionSizes): Correlation {
  const [rows, columns] = axesOf(s).map(({ inputs, outputs, kernel, stride, padding, dilation }): Axis => {
    const taps = Array.from({ length: kernel }, (_, index) => ({ index, offset: index * dilation - padding }));
    return { source: inputs, positions: outputs, step: stride, taps, first: 0, distance: 1 };
  }) as [Axis, Axis];
  const [filters, channels] = [s.filters / s.groups, s.channels / s.groups];
  const taps = s.kernelHeight * s.kernelWidth;
  return {
    ...{ groups: s.groups, channels, filters, rows, columns },
    ...{ sourcePlane: s.height * s.width, outputWidth: columns.positions },
    outputPlane: rows.positions * columns.positions,
    weight: { group: filters * channels * taps, filter: channels * taps, channel: taps, row: s.kernelWidth },
  };
}

/**
 * The input gradient: the source is the output gradient, "filters" are the channels of the input. With stride s the elements
 * of the input fall into s × s classes that meet different taps; each class is a correlation of step 1, those that meet no
 * tap are left out. With stride 1 there is one, whose kernel is turned.
 */
export function inputCorrelations(s: ConvolutionSizes): Correlation[] {
  const [rows, columns] = axesOf(s).map(({ inputs, outputs, kernel, stride, padding, dilation }): Axis[] => {
    const classes = Array.from({ length: Math.min(stride, inputs) }, (_, first) => {
      const indices = Array.from({ length: kernel }, (_, index) => index);
      const taps = indices
        .map((index) => ({ index, offset: (first + padding - index * dilation) / stride }))
        .filter(({ offset }) => Number.isInteger(offset));
      return {
        ...{ source: outputs, positions: Math.ceil((inputs - first) / stride), step: 1, taps },
        ...{ first, distance: stride },
      };
    });
    return classes.filter((axis) => axis.taps.length > 0);
  }) as [Axis[], Axis[]];
  const [filters, channels] = [s.channels / s.groups, s.filters / s.groups];
  const taps = s.kernelHeight * s.kernelWidth;
  const sourcePlane = axesOf(s)[0].outputs * axesOf(s)[1].outputs;
  return rows.flatMap((row) =>
    columns.map((column) => ({
      ...{ groups: s.groups, channels, filters, rows: row, columns: column, sourcePlane },
      ...{ outputWidth: s.width, outputPlane: s.height * s.width },
      weight: { group: filters * channels * taps, filter: taps, channel: filters * taps, row: s.kernelWidth },
    })),
  );
}

/** Whether correlations of one tensor write all of its elements. */
export function coversAll(correlations: readonly Correlation[]): boolean {
  const covered = correlations.reduce((sum, { rows, columns }) => sum + rows.positions * columns.positions, 0);
  return covered === correlations[0]!.outputPlane;
}

function axesOf(s: ConvolutionSizes) {
  const along = (inputs: number, kernel: number, axis: 0 | 1) => {
    const [stride, padding, dilation] = [s.stride[axis], s.padding[axis], s.dilation[axis]];
    const outputs = Math.floor((inputs + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1;
    return { inputs, outputs, kernel, stride, padding, dilation };
  };
  return [along(s.height, s.kernelHeight, 0), along(s.width, s.kernelWidth, 1)] as const;
}
