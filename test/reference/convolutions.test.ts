// Convolution, pooling, patches and resizing in all their options against PyTorch.

import type * as engine from "#engine";
import { nn } from "#engine";
import { type Run, walkGoldens } from "./walk.ts";

/** Options of all functions under one type: each takes its own. */
type Params = { readonly kernelSize: never; readonly size: never } & engine.Conv1dOptions &
  engine.ConvTranspose1dOptions &
  Omit<engine.MaxPoolOptions, "returnIndices" | "stride" | "padding" | "dilation"> &
  engine.AvgPoolOptions &
  Omit<engine.InterpolateOptions, "size">;

const F = nn.functional;
const indices = { returnIndices: true } as const;

const functions: Readonly<Record<string, Run<Params>>> = {
  conv1d: ([x, weight], options) => F.conv1d(x!, weight!, options),
  conv1dBias: ([x, weight, bias], options) => F.conv1d(x!, weight!, { ...options, bias: bias! }),
  conv2d: ([x, weight], options) => F.conv2d(x!, weight!, options),
  convTranspose1d: ([x, weight], options) => F.convTranspose1d(x!, weight!, options),
  convTranspose2d: ([x, weight], options) => F.convTranspose2d(x!, weight!, options),
  convTranspose2dBias: ([x, weight, bias], options) => F.convTranspose2d(x!, weight!, { ...options, bias: bias! }),
  maxPool2d: ([x], { kernelSize, ...options }) => F.maxPool2d(x!, kernelSize, options),
  maxPool2dIndices: ([x], { kernelSize, ...options }) =>
    F.maxPool2d(x!, kernelSize, { ...options, ...indices }).indices,
  avgPool2d: ([x], { kernelSize, ...options }) => F.avgPool2d(x!, kernelSize, options),
  maxPool1d: ([x], { kernelSize, ...options }) => F.maxPool1d(x!, kernelSize, options),
  maxPool1dIndices: ([x], { kernelSize, ...options }) =>
    F.maxPool1d(x!, kernelSize, { ...options, ...indices }).indices,
  avgPool1d: ([x], { kernelSize, ...options }) => F.avgPool1d(x!, kernelSize, options),
  adaptiveAvgPool2d: ([x], { size }) => F.adaptiveAvgPool2d(x!, size),
  adaptiveMaxPool2d: ([x], { size }) => F.adaptiveMaxPool2d(x!, size),
  adaptiveMaxPool2dIndices: ([x], { size }) => F.adaptiveMaxPool2d(x!, size, indices).indices,
  adaptiveAvgPool1d: ([x], { size }) => F.adaptiveAvgPool1d(x!, size),
  adaptiveMaxPool1d: ([x], { size }) => F.adaptiveMaxPool1d(x!, size),
  unfold: ([x], { kernelSize, ...options }) => F.unfold(x!, kernelSize, options),
  fold: ([x], { size, kernelSize, ...options }) => F.fold(x!, size, kernelSize, options),
  interpolate: ([x], options) => F.interpolate(x!, options),
};

walkGoldens("convolutions", functions);
