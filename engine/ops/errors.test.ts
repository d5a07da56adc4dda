// Errors name the op, say what was expected and got, carry the data and say how to mend it.

import { describe, expect, it } from "vitest";
import { conv2d, DtypeError, matmul, nn, ones, ShapeError, tensor, zeros } from "../index.ts";

describe("errors of ops", () => {
  it("name both shapes of a matrix product and carry them", () => {
    const attempt = () => matmul(zeros([2, 3]), zeros([4, 5]));
    expect(attempt).toThrow("matmul: inner sizes differ, lhs [2, 3], rhs [4, 5]\nThe last size of lhs must equal");
    expect(attempt).toThrow(ShapeError);
    expect(attempt).toThrow(
      expect.objectContaining({
        op: "matmul",
        shapes: [
          [2, 3],
          [4, 5],
        ],
      }),
    );
  });

  it.each([
    ["add: shapes do not broadcast, lhs [2, 3], rhs [4]", () => ones([2, 3]).add(ones([4]))],
    ["reshape: 6 elements do not fill [4, 2], input [2, 3]", () => ones([2, 3]).reshape(4, 2)],
    ["sum: dimension 2 is out of range, input [2, 3]", () => ones([2, 3]).sum(2)],
    ["narrow: 2 to 4 is outside dimension 1, input [2, 3]", () => ones([2, 3]).narrow(1, 2, 2)],
    [
      "conv2d: expected 3 input channels (groups 1), got 1, input [1, 1, 28, 28]",
      () => conv2d(ones([1, 1, 28, 28]), ones([6, 3, 5, 5])),
    ],
    [
      "conv2d: kernel [5, 5] does not fit into the padded input, input [1, 1, 3, 3]",
      () => conv2d(ones([1, 1, 3, 3]), ones([1, 1, 5, 5])),
    ],
    [
      "conv2d: stride must be whole and at least 1, got 0",
      () => conv2d(ones([1, 1, 3, 3]), ones([1, 1, 2, 2]), { stride: 0 }),
    ],
    ["maxPool2d: input must have 4 dimensions (N × C × H × W)", () => nn.functional.maxPool2d(ones([4, 4]), 2)],
    ["Linear: expected 3 features in dimension 1, got [2, 4]", () => new nn.Linear(3, 1).forward(ones([2, 4]))],
    ["mseLoss: shapes differ, prediction [4, 1], target [4]", () => nn.functional.mseLoss(ones([4, 1]), ones([4]))],
    [
      "nllLoss: index 3 is out of range for 3 entries",
      // A GPU tells what is wrong with data when it is read.
      () => nn.functional.crossEntropy(ones([1, 3]), tensor([3], { dtype: "int32" })).itemSync(),
    ],
    [
      "tensor: nested arrays are ragged: expected an array of 2 at depth 1, got an array of 1",
      () => tensor([[1, 2], [3]]),
    ],
    ["argmax: there is no largest of no elements", () => zeros([0]).argmax()],
    ["item: needs exactly one element, tensor [2]", () => ones([2]).itemSync()],
  ])("%s", (message, attempt) => {
    expect(attempt).toThrow(message);
  });

  it("say which dtype is needed and how to get it", () => {
    const attempt = () => nn.functional.crossEntropy(ones([1, 3]), tensor([1]));
    expect(attempt).toThrow(DtypeError);
    expect(attempt).toThrow(
      'targets are class numbers of dtype int32, got float32\nUse tensor([...], { dtype: "int32" })',
    );
    expect(() => tensor([true]).add(tensor([true]))).toThrow("add: does not work on bool");
  });
});
