import { describe, expect, it } from "vitest";
import { device, nn, ones, tensor } from "../../index.ts";

const words = tensor([0, 7], { dtype: "int32" });

describe("a layer that is given what does not fit says what would", () => {
  it.each([
    [
      "Conv2d: expected 4-D (N, C, H, W) or 3-D (C, H, W), got [28, 28]\nunsqueeze(0) makes a batch or a channel",
      () => new nn.Conv2d(1, 6, 5).forward(ones([28, 28])),
    ],
    [
      "Conv2d: expected 1 channels in dimension 1, got [2, 3, 8, 8]",
      () => new nn.Conv2d(1, 6, 5).forward(ones([2, 3, 8, 8])),
    ],
    [
      "Conv2d: expected 1 channels in dimension 0, got [3, 8, 8]",
      () => new nn.Conv2d(1, 6, 5).forward(ones([3, 8, 8])),
    ],
    ["Conv1d: expected 3-D (N, C, L) or 2-D (C, L), got [8]", () => new nn.Conv1d(1, 6, 5).forward(ones([8]))],
    ["ConvTranspose2d: expected 4 channels", () => new nn.ConvTranspose2d(4, 2, 2).forward(ones([1, 3, 4, 4]))],
    [
      "Conv2d: 3 input and 4 output channels cannot be split into 2 groups",
      () => new nn.Conv2d(3, 4, 1, { groups: 2 }),
    ],
    ["MaxPool2d: expected 4-D (N, C, H, W)", () => new nn.MaxPool2d(2).forward(ones([28, 28]))],
    [
      "Linear: expected 3 features in dimension 1, got [2, 4]\nThe last size",
      () => new nn.Linear(3, 1).forward(ones([2, 4])),
    ],
    ["Linear: expected 3 features in dimension 0, got []", () => new nn.Linear(3, 1).forward(tensor(1))],
    ["bilinear: inputs do not fit", () => new nn.Bilinear(2, 3, 1).forward(ones([4, 2]), ones([5, 3]))],
    ["Unflatten: dimension 1 of [2, 5] cannot become [2, 3]", () => new nn.Unflatten(1, [2, 3]).forward(ones([2, 5]))],
    [
      // A GPU tells when something is read.
      device() === "cpu"
        ? "embedding: an index is out of range, the table has 5 rows (0 … 4)"
        : "indexSelect: index 7 is out of range for 5 entries",
      () => new nn.Embedding(5, 2).forward(words).dataSync(),
    ],
    [
      'embedding: expected index of int32, got float32\nMake it with tensor([…], { dtype: "int32" })',
      () => new nn.Embedding(5, 2).forward(ones([2])),
    ],
    ["Embedding: paddingIdx 5 is not one of 5 numbers", () => new nn.Embedding(5, 2, { paddingIdx: 5 })],
    ["Dropout: p must be between 0 and 1, got 1.5", () => new nn.Dropout(1.5)],
    ["dropout2d: expected 4-D (N, C, H, W) or 3-D (C, H, W)", () => new nn.Dropout2d().forward(ones([2, 2]))],
    ["BatchNorm2d: expected 4-D (N, C, H, W), got [2, 3]", () => new nn.BatchNorm2d(3).forward(ones([2, 3]))],
    ["BatchNorm1d: expected 3 channels in dimension 1, got [2, 4]", () => new nn.BatchNorm1d(3).forward(ones([2, 4]))],
    [
      "batchNorm: expected more than one value per channel in training, got [1, 3]\nOne value has no variance",
      () => new nn.BatchNorm1d(3).forward(ones([1, 3])),
    ],
    ["layerNorm: expected an input ending in [4], got [2, 3]", () => new nn.LayerNorm(4).forward(ones([2, 3]))],
    ["GroupNorm: 5 channels cannot be split into 2 groups", () => new nn.GroupNorm(2, 5)],
    ["InstanceNorm1d: expected 3-D (N, C, L) or 2-D (C, L)", () => new nn.InstanceNorm1d(3).forward(ones([3]))],
    ["LSTM: expected 3-D (T, N, I) or 2-D (T, I), got [3]", () => new nn.LSTM(3, 4).forward(ones([3]))],
    ["GRU: expected 3 features in dimension 2, got [5, 2, 4]", () => new nn.GRU(3, 4).forward(ones([5, 2, 4]))],
    ["RNN: the sequence is empty, got [0, 2, 3]", () => new nn.RNN(3, 4).forward(ones([0, 2, 3]))],
    [
      "LSTM: expected c of [1, 2, 4], got [1, 2, 5]\nStates are (layers · directions, N, H)",
      () => new nn.LSTM(3, 4).forward(ones([5, 2, 3]), [ones([1, 2, 4]), ones([1, 2, 5])]),
    ],
    ["GRUCell: expected a state of [2, 4], got [4]", () => new nn.GRUCell(3, 4).forward(ones([2, 3]), ones([4]))],
    ["MGU: forgetBias needs biases", () => new nn.MGU(3, 4, { bias: false, forgetBias: 1 })],
    ["MultiheadAttention: 6 features cannot be split into 4 heads", () => new nn.MultiheadAttention(6, 4)],
    [
      "MultiheadAttention: expected attnMask of [3, 5], got [3, 3]",
      () =>
        new nn.MultiheadAttention(4, 2).forward(ones([3, 4]), ones([5, 4]), ones([5, 4]), { attnMask: ones([3, 3]) }),
    ],
    [
      "PositionalEncoding: a sequence of 9 is longer than maxLength 8",
      () => new nn.PositionalEncoding(4, { maxLength: 8 }).forward(ones([9, 4])),
    ],
    [
      "mseLoss: shapes differ, prediction [4, 1], target [4]\nReshape the target to [4, 1], for example with unsqueeze(1).",
      () => new nn.MSELoss().forward(ones([4, 1]), ones([4])),
    ],
    ["binaryCrossEntropyWithLogits: shapes differ", () => new nn.BCEWithLogitsLoss().forward(ones([4, 1]), ones([4]))],
    ["ModuleList: has no forward", () => new nn.ModuleList([new nn.Tanh()]).forward()],
    ["xavierUniform_: needs at least two dimensions, tensor [3]", () => nn.init.xavierUniform_(ones([3]))],
  ])("%s", (message, act) => {
    expect(act).toThrow(message);
  });
});
