// Generates reading and adding of whole rows by their numbers: an embedding and its gradient. Indices are below the number of
// rows: whoever calls has looked.

import { integers, load, type ModuleBuilder } from "../assembler/index.ts";

export type RowsOp = "indexSelect" | "indexAdd";

/**
 * The exported function (count, length, index, x, y): y[i] = x[index[i]] for indexSelect, y[index[i]] += x[i] for indexAdd, i
 * from 0 to `count`; rows of `length` float32 (or, to select, int32), addresses in bytes.
 */
export function defineRows(module: ModuleBuilder, name: string, op: RowsOp): void {
  module.export(name, integers("count", "length", "index", "x", "y"), (f, { count, length, index, x, y }) => {
    const [from, to, left] = [f.local("i32"), f.local("i32"), f.local("i32")];
    const bytes = f.local("i32", length.shl(2));
    const place = op === "indexSelect" ? from : to;
    const step = (type: "f32x4" | "f32", size: number) => {
      const value = load(type, from);
      f.store(to, op === "indexSelect" ? value : value.add(load(type, to)));
      from.increase(size);
      to.increase(size);
      left.increase(-size / 4);
    };
    f.whileTrue(
      () => count.gt(0),
      () => {
        from.set(x);
        to.set(y);
        place.increase(load("i32", index).mul(bytes));
        left.set(length);
        f.whileTrue(
          () => left.ge(4),
          () => step("f32x4", 16),
        );
        f.whileTrue(
          () => left.gt(0),
          () => step("f32", 4),
        );
        (op === "indexSelect" ? y : x).increase(bytes);
        index.increase(4);
        count.increase(-1);
      },
    );
  });
}
