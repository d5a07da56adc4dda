// Lays a block of a matrix out in panels, in the order in which register-tile.ts reads it: `width` lines side by side,
// element by element. Lines are the rows of A or the columns of B; strides make transposed operands free. Lines that the
// last panel lacks are copies of the last one: what comes of them is thrown away.

import {
  type FunctionBuilder,
  integers,
  type Local,
  load,
  type ModuleBuilder,
  type Value,
} from "../assembler/index.ts";
import { KernelError } from "../kernel-error.ts";
import { startsOf } from "../starts.ts";
import { transposed } from "../transpose.ts";

export type Pack = ReturnType<typeof definePack>;

/** Strides are in bytes. */
export function definePack(module: ModuleBuilder, name: string, width: number) {
  if (width < 4) throw new KernelError("matmul", `panels of ${width} lines, at least 4`);
  const parameters = integers("to", "from", "lines", "k", "lineBytes", "elementBytes");
  return module.function(name, parameters, (f, { to, from, lines, k, lineBytes, elementBytes }) => {
    const panel: Panel = { f, to, from, lines, lineBytes, elementBytes, width, left: f.local("i32") };
    f.whileTrue(
      () => lines.gt(0),
      () => {
        const source = f.local("i32", from);
        panel.left.set(k);
        f.if(lines.ge(width), () => {
          f.if(lineBytes.eq(4), () => copyLines(panel));
          f.if(elementBytes.eq(4), () => transposeLines(panel));
        });
        f.if(lines.lt(width).and(elementBytes.eq(4)), () => transposeFewLines(panel));
        gatherLines(panel);
        from.set(source.add(lineBytes.mul(width)));
        lines.increase(-width);
      },
    );
  });
}

/** The state of one panel: `to`, `from` and `left` move along k as elements are laid down. */
interface Panel {
  readonly f: FunctionBuilder;
  readonly to: Local<"i32">;
  readonly from: Local<"i32">;
  readonly left: Local<"i32">;
  readonly lines: Value<"i32">;
  readonly lineBytes: Value<"i32">;
  readonly elementBytes: Value<"i32">;
  readonly width: number;
}

function advance({ to, from, left, elementBytes, width }: Panel, count: number): void {
  to.increase(width * 4 * count);
  from.increase(elementBytes.mul(count));
  left.increase(-count);
}

/** Lines lie side by side in the matrix too. */
function copyLines(panel: Panel): void {
  const { f, to, from, left, width } = panel;
  f.whileTrue(
    () => left.gt(0),
    () => {
      for (const start of startsOf(width, 4)) f.store(to, load("f32x4", from, start * 4), start * 4);
      advance(panel, 1);
    },
  );
}

/** The elements of a line lie side by side: squares of 4 × 4 are transposed in registers. */
function transposeLines(panel: Panel): void {
  const { f, to, from, left, lineBytes, width } = panel;
  const square = [f.local("f32x4"), f.local("f32x4"), f.local("f32x4"), f.local("f32x4")] as const;
  const line = f.local("i32");
  f.whileTrue(
    () => left.ge(4),
    () => {
      for (const start of startsOf(width, 4)) {
        line.set(from.add(lineBytes.mul(start)));
        for (const x of square) {
          x.set(load("f32x4", line));
          line.increase(lineBytes);
        }
        for (const [i, x] of transposed(f, square).entries()) f.store(to, x, (i * width + start) * 4);
      }
      advance(panel, 4);
    },
  );
}

/** The same for fewer lines than a panel has, the last of which stands for those that lack. */
function transposeFewLines(panel: Panel): void {
  const { f, to, from, left, lines, lineBytes, width } = panel;
  const square = [f.local("f32x4"), f.local("f32x4"), f.local("f32x4"), f.local("f32x4")] as const;
  const place = f.local("i32", 0);
  const offsets = Array.from({ length: width }, (_, line) => {
    const offset = f.local("i32", place);
    f.if(lines.gt(line + 1), () => place.increase(lineBytes));
    return offset;
  });
  f.whileTrue(
    () => left.ge(4),
    () => {
      for (const start of startsOf(width, 4)) {
        for (const [i, x] of square.entries()) x.set(load("f32x4", from.add(offsets[start + i]!)));
        for (const [i, x] of transposed(f, square).entries()) f.store(to, x, (i * width + start) * 4);
      }
      advance(panel, 4);
    },
  );
}

/** Any strides, any number of lines: what the faster ways leave. */
function gatherLines(panel: Panel): void {
  const { f, to, from, left, lines, lineBytes, width } = panel;
  const line = f.local("i32");
  const place = f.local("i32");
  const [i, last] = [f.local("i32"), f.local("i32")];
  f.whileTrue(
    () => left.gt(0),
    () => {
      line.set(from);
      place.set(to);
      last.set(lines.sub(1));
      f.for(i, 0, width, 1, () => {
        f.store(place, load("f32", line));
        place.increase(4);
        f.if(i.lt(last), () => line.increase(lineBytes));
      });
      advance(panel, 1);
    },
  );
}
