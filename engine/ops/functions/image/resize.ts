// Resizing of images N × C × H × W and sequences N × C × L, in function form.

import { ArgumentError, ShapeError } from "../../../core/errors.ts";
import { formatShape } from "../../../core/shape.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { dispatch } from "../../dispatch.ts";
import { indexSelect } from "../indexing/indexing.ts";
import { type PairLike, pairOf } from "../operands.ts";
import { asImages, batched, requireCounts } from "./windows.ts";

export interface InterpolateOptions {
  /** Height and width of the result; the length for sequences. Either this or `scaleFactor`. */
  readonly size?: PairLike;
  /** Times height and width, rounded down. */
  readonly scaleFactor?: PairLike;
  /**
   * `nearest` repeats or leaves out elements; `bilinear` (images) and `linear` (sequences) blend neighbours. Default: the
   * latter. PyTorch's default is `nearest`.
   */
  readonly mode?: "nearest" | "linear" | "bilinear";
  /** Put the corners of input and output onto each other; not for `nearest`. Default: false. */
  readonly alignCorners?: boolean;
}

/**
 * Resizes images N × C × H × W (or C × H × W), and with mode `linear` sequences N × C × L: each element is blended from its
 * neighbours, or taken from the nearest. float32. Gradient: the adjoint, each share back to where it was taken. Throws a
 * ShapeError for empty inputs, an ArgumentError for options that contradict each other.
 *
 * @example
 * nn.functional.interpolate(tensor([[[0, 2]]]), { size: 4, mode: "linear" }); // tensor([[[0.0000, 0.5000, 1.5000, 2.0000]]])
 * nn.functional.interpolate(tensor([[[[0, 2]]]]), { scaleFactor: 2, mode: "nearest" }).shape; // [1, 1, 2, 4]
 */
export function interpolate(x: Tensor, options: InterpolateOptions): Tensor {
  const { mode = "bilinear", alignCorners = false } = options;
  if (!["nearest", "linear", "bilinear"].includes(mode)) {
    throw new ArgumentError("interpolate", `mode "${mode}" is not known`, "Use nearest, linear or bilinear.");
  }
  if (mode === "nearest" && alignCorners) {
    throw new ArgumentError("interpolate", "alignCorners needs mode linear or bilinear", "Leave it out for nearest.");
  }
  // Without a batch an image has three dimensions, like a batch of sequences: the mode tells them apart.
  const isLine = mode === "linear" || (mode === "nearest" && isSequenceSize(x, options));
  if (!isLine) return batched(x, (images) => resized(images, options, mode, alignCorners));
  return asImages("interpolate", x, (images) => resized(images, lengthOnly(options), mode, alignCorners));
}

/** A batch of sequences: three dimensions and one number, where an image would need two or be ambiguous. */
function isSequenceSize(x: Tensor, { size, scaleFactor }: InterpolateOptions): boolean {
  return x.ndim === 3 && typeof (size ?? scaleFactor) === "number";
}

function lengthOnly({ size, scaleFactor }: InterpolateOptions): InterpolateOptions {
  const length = size ?? scaleFactor;
  if (length !== undefined && typeof length !== "number") {
    const hint = "Use mode bilinear for images.";
    throw new ArgumentError("interpolate", `a sequence has one length, got ${formatShape(length)}`, hint);
  }
  return size === undefined ? { scaleFactor: [1, length ?? 1] } : { size: [1, length ?? 1] };
}

function resized(x: Tensor, options: InterpolateOptions, mode: string, alignCorners: boolean): Tensor {
  if (x.ndim !== 4 || x.shape.slice(1).includes(0)) {
    const hint = "Images are N × C × H × W; unsqueeze(1) adds a channel.";
    throw ShapeError.of("interpolate", "input must be images and not empty", { input: x.shape }, hint);
  }
  const { size, scale } = targetOf(x, options, alignCorners);
  if (mode !== "nearest") return dispatch("bilinear", [x], { size, scale, alignCorners });
  return indexSelect(
    indexSelect(x, 2, nearest(x.shape[2]!, size[0], scale[0])),
    3,
    nearest(x.shape[3]!, size[1], scale[1]),
  );
}

/** Size of the result, and how many input elements one of its elements stands for. */
function targetOf(x: Tensor, { size, scaleFactor }: InterpolateOptions, alignCorners: boolean) {
  if ((size === undefined) === (scaleFactor === undefined)) {
    const given = size === undefined ? "neither" : "both";
    throw new ArgumentError("interpolate", `needs size or scaleFactor, got ${given}`, "Give one of them.");
  }
  const factors = scaleFactor === undefined ? undefined : pairOf(scaleFactor);
  if (factors?.some((factor) => !(factor > 0 && factor < Infinity))) {
    throw new ArgumentError("interpolate", `scaleFactor must be positive, got ${scaleFactor}`, "2 doubles both sides.");
  }
  const sides = [x.shape[2]!, x.shape[3]!] as const;
  const target = pairOf(size ?? [Math.floor(sides[0] * factors![0]), Math.floor(sides[1] * factors![1])]);
  requireCounts("interpolate", { size: target }, 1);
  const scaleOf = (axis: 0 | 1): number => {
    if (alignCorners) return target[axis] > 1 ? (sides[axis] - 1) / (target[axis] - 1) : 0;
    return factors === undefined ? sides[axis] / target[axis] : 1 / factors[axis];
  };
  return { size: target, scale: [scaleOf(0), scaleOf(1)] as const };
}

/** The element to take for each of `count`; in float32, as torch computes it. */
function nearest(length: number, count: number, scale: number): number[] {
  const step = Math.fround(scale);
  return Array.from({ length: count }, (_, i) => Math.min(Math.floor(Math.fround(i * step)), length - 1));
}
