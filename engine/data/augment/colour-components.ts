// The principal components of colour: which mixtures of red, green and blue vary most in a set of images.

import { ShapeError } from "../../core/errors.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** Eigenvalues and eigenvectors of the covariance of RGB values, the largest first. */
export interface ColourComponents {
  readonly values: readonly number[];
  /** One for each value: its share of red, green and blue. Of length 1. */
  readonly vectors: readonly (readonly number[])[];
}

/**
 * Those of ImageNet for values from 0 to 1, as Facebook's ResNet training uses them,
 * https://github.com/facebookarchive/fb.resnet.torch/blob/master/datasets/imagenet.lua (numbers of four digits).
 */
export const imageNetColours: ColourComponents = {
  values: [0.2175, 0.0188, 0.0045],
  vectors: [
    [-0.5675, -0.5808, -0.5836],
    [0.7192, -0.0045, -0.6948],
    [0.4009, -0.814, 0.4203],
  ],
};

/**
 * The principal components of the colours of images [N, 3, H, W]. Throws ShapeError for anything else.
 *
 * @example
 * const greys = tensor([0, 0, 0, 1, 1, 1]).reshape(2, 3, 1, 1);
 * const { values } = await data.augment.colourComponents(greys);
 * values.map((value) => value.toFixed(2)); // [0.75, 0.00, 0.00]
 */
export async function colourComponents(images: Tensor): Promise<ColourComponents> {
  const [count = 0, channels, height = 0, width = 0] = images.shape;
  if (images.shape.length !== 4 || channels !== 3) {
    throw ShapeError.of("colourComponents", "expected colour images [N, 3, H, W]", { got: images.shape });
  }
  return eigen(covarianceOf(await images.data(), count, height * width));
}

/** 3 x 3, over all pixels. */
function covarianceOf(data: ArrayLike<number>, count: number, pixels: number): number[][] {
  const total = count * pixels;
  const at = (image: number, channel: number, pixel: number) => data[(image * 3 + channel) * pixels + pixel]!;
  const mean = [0, 1, 2].map((channel) => {
    let sum = 0;
    for (let image = 0; image < count; image++) for (let p = 0; p < pixels; p++) sum += at(image, channel, p);
    return sum / total;
  });
  return [0, 1, 2].map((a) =>
    [0, 1, 2].map((b) => {
      let sum = 0;
      for (let image = 0; image < count; image++) {
        for (let p = 0; p < pixels; p++) sum += (at(image, a, p) - mean[a]!) * (at(image, b, p) - mean[b]!);
      }
      return sum / total;
    }),
  );
}

/** Eigenvalues of a symmetric matrix by Jacobi rotations; ten sweeps are plenty for 3 x 3. */
function eigen(symmetric: readonly (readonly number[])[]): ColourComponents {
  const a = symmetric.map((row) => [...row]);
  const n = a.length;
  const v = a.map((_, i) => a.map((_, j) => (i === j ? 1 : 0)));
  for (let sweep = 0; sweep < 10; sweep++) {
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        if (Math.abs(a[p]![q]!) < 1e-300) continue;
        const angle = 0.5 * Math.atan2(2 * a[p]![q]!, a[q]![q]! - a[p]![p]!);
        rotate(a, v, p, q, Math.cos(angle), Math.sin(angle));
      }
    }
  }
  const order = a.map((_, i) => i).sort((i, j) => a[j]![j]! - a[i]![i]!);
  return { values: order.map((i) => Math.max(0, a[i]![i]!)), vectors: order.map((i) => v.map((row) => row[i]!)) };
}

/** a ← Jᵀ a J and v ← v J, J the rotation in the plane of p and q. */
function rotate(a: number[][], v: number[][], p: number, q: number, cos: number, sin: number): void {
  for (const row of [...a, ...v]) {
    const [rp, rq] = [row[p]!, row[q]!];
    row[p] = cos * rp - sin * rq;
    row[q] = sin * rp + cos * rq;
  }
  const [ap, aq] = [[...a[p]!], [...a[q]!]];
  for (let i = 0; i < ap.length; i++) {
    a[p]![i] = cos * ap[i]! - sin * aq[i]!;
    a[q]![i] = sin * ap[i]! + cos * aq[i]!;
  }
}
