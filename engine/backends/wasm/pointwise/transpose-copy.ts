// Copies a matrix of 4-byte elements whose columns are neighbours in memory into one whose rows are: a transposed view made
// contiguous. Squares of 4 × 4 are turned in registers, strip by strip, so that cache lines are read and written whole.

import {
  type FunctionBuilder,
  integers,
  type Local,
  load,
  type ModuleBuilder,
  type Value,
} from "../assembler/index.ts";
import { transposed } from "../transpose.ts";

/** Columns that are done for all rows before the next: their cache lines stay where they are read again. */
const strip = 64;

/**
 * The exported function: to[i][j] = from[i][j] for `rows` × `columns`, `batch` times; rows of `to` are `toRowBytes` apart
 * and columns of `from` `fromColumnBytes`.
 */
export type TransposeCopy = (
  batch: number,
  rows: number,
  columns: number,
  to: number,
  toRowBytes: number,
  toBatchBytes: number,
  from: number,
  fromColumnBytes: number,
  fromBatchBytes: number,
) => void;

export const transposeCopyKey = "transposeCopy";

export function defineTransposeCopy(module: ModuleBuilder, name: string): void {
  const parameters = integers(
    ...(["batch", "rows", "columns", "to", "toRow", "toBatch", "from", "fromColumn", "fromBatch"] as const),
  );
  module.export(name, parameters, (f, { batch, rows, columns, to, toRow, toBatch, from, fromColumn, fromBatch }) => {
    const [first, end, i] = [f.local("i32"), f.local("i32"), f.local("i32")];
    const line: Line = {
      ...{ f, toRow, fromColumn, to: f.local("i32"), from: f.local("i32"), left: f.local("i32") },
    };
    const startLine = () => {
      line.to.set(to.add(i.mul(toRow)).add(first.shl(2)));
      line.from.set(from.add(i.shl(2)).add(first.mul(fromColumn)));
      line.left.set(end.sub(first));
    };
    f.whileTrue(
      () => batch.gt(0),
      () => {
        f.for(first, 0, columns, strip, () => {
          end.set(first.add(strip));
          f.if(end.gt(columns), () => end.set(columns));
          i.set(0);
          f.whileTrue(
            () => i.le(rows.sub(4)),
            () => {
              startLine();
              copyFourRows(line);
              i.increase(4);
            },
          );
          f.whileTrue(
            () => i.lt(rows),
            () => {
              startLine();
              copyRow(line);
              i.increase(1);
            },
          );
        });
        to.increase(toBatch);
        from.increase(fromBatch);
        batch.increase(-1);
      },
    );
  });
}

/** Part of one or of four rows: where it goes, where it comes from, and how many columns are left. */
interface Line {
  readonly f: FunctionBuilder;
  readonly to: Local<"i32">;
  readonly from: Local<"i32">;
  readonly left: Local<"i32">;
  readonly toRow: Value<"i32">;
  readonly fromColumn: Value<"i32">;
}

function copyFourRows({ f, to, from, left, toRow, fromColumn }: Line): void {
  const square = [f.local("f32x4"), f.local("f32x4"), f.local("f32x4"), f.local("f32x4")] as const;
  const place = f.local("i32");
  f.whileTrue(
    () => left.ge(4),
    () => {
      for (const x of square) {
        x.set(load("f32x4", from));
        from.increase(fromColumn);
      }
      place.set(to);
      for (const row of transposed(f, square)) {
        f.store(place, row);
        place.increase(toRow);
      }
      to.increase(16);
      left.increase(-4);
    },
  );
  f.whileTrue(
    () => left.gt(0),
    () => {
      place.set(to);
      for (let row = 0; row < 4; row++) {
        f.store(place, load("i32", from, row * 4));
        place.increase(toRow);
      }
      from.increase(fromColumn);
      to.increase(4);
      left.increase(-1);
    },
  );
}

function copyRow({ f, to, from, left, fromColumn }: Line): void {
  f.whileTrue(
    () => left.gt(0),
    () => {
      f.store(to, load("i32", from));
      to.increase(4);
      from.increase(fromColumn);
      left.increase(-1);
    },
  );
}
