// Generates pooling by windows of any size, stride, padding and dilation, element by element, or by four windows where they
// are whole (interior.ts). The most common ones have a kernel of their own, halving.ts.

import {
  type FunctionBuilder,
  integers,
  type Local,
  load,
  type ModuleBuilder,
  select,
  type Value,
} from "../assembler/index.ts";
import { type PoolGeometry, type PoolOp, poolOperands, resultOf, sizeOfPlane } from "./geometry.ts";
import { emitInterior, hasInterior, interiorOf } from "./interior.ts";

/** One window, or the first of four: its upper left corner, which may lie outside, and its place among the outputs in bytes. */
interface Window {
  readonly f: FunctionBuilder;
  readonly g: PoolGeometry;
  readonly top: Local<"i32">;
  readonly left: Local<"i32">;
  readonly at: Local<"i32">;
}

/** Where the planes of the operands and of the result start. */
type Planes = readonly Local<"i32">[];

/** The exported function: (planes, operands as in `poolOperands`, result). */
export function defineWindows(module: ModuleBuilder, name: string, op: PoolOp, g: PoolGeometry): void {
  const sizes = [...poolOperands[op], resultOf(op)];
  const names = sizes.map((_, i) => `plane ${i}`);
  module.export(name, integers("count", ...names), (f, p) => {
    const places = p as Record<string, Local<"i32">>;
    const planes = names.map((own) => places[own]!);
    const result = planes.at(-1)!;
    const window = { f, g, top: f.local("i32"), left: f.local("i32"), at: f.local("i32") };
    const [row, column] = [f.local("i32"), f.local("i32")];
    f.whileTrue(
      () => places.count!.gt(0),
      () => {
        if (resultOf(op) === "input") f.fill(result, 0, sizeOfPlane(g.input) * 4);
        window.at.set(0);
        f.for(row, 0, g.output[0], 1, () => {
          window.top.set(row.mul(g.stride[0]).sub(g.padding[0]));
          const place = () => window.left.set(column.mul(g.stride[1]).sub(g.padding[1]));
          const one = () => {
            place();
            emitters[op](window, planes);
            window.at.increase(4);
          };
          const [start, end] = hasInterior(op, g) ? interiorOf(g) : [0, 0];
          if (end - start >= 4) {
            f.for(column, 0, start, 1, one);
            f.whileTrue(
              () => column.le(end - 4),
              () => {
                place();
                emitInterior(window, op, planes, () => countOf(window));
                window.at.increase(16);
                column.increase(4);
              },
            );
          } else column.set(0);
          f.whileTrue(
            () => column.lt(g.output[1]),
            () => {
              one();
              column.increase(1);
            },
          );
        });
        for (const [i, plane] of planes.entries()) plane.increase(sizeOfPlane(g[sizes[i]!]) * 4);
        places.count!.increase(-1);
      },
    );
  });
}

const emitters: Record<PoolOp, (window: Window, planes: Planes) => void> = {
  maxPool2d: (window, [x, y]) => window.f.store(y!.add(window.at), largest(window, x!).found),
  maxPool2dIndices: (window, [x, y]) => {
    const { best } = largest(window, x!);
    window.f.store(y!.add(window.at), select(best.gt(0), best, 0));
  },
  maxPool2dInput: (window, [x, grad, result]) => {
    const { f, at } = window;
    const { best } = largest(window, x!);
    f.if(best.ge(0), () => {
      const place = f.local("i32", result!.add(best.shl(2)));
      f.store(place, load("f32", place).add(load("f32", grad!.add(at))));
    });
  },
  avgPool2d: (window, [x, y]) => {
    const total = window.f.local("f64", 0);
    eachElement(window, x!, (place) => total.increase(load("f32", place).to("f64")));
    window.f.store(y!.add(window.at), total.div(countOf(window).to("f64")).to("f32"));
  },
  avgPool2dInput: (window, [grad, result]) => {
    const share = window.f.local("f32", load("f32", grad!.add(window.at)).div(countOf(window).to("f32")));
    eachElement(window, result!, (place) => window.f.store(place, load("f32", place).add(share)));
  },
};

/** Visits the elements of a window that lie in the image: their addresses and indices in the plane. */
function eachElement(
  { f, g, top, left }: Window,
  plane: Value<"i32">,
  visit: (place: Local<"i32">, index: Local<"i32">) => void,
): void {
  const [i, j] = [f.local("i32"), f.local("i32")];
  const [row, column] = [f.local("i32"), f.local("i32")];
  const [place, index] = [f.local("i32"), f.local("i32")];
  row.set(top);
  f.for(i, 0, g.kernelSize[0], 1, () => {
    f.if(row.ltUnsigned(g.input[0]), () => {
      column.set(left);
      f.for(j, 0, g.kernelSize[1], 1, () => {
        f.if(column.ltUnsigned(g.input[1]), () => {
          index.set(row.mul(g.input[1]).add(column));
          place.set(plane.add(index.shl(2)));
          visit(place, index);
        });
        column.increase(g.dilation[1]);
      });
    });
    row.increase(g.dilation[0]);
  });
}

/** The largest element and where it is: the first of equal ones, the last NaN; -∞ and -1 where nothing is under the window. */
function largest(window: Window, plane: Value<"i32">): { found: Local<"f32">; best: Local<"i32"> } {
  const { f } = window;
  const [found, value] = [f.local("f32", -Infinity), f.local("f32")];
  const [best, better] = [f.local("i32", -1), f.local("i32")];
  eachElement(window, plane, (place, index) => {
    value.set(load("f32", place));
    better.set(best.lt(0).or(value.gt(found)).or(value.ne(value)));
    found.set(select(better, value, found));
    best.set(select(better, index, best));
  });
  return { found, best };
}

/** How many elements the mean of a window counts. */
function countOf({ f, g, top, left }: Window): Value<"i32"> {
  const along = (first: Value<"i32">, axis: 0 | 1): Value<"i32"> => {
    // What hangs over the padding as well (ceilMode) never counts.
    const bound = g.input[axis] + (g.countIncludePad ? g.padding[axis] : 0);
    const end = f.local("i32", first.add(g.kernelSize[axis]));
    f.if(end.gt(bound), () => end.set(bound));
    if (g.countIncludePad) return end.sub(first);
    return end.sub(select(first.gt(0), first, 0));
  };
  return f.local("i32", along(top, 0).mul(along(left, 1)));
}
