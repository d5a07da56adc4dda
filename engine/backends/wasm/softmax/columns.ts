// Generates softmax, its logarithm and their gradients along a dimension whose elements lie apart: neighbouring lines stand
// in the lanes, and each is walked from its first element to its last. Lines of neighbours: rows.ts.

import {
  type FunctionBuilder,
  integers,
  type Local,
  load,
  type ModuleBuilder,
  nmadd,
  toValue,
  type Value,
} from "../assembler/index.ts";
import { exp, log } from "../math/index.ts";
import { gather, storeSome } from "../pointwise/elements.ts";
import { sumOf, type Vector } from "../reduction/line.ts";
import { isGradient, type SoftmaxOp } from "./rows.ts";

/** Elements of a line that are added in float32. */
const block = 32;

/** Four lines side by side, or as many as are left. */
interface Lines {
  readonly f: FunctionBuilder;
  readonly length: Value<"i32">;
  readonly x: Value<"i32">;
  readonly grad: Value<"i32">;
  readonly y: Value<"i32">;
  /** From one element of a line to the next. */
  readonly bytes: Value<"i32">;
  readonly load: (place: Local<"i32">) => Vector;
  readonly store: (place: Local<"i32">, value: Value<"f32x4">) => void;
}

/**
 * The exported function: (outer, lines, length, bytes, outerBytes, x, result), for gradients with the gradient before the
 * result: `lines` neighbouring lines whose elements are `bytes` apart, `outer` times with starts `outerBytes` apart.
 */
export function defineSoftmaxColumns(module: ModuleBuilder, name: string, op: SoftmaxOp): void {
  const names = isGradient(op) ? (["x", "grad", "y"] as const) : (["x", "y"] as const);
  const parameters = integers("outer", "lines", "length", "bytes", "outerBytes", ...names);
  module.export(name, parameters, (f, p) => {
    const { x, y, grad = p.x } = p as typeof p & { readonly grad?: Local<"i32"> };
    const { length, bytes } = p;
    const left = f.local("i32");
    const starts = [f.local("i32"), f.local("i32"), f.local("i32")] as const;
    const [xAt, gradAt, yAt] = starts;
    const common = { f, length, bytes, x: xAt, grad: gradAt, y: yAt };
    f.whileTrue(
      () => p.outer.gt(0),
      () => {
        left.set(p.lines);
        for (const [i, start] of [x, grad, y].entries()) starts[i]!.set(start);
        f.whileTrue(
          () => left.ge(4),
          () => {
            emitters[op]({
              ...common,
              load: (place) => f.local("f32x4", load("f32x4", place)),
              store: (place, value) => f.store(place, value),
            });
            for (const start of starts) start.increase(16);
            left.increase(-4);
          },
        );
        f.if(left.gt(0), () =>
          emitters[op]({
            ...common,
            load: (place) => gather(f, "float32", place, 4, left) as Vector,
            store: (place, value) => storeSome(f, "float32", place, f.local("f32x4", value), left),
          }),
        );
        for (const start of isGradient(op) ? [x, grad, y] : [x, y]) start.increase(p.outerBytes);
        p.outer.increase(-1);
      },
    );
  });
}

const emitters: Record<SoftmaxOp, (lines: Lines) => void> = {
  softmax: (lines) => {
    const { f, x, y, store } = lines;
    const largest = largestOf(lines);
    const power = (element: Vector) => f.local("f32x4", exp(f.local("f32x4", element.sub(largest)), f));
    const sum = f.local(
      "f32x4",
      sumAlong(
        lines,
        [x, y],
        ([element], [, place]) => {
          const value = power(element!);
          store(place!, value);
          return value;
        },
        1,
      ),
    );
    const factor = f.local("f32x4", f.constant("f32x4", 1).div(sum));
    along(lines, [y], ([place]) => store(place!, lines.load(place!).mul(factor)));
  },
  logSoftmax: (lines) => {
    const { f, x, y, store } = lines;
    const largest = largestOf(lines);
    const sum = sumAlong(lines, [x], ([element]) => exp(f.local("f32x4", element!.sub(largest)), f), 1);
    const shift = f.local("f32x4", log(f.local("f32x4", sum), f));
    along(lines, [x, y], ([from, to]) => store(to!, lines.load(from!).sub(largest).sub(shift)));
  },
  softmaxGradient: (lines) => {
    const { f, x, grad, y, store } = lines;
    const dot = f.local(
      "f32x4",
      sumAlong(lines, [x, grad], ([a, g]) => a!.mul(g!), 2),
    );
    along(lines, [x, grad, y], ([a, g, to]) => store(to!, lines.load(a!).mul(lines.load(g!).sub(dot))));
  },
  logSoftmaxGradient: (lines) => {
    const { f, x, grad, y, store } = lines;
    const sum = f.local(
      "f32x4",
      sumAlong(lines, [grad], ([g]) => g!, 1),
    );
    along(lines, [x, grad, y], ([a, g, to]) => store(to!, nmadd(exp(lines.load(a!), f), sum, lines.load(g!))));
  },
};

/** Visits the places of a line's elements in several arrays. */
function along(
  { f, length, bytes }: Lines,
  starts: readonly Value<"i32">[],
  visit: (places: readonly Local<"i32">[]) => void,
): void {
  const places = starts.map((start) => f.local("i32", start));
  const left = f.local("i32", length);
  f.whileTrue(
    () => left.gt(0),
    () => {
      visit(places);
      for (const place of places) place.increase(bytes);
      left.increase(-1);
    },
  );
}

/** Adds up one term for each element; the first `loaded` arrays are read. */
function sumAlong(
  lines: Lines,
  starts: readonly Value<"i32">[],
  term: (elements: readonly Vector[], places: readonly Local<"i32">[]) => Value<"f32x4">,
  loaded: number,
): Value<"f32x4"> {
  const { f } = lines;
  const total = sumOf(f);
  const [sum, count] = [f.local("f32x4", 0), f.local("i32", block)];
  total.clear();
  along(lines, starts, (places) => {
    sum.set(sum.add(term(places.slice(0, loaded).map(lines.load), places)));
    count.increase(-1);
    f.if(count.eq(0), () => {
      total.absorb(sum);
      sum.set(0);
      count.set(block);
    });
  });
  total.absorb(sum);
  return total.lanes(toValue("i32", 1));
}

/** The largest number of each line. */
function largestOf(lines: Lines): Vector {
  const largest = lines.f.local("f32x4", -Infinity);
  along(lines, [lines.x], ([place]) => largest.set(largest.pmax(lines.load(place!))));
  return largest;
}
