// What each family of ops refuses: every message names the op and what it got, and has a second line that mends it.

import { describe, expect, it } from "vitest";
import * as engine from "../index.ts";
import { einsum, nn, ones, tensor, zeros } from "../index.ts";

const F = nn.functional;
const index = (...values: number[]) => tensor(values, { dtype: "int32" });

const families: Readonly<Record<string, readonly (readonly [message: string, attempt: () => unknown])[]>> = {
  elementary: [
    ["minimum: shapes do not broadcast, lhs [2, 3], rhs [4]", () => ones([2, 3]).minimum(ones([4]))],
    ["clamp: needs a bound", () => ones([2]).clamp({})],
    ["clamp: does not work on bool", () => tensor([true]).clamp({ min: 0 })],
    ["floor: does not work on bool", () => tensor([true]).floor()],
    ["remainder: an integer cannot be divided by 0", () => index(1).remainder(0)],
    ["where: the condition must be bool, got float32", () => ones([2]).maskedFill(ones([2]), 0)],
  ],
  activations: [
    ["prelu: needs 1 or 3 slopes, input [2, 3], weight [2]", () => F.prelu(ones([2, 3]), ones([2]))],
    ["glu: dimension -1 cannot be halved, input [2, 3]", () => F.glu(ones([2, 3]))],
    ["softplus: beta must not be 0", () => F.softplus(ones([2]), { beta: 0 })],
    ["hardtanh: min must be below max, got 1 and 1", () => F.hardtanh(ones([2]), 1, 1)],
    [
      'gelu: approximate must be "none" or "tanh", got "fast"',
      () => F.gelu(ones([2]), { approximate: "fast" as never }),
    ],
  ],
  reductions: [
    ["amin: there is no smallest of no elements, input [0, 2]", () => zeros([0, 2]).amin(0)],
    ["argmin: there is no smallest of no elements, input [0]", () => zeros([0]).argmin()],
    ["prod: dimension 2 is out of range, input [2, 3]", () => ones([2, 3]).prod(2)],
    ["variance: dimension -3 is out of range, input [2, 3]", () => ones([2, 3]).var(-3)],
    ["norm: dimensions [0, 0] repeat, input [2, 3]", () => ones([2, 3]).norm(2, [0, -2])],
    ["median: there is no middle of no elements along dimension 0, input [0, 2]", () => zeros([0, 2]).median(0)],
  ],
  order: [
    ["cumsum: dimension 1 is out of range, input [2]", () => ones([2]).cumsum(1)],
    ["sort: dimension 3 is out of range, input [2]", () => ones([2]).sort({ dim: 3 })],
    ["topk: k must be between 0 and 3, got 4", () => ones([2, 3]).topk(4)],
  ],
  convolution: [
    ["conv1d: input must be N × C × L or C × L, input [4]", () => F.conv1d(ones([4]), ones([1, 1, 2]))],
    ["conv1d: weight must have 3 dimensions, weight [1, 2]", () => F.conv1d(ones([1, 4]), ones([1, 2]))],
    ["conv1d: expected 2 input channels (groups 1), got 3", () => F.conv1d(ones([1, 3, 4]), ones([1, 2, 2]))],
    ["conv1d: a window of 5 does not fit into 3 entries with padding 0", () => F.conv1d(ones([1, 3]), ones([1, 1, 5]))],
    [
      'conv2d: padding "same" needs stride 1, got [2, 2]',
      () => F.conv2d(ones([1, 1, 4, 4]), ones([1, 1, 2, 2]), { padding: "same", stride: 2 }),
    ],
    [
      'conv2d: padding "full" is not known',
      () => F.conv2d(ones([1, 1, 4, 4]), ones([1, 1, 2, 2]), { padding: "full" as never }),
    ],
    [
      "conv2d: bias must have shape [2], bias [3]",
      () => F.conv2d(ones([1, 1, 4, 4]), ones([2, 1, 2, 2]), { bias: ones([3]) }),
    ],
    [
      "convTranspose2d: expected 3 input channels (groups 1), got 2",
      () => F.convTranspose2d(ones([1, 2, 4, 4]), ones([3, 1, 2, 2])),
    ],
    [
      "convTranspose2d: outputPadding [2, 2] must be smaller than stride [2, 2] or dilation [1, 1]",
      () => F.convTranspose2d(ones([1, 1, 4, 4]), ones([1, 1, 2, 2]), { stride: 2, outputPadding: 2 }),
    ],
    [
      "convTranspose1d: nothing is left of [1, 3] after padding [0, 2]",
      () => F.convTranspose1d(ones([1, 2]), ones([1, 1, 2]), { padding: 2 }),
    ],
  ],
  pooling: [
    ["maxPool1d: a window of 5 does not fit into 4 entries with padding 0", () => F.maxPool1d(ones([1, 4]), 5)],
    ["maxPool2d: kernel [5, 5] does not fit into the padded input", () => F.maxPool2d(ones([1, 1, 4, 4]), 5)],
    ["avgPool1d: padding 2 is more than half of the kernel 3", () => F.avgPool1d(ones([1, 4]), 3, { padding: 2 })],
    ["maxPool2d: dilation must be whole and at least 1", () => F.maxPool2d(ones([1, 1, 4, 4]), 2, { dilation: 0 })],
    ["adaptiveAvgPool2d: outputSize must be whole and at least 1", () => F.adaptiveAvgPool2d(ones([1, 1, 4, 4]), 0)],
    ["adaptiveMaxPool1d: input must be N × C × L or C × L", () => F.adaptiveMaxPool1d(ones([4]), 2)],
  ],
  "patches and resizing": [
    ["unfold: input must be N × C × H × W, input [4, 4]", () => F.unfold(ones([4, 4]), 2)],
    ["unfold: kernel [5, 5] does not fit into [4, 4] with padding [0, 0]", () => F.unfold(ones([1, 1, 4, 4]), 5)],
    ["fold: input must be N × C·4 × 4 for kernel [2, 2] on [3, 3]", () => F.fold(ones([1, 4, 5]), 3, 2)],
    ["interpolate: needs size or scaleFactor, got neither", () => F.interpolate(ones([1, 1, 2, 2]), {})],
    ['interpolate: mode "cubic" is not known', () => F.interpolate(ones([1, 1, 2, 2]), { mode: "cubic" as never })],
    ["interpolate: a sequence has one length", () => F.interpolate(ones([1, 2]), { size: [1, 2], mode: "linear" })],
    ["pad: reflect padding [3, 0] must be from 0 to 2", () => F.pad(ones([3]), [3, 0], { mode: "reflect" })],
    ["pad: padding [-2, -2] cuts off more than dimension 0 has, input [3]", () => F.pad(ones([3]), [-2, -2])],
    ["pad: padding [1] needs two numbers a dimension, input [3]", () => F.pad(ones([3]), [1])],
  ],
  arrangement: [
    ["split: sizes [1, 1] do not add up to 3 along dimension 0", () => ones([3]).split([1, 1])],
    ["split: pieces must have a whole size from 1 on, got 0", () => ones([3]).split(0)],
    ["chunk: needs a whole number of chunks from 1 on, got 0", () => ones([3]).chunk(0)],
    ["unbind: a scalar has no dimension", () => ones([]).unbind()],
    ["roll: 2 shifts for 1 dimensions", () => ones([3]).roll([1, 2], 0)],
    ["repeat: repeats [2] need a whole number for each dimension, input [2, 3]", () => ones([2, 3]).repeat(2)],
    ["repeatInterleave: repeats must be whole and not negative, got 1.5", () => ones([2]).repeatInterleave(1.5)],
    ["movedim: [0, 0] cannot move to [1, 2]", () => ones([2, 3, 4]).movedim([0, 0], [1, 2])],
    ["tril: input must have at least 2 dimensions, input [3]", () => ones([3]).tril()],
    ["diag: input must be a vector or a matrix, input [1, 1, 1]", () => ones([1, 1, 1]).diag()],
    ["diagonal: dimensions 0 and -2 are the same, input [2, 2]", () => ones([2, 2]).diagonal(0, 0, -2)],
    ["meshgrid: needs vectors or scalars, input [2, 2]", () => engine.meshgrid([ones([2, 2])])],
    ["expand: only dimensions of size 1 can grow, input [3], target [2]", () => ones([3]).broadcastTo(2)],
    ["unfold: windows of 4 with step 1 do not fit into 3 entries of dimension 0", () => ones([3]).unfold(0, 4, 1)],
  ],
  "reading and writing by index": [
    ["scatter: index and source differ, index [1], source [2]", () => ones([3]).scatter(0, index(1), ones([2]))],
    ["scatter: dtypes differ, input float32, source int32", () => ones([3]).scatter(0, index(1), index(1))],
    ["scatter: indices must be int32, got float32", () => ones([3]).scatter(0, ones([1]), 1)],
    ["scatter: index 3 is out of range for 3 entries", () => ones([3]).scatter(0, index(3), 1)],
    ["maskedSelect: the mask must be bool, got int32", () => ones([3]).maskedSelect(index(1))],
    ["maskedSelect: shapes do not broadcast", () => ones([3]).maskedSelect(ones([2]).gt(0))],
    ["bincount: numbers must not be negative, got -1", () => index(0, -1).bincount()],
    ["bincount: counts int32, got float32", () => ones([2]).bincount()],
  ],
  products: [
    ["dot: lengths differ, lhs [2], rhs [3]", () => ones([2]).dot(ones([3]))],
    ["dot: needs 1 and 1 dimensions, lhs [2, 2], rhs [2]", () => ones([2, 2]).dot(ones([2]))],
    ["mv: needs 2 and 1 dimensions, lhs [2], rhs [2]", () => ones([2]).mv(ones([2]))],
    ["bmm: numbers of matrices differ, lhs [2, 1, 1], rhs [3, 1, 1]", () => ones([2, 1, 1]).bmm(ones([3, 1, 1]))],
    ['einsum: subscript "j" of "ij,jk->ik" names sizes 3 and 4', () => einsum("ij,jk->ik", ones([2, 3]), ones([4, 5]))],
    ['einsum: subscript "z" of the result of "ij->z" is in no operand', () => einsum("ij->z", ones([2, 3]))],
    ['einsum: subscript "i" occurs twice in the result of "ij->ii"', () => einsum("ij->ii", ones([2, 3]))],
    ['einsum: subscript "1" of "i1" is not a letter', () => einsum("i1", ones([2, 3]))],
    ['einsum: subscripts "ijk" of "ijk" name 3 dimensions, the operand has 2', () => einsum("ijk", ones([2, 3]))],
    ['einsum: "ij,jk" names 2 operands, got 1', () => einsum("ij,jk", ones([2, 3]))],
    ['einsum: subscript "i" of "ii" names sizes 2 and 3', () => einsum("ii", ones([2, 3]))],
  ],
  classification: [
    ["nllLoss: weight must have shape [3], weight [2]", () => F.nllLoss(ones([1, 3]), index(1), { weight: ones([2]) })],
    ["nllLoss: index -1 is out of range for 3 entries", () => F.nllLoss(ones([1, 3]), index(-1))],
    [
      "crossEntropy: labelSmoothing must be between 0 and 1, got 2",
      () => F.crossEntropy(ones([1, 3]), index(1), { labelSmoothing: 2 }),
    ],
    [
      "crossEntropy: ignoreIndex needs class numbers as targets, got probabilities",
      () => F.crossEntropy(ones([1, 3]), ones([1, 3]), { ignoreIndex: 0 }),
    ],
  ],
};

describe.each(Object.keys(families))("errors of %s", (family) => {
  it.each(families[family]!)("%s", (message, call) => {
    // Wrong data is found by a GPU when it gets there: the next read tells.
    const attempt = () => {
      const result = call();
      if (result instanceof engine.Tensor) result.dataSync();
    };
    expect(attempt).toThrow(engine.EngineError);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(expect.objectContaining({ hint: expect.stringMatching(/\S/) }));
  });
});
