// Generates a convolution as a matrix product whose left matrix, the patches, is never written down: the tile reads pixels
// where they lie and filters from packed panels, filters in the lanes. For many filters and images of any width; direct.ts
// has columns in the lanes.

import { integers, type Local, load, loadSplat, type ModuleBuilder, madd } from "../assembler/index.ts";
import { KernelError } from "../kernel-error.ts";
import { definePack } from "../matmul/pack.ts";
import { startsOf } from "../starts.ts";
import { transposed } from "../transpose.ts";
import { type ConvolutionSizes, type Geometry, geometryOf } from "./geometry.ts";

/** Neighbouring positions of a row, and vectors of four filters. */
export interface ImplicitTile {
  readonly positions: number;
  readonly vectors: number;
}

/** The exported function: y = conv2d(x, weight) + bias for `batch` images; addresses in bytes. Bias and scratch are read up to 60 bytes beyond their end. */
export type ImplicitConvolution = (
  batch: number,
  x: number,
  weight: number,
  bias: number,
  y: number,
  scratch: number,
) => void;

/** Bytes of scratch space that a call needs: the packed filters and one tile. */
export function scratchBytesOf(sizes: ConvolutionSizes, { positions, vectors }: ImplicitTile): number {
  const lanes = vectors * 4;
  return 4 * (Math.ceil(sizes.filters / lanes) * lanes * geometryOf(sizes).patch + positions * lanes);
}

export function defineImplicitConvolution(
  module: ModuleBuilder,
  name: string,
  sizes: ConvolutionSizes,
  tile: ImplicitTile,
): void {
  const g = geometryOf(sizes);
  if (tile.positions < 4 || tile.positions > g.outWidth) {
    throw new KernelError("conv2d", `tiles of ${tile.positions} positions in rows of ${g.outWidth}, at least 4`);
  }
  const lanes = tile.vectors * 4;
  const pack = definePack(module, "pack filters", lanes);
  const multiply = defineTile(module, g, tile);
  const unload = defineUnload(module, g, tile);
  const panels = Math.ceil(g.filters / lanes);
  const panelBytes = lanes * g.patch * 4;
  const parameters = integers("batch", "x", "weight", "bias", "y", "scratch");
  module.export(name, parameters, (f, { batch, x, weight, bias, y, scratch }) => {
    const [image, row, column, panel] = [f.local("i32"), f.local("i32"), f.local("i32"), f.local("i32")];
    const spare = f.local("i32", scratch.add(panels * panelBytes));
    const filters = f.local("i32", g.filters);
    f.call(pack, { to: scratch, from: weight, lines: filters, k: g.patch, lineBytes: g.patch * 4, elementBytes: 4 });
    f.for(image, 0, batch, 1, () => {
      f.for(panel, 0, panels, 1, () => {
        f.for(row, 0, g.outHeight, 1, () => {
          const start = f.local("i32");
          f.for(column, 0, g.outWidth, tile.positions, () => {
            // The last tile overlaps the one before rather than leave the row.
            start.set(column);
            f.if(start.gt(g.outWidth - tile.positions), () => start.set(g.outWidth - tile.positions));
            f.call(multiply, {
              x: x.add(row.mul(g.width).add(start).shl(2)),
              panel: scratch.add(panel.mul(panelBytes)),
              bias: bias.add(panel.mul(lanes * 4)),
              to: spare,
            });
            f.call(unload, {
              from: spare,
              filters: filters.sub(panel.mul(lanes)),
              y: y.add(panel.mul(lanes * g.outPlaneBytes)).add(row.mul(g.outWidth).add(start).shl(2)),
            });
          });
        });
      });
      x.increase(g.channels * g.planeBytes);
      y.increase(g.filters * g.outPlaneBytes);
    });
  });
}

/** Some positions by one panel of filters. Its sums are stored side by side, or V8 could not pair them; unloading turns them. */
function defineTile(module: ModuleBuilder, g: Geometry, { positions, vectors }: ImplicitTile) {
  return module.function("positions by filters", integers("x", "panel", "bias", "to"), (f, { x, panel, bias, to }) => {
    const vectorsOf = (): Local<"f32x4">[] => Array.from({ length: vectors }, () => f.local("f32x4"));
    const sums = Array.from({ length: positions }, vectorsOf);
    const weights = vectorsOf();
    const pixel = f.local("f32x4");
    for (const row of sums) for (const [j, sum] of row.entries()) sum.set(load("f32x4", bias, j * 16));
    const end = f.local("i32", x.add(g.channels * g.planeBytes));
    f.loop((nextChannel) => {
      for (const [tap, at] of g.taps.entries()) {
        for (const [j, weight] of weights.entries()) weight.set(load("f32x4", panel, (tap * vectors + j) * 16));
        for (const [i, row] of sums.entries()) {
          pixel.set(loadSplat("f32x4", x, at + i * 4));
          for (const [j, sum] of row.entries()) sum.set(madd(pixel, weights[j]!, sum));
        }
      }
      x.increase(g.planeBytes);
      panel.increase(g.taps.length * vectors * 16);
      f.branchIf(x.ltUnsigned(end), nextChannel);
    });
    for (const [i, row] of sums.entries()) {
      for (const [j, sum] of row.entries()) f.store(to, sum, (i * vectors + j) * 16);
    }
  });
}

/** Writes a tile's filters into their planes: squares of 4 × 4 are transposed, filters left over go one by one. */
function defineUnload(module: ModuleBuilder, g: Geometry, { positions, vectors }: ImplicitTile) {
  const lanes = vectors * 4;
  return module.function("unload", integers("from", "filters", "y"), (f, { from, filters, y }) => {
    const square = [f.local("f32x4"), f.local("f32x4"), f.local("f32x4"), f.local("f32x4")] as const;
    const left = f.local("i32", filters);
    f.if(left.gt(lanes), () => left.set(lanes));
    f.whileTrue(
      () => left.ge(4),
      () => {
        for (const start of startsOf(positions, 4)) {
          for (const [i, x] of square.entries()) x.set(load("f32x4", from, (start + i) * lanes * 4));
          for (const [i, line] of transposed(f, square).entries()) f.store(y, line, i * g.outPlaneBytes + start * 4);
        }
        from.increase(16);
        y.increase(4 * g.outPlaneBytes);
        left.increase(-4);
      },
    );
    f.whileTrue(
      () => left.gt(0),
      () => {
        for (let i = 0; i < positions; i++) f.store(y, load("f32", from, i * lanes * 4), i * 4);
        from.increase(4);
        y.increase(g.outPlaneBytes);
        left.increase(-1);
      },
    );
  });
}
