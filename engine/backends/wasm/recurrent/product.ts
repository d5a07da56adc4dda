// One step's product of a recurrent network: rows of states times weights that were packed once for all steps.

import { integers, type ModuleBuilder, type Value } from "../assembler/index.ts";
import type { TileShape } from "../matmul/register-tile.ts";
import { defineRowTile } from "./row-tile.ts";

export interface ProductSizes {
  readonly k: number;
  /** The numbers of columns that it is called with. */
  readonly columns: readonly number[];
  /** From one row of a to the next. */
  readonly aRowBytes: number;
  /** Whether there is something to add the product to. */
  readonly adds: boolean;
  /** The largest tile. */
  readonly tile: TileShape;
}

/** Bytes of packed weights. */
export function panelBytesOf(tile: TileShape, k: number, columns: number): number {
  const width = tile.vectors * 4;
  return Math.ceil(columns / width) * width * k * 4;
}

type Tile = ReturnType<typeof defineRowTile>;

/**
 * Adds a function to a module: out = a · weights (+ addend) for any number of rows, which are dealt to tiles as evenly as
 * can be. With rows of addend that are 0 bytes apart it is a bias.
 */
export function defineProduct(module: ModuleBuilder, name: string, { columns: widths, tile, ...sizes }: ProductSizes) {
  const width = tile.vectors * 4;
  const tilesOf = (columns: number) =>
    Array.from({ length: tile.rows }, (_, i) => defineRowTile(module, { ...sizes, rows: i + 1, width, columns }));
  const whole = widths.some((columns) => columns >= width) ? tilesOf(width) : undefined;
  const rests = new Set(widths.map((columns) => columns % width).filter((rest) => rest > 0));
  const partial = [...rests].map((rest) => [rest, tilesOf(rest)] as const);
  const parameters = integers(
    ...(["rows", "columns", "a", "panel", "addend", "addendRowBytes", "out", "outRowBytes"] as const),
  );
  return module.function(
    name,
    parameters,
    (f, { rows, columns, a, panel, addend, addendRowBytes, out, outRowBytes }) => {
      const [tiles, least, larger] = [f.local("i32"), f.local("i32"), f.local("i32")];
      const [column, index, height] = [f.local("i32"), f.local("i32"), f.local("i32")];
      const [fromA, fromAddend, to] = [f.local("i32"), f.local("i32"), f.local("i32")];
      const multiply = (kernels: readonly Tile[]) => {
        fromA.set(a);
        fromAddend.set(addend.add(column.shl(2)));
        to.set(out.add(column.shl(2)));
        const call = (kernel: Tile) =>
          f.call(kernel, { a: fromA, panel, addend: fromAddend, addendRowBytes, out: to, outRowBytes });
        /** Calls the kernel of `height` rows, which is one of the first `largest`. */
        const dispatch = (largest: number): void => {
          if (largest === 1) call(kernels[0]!);
          else
            f.if(
              height.eq(largest),
              () => call(kernels[largest - 1]!),
              () => dispatch(largest - 1),
            );
        };
        f.for(index, 0, tiles, 1, () => {
          height.set(least.add(index.lt(larger)));
          dispatch(kernels.length);
          fromA.increase(height.mul(sizes.aRowBytes));
          fromAddend.increase(height.mul(addendRowBytes));
          to.increase(height.mul(outRowBytes));
        });
      };
      f.if(rows.gt(0), () => {
        tiles.set(ceilDivided(rows, tile.rows));
        least.set(rows.div(tiles));
        larger.set(rows.rem(tiles));
        if (whole !== undefined) {
          f.for(column, 0, columns.sub(width - 1), width, () => {
            multiply(whole);
            panel.increase(sizes.k * width * 4);
          });
        }
        for (const [rest, kernels] of partial) f.if(columns.sub(column).eq(rest), () => multiply(kernels));
      });
    },
  );
}

function ceilDivided(value: Value<"i32">, by: number): Value<"i32"> {
  return value.add(by - 1).div(by);
}
