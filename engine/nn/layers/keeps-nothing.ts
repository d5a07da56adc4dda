// Layers whose `forward` holds on to nothing: once the next such layer has its output, only the tape needs it. Sequential
// frees it then, so that memory is used again at once, and hot in the cache, rather than after the garbage collector.

import type { AnyModule } from "../module.ts";
import {
  ELU,
  GELU,
  Identity,
  LeakyReLU,
  Mish,
  PReLU,
  ReLU,
  ReLU6,
  SELU,
  Sigmoid,
  SiLU,
  Softplus,
  Tanh,
} from "./activation.ts";
import { Conv1d, Conv2d } from "./convolution.ts";
import { Dropout, Dropout2d } from "./dropout.ts";
import { Embedding } from "./embedding.ts";
import { Linear } from "./linear.ts";
import { BatchNorm1d, BatchNorm2d, GroupNorm, LayerNorm, LocalResponseNorm } from "./normalization.ts";
import { AdaptiveAvgPool2d, AvgPool1d, AvgPool2d, MaxPool1d, MaxPool2d } from "./pooling.ts";
import { Flatten, Unflatten } from "./shape.ts";

const forwards: ReadonlySet<unknown> = new Set(
  [
    ...[ELU, GELU, Identity, LeakyReLU, Mish, PReLU, ReLU, ReLU6, SELU, Sigmoid, SiLU, Softplus, Tanh],
    ...[Conv1d, Conv2d, Linear, Embedding, Flatten, Unflatten, Dropout, Dropout2d],
    ...[BatchNorm1d, BatchNorm2d, GroupNorm, LayerNorm, LocalResponseNorm],
    ...[AdaptiveAvgPool2d, AvgPool1d, AvgPool2d, MaxPool1d, MaxPool2d],
  ].map(({ prototype }) => prototype.forward),
);

/** Not true of a subclass with a `forward` of its own, nor while the layer has hooks. */
export function keepsNothing(layer: AnyModule): boolean {
  return forwards.has(layer.forward);
}
