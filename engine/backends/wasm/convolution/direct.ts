// Generates a convolution that reads image and weights where they lie, with columns of the output in the lanes: nothing is
// packed, every size is a constant, the taps of the kernel are unrolled. For few filters and wide images (LeNet's first
// layer); implicit.ts has filters in the lanes.
// J. Zhang, F. Franchetti, T. M. Low, High Performance Zero-Memory Overhead Direct Convolutions, 2018.

import { integers, type Local, load, loadSplat, type ModuleBuilder, madd } from "../assembler/index.ts";
import { KernelError } from "../kernel-error.ts";
import { startsOf } from "../starts.ts";
import { type ConvolutionSizes, type Geometry, geometryOf } from "./geometry.ts";

/** Filters that are computed together, and vectors of four columns: as many sums as there are registers. */
export interface DirectTile {
  readonly filters: number;
  readonly vectors: number;
}

/** The exported function: y = conv2d(x, weight) + bias for `batch` images; addresses in bytes. */
export type DirectConvolution = (batch: number, x: number, weight: number, bias: number, y: number) => void;

export function defineDirectConvolution(
  module: ModuleBuilder,
  name: string,
  sizes: ConvolutionSizes,
  tile: DirectTile,
): void {
  const g = geometryOf(sizes);
  const vectors = Math.min(tile.vectors, Math.floor(g.outWidth / 4));
  if (vectors < 1) throw new KernelError("conv2d", `an output ${g.outWidth} wide does not fill a vector`);
  const groups = evenly(g.filters, tile.filters);
  const kernels = new Map(
    [...new Set(groups)].map((filters) => [filters, defineTile(module, g, { filters, vectors })] as const),
  );
  module.export(name, integers("batch", "x", "weight", "bias", "y"), (f, { batch, x, weight, bias, y }) => {
    const [row, image] = [f.local("i32"), f.local("i32")];
    f.for(image, 0, batch, 1, () => {
      f.for(row, 0, g.outHeight, 1, () => {
        for (const column of startsOf(g.outWidth, vectors * 4)) {
          let first = 0;
          for (const filters of groups) {
            f.call(kernels.get(filters)!, {
              x: x.add(row.mul(g.width * 4)).add(column * 4),
              weight: weight.add(first * g.patch * 4),
              bias: bias.add(first * 4),
              y: y.add(row.mul(g.outWidth * 4)).add(first * g.outPlaneBytes + column * 4),
            });
            first += filters;
          }
        }
      });
      x.increase(g.channels * g.planeBytes);
      y.increase(g.filters * g.outPlaneBytes);
    });
  });
}

/** The kernel of one tile: some filters over 4 · `vectors` neighbouring positions, summed over all channels and taps. */
function defineTile(module: ModuleBuilder, g: Geometry, { filters, vectors }: DirectTile) {
  return module.function(`${filters} filters`, integers("x", "weight", "bias", "y"), (f, { x, weight, bias, y }) => {
    const vectorsOf = (): Local<"f32x4">[] => Array.from({ length: vectors }, () => f.local("f32x4"));
    const sums = Array.from({ length: filters }, vectorsOf);
    const pixels = vectorsOf();
    const element = f.local("f32x4");
    for (const [i, row] of sums.entries()) for (const sum of row) sum.set(loadSplat("f32x4", bias, i * 4));
    const end = f.local("i32", x.add(g.channels * g.planeBytes));
    f.loop((nextChannel) => {
      for (const [tap, at] of g.taps.entries()) {
        for (const [j, pixel] of pixels.entries()) pixel.set(load("f32x4", x, at + j * 16));
        for (const [i, row] of sums.entries()) {
          element.set(loadSplat("f32x4", weight, (i * g.patch + tap) * 4));
          for (const [j, sum] of row.entries()) sum.set(madd(element, pixels[j]!, sum));
        }
      }
      x.increase(g.planeBytes);
      weight.increase(g.taps.length * 4);
      f.branchIf(x.ltUnsigned(end), nextChannel);
    });
    for (const [i, row] of sums.entries()) {
      for (const [j, sum] of row.entries()) f.store(y, sum, i * g.outPlaneBytes + j * 16);
    }
  });
}

/** Cuts `count` into as few parts of at most `most` as can be, of sizes that differ by at most 1. */
function evenly(count: number, most: number): number[] {
  const parts = Math.ceil(count / most);
  return Array.from({ length: parts }, (_, part) => Math.floor(count / parts) + (part < count % parts ? 1 : 0));
}
