// Generates pooling by windows of 2 × 2 that lie side by side: eight columns of two rows become four outputs, or the other
// way round for gradients, which therefore need neither zeros first nor indices. All other windows: windows.ts.

import {
  type FunctionBuilder,
  integers,
  type Local,
  load,
  type ModuleBuilder,
  replaceLane,
  select,
  shuffle,
  splat,
  type Value,
} from "../assembler/index.ts";
import { startsOf } from "../starts.ts";
import { type PoolGeometry, type PoolOp, sizeOfPlane } from "./geometry.ts";

type Vector = Local<"f32x4">;

/** Four windows: their rows and columns in four vectors each, first window first. */
type Corners = readonly [Vector, Vector, Vector, Vector];

/** Where four neighbouring windows are: their pixels, and their place among the outputs. */
interface Windows {
  readonly f: FunctionBuilder;
  readonly input: Value<"i32">;
  readonly inputOffset: number;
  readonly output: Value<"i32">;
  readonly outputOffset: number;
  readonly rowBytes: number;
}

/** Groups of windows a row that are written out one after the other rather than looped over. */
const mostUnrolled = 8;

/** The exported function: (planes, x, y), for maxPool2dInput (planes, x, grad, result), for avgPool2dInput (planes, grad, result). */
export function defineHalving(module: ModuleBuilder, name: string, op: PoolOp, g: PoolGeometry): void {
  const [width, outWidth] = [g.input[1], g.output[1]];
  const fromBoth = op === "maxPool2dInput";
  const isGradient = fromBoth || op === "avgPool2dInput";
  const names = fromBoth ? (["image", "pooled", "result"] as const) : (["first", "second"] as const);
  module.export(name, integers("planes", ...names), (f, p) => {
    const places = p as unknown as Record<string, Local<"i32">>;
    const image = fromBoth ? places.image! : isGradient ? places.second! : places.first!;
    const pooled = fromBoth ? places.pooled! : isGradient ? places.first! : places.second!;
    const result = fromBoth ? places.result! : image;
    const emit = emitters[op];
    const lane = f.local("i32x4", replaceLane(replaceLane(replaceLane(splat("i32x4", 0), 1, 2), 2, 4), 3, 6));
    const [row, start] = [f.local("i32"), f.local("i32")];
    const [upper, target, out, index] = [f.local("i32"), f.local("i32"), f.local("i32"), f.local("i32")];
    const group = (at: Value<"i32"> | number) => {
      const known = typeof at === "number";
      const place = (base: Value<"i32">, scale: number) => (known ? base : base.add(at.mul(scale)));
      emit({
        windows: {
          ...{ f, rowBytes: width * 4 },
          ...{ input: place(upper, 8), inputOffset: known ? at * 8 : 0 },
          ...{ output: place(out, 4), outputOffset: known ? at * 4 : 0 },
        },
        target: place(target, 8),
        index: splat("i32x4", known ? index.add(at * 2) : index.add(at.shl(1))).add(lane),
      });
    };
    const groups = startsOf(outWidth, 4);
    f.whileTrue(
      () => p.planes.gt(0),
      () => {
        upper.set(image);
        target.set(result);
        out.set(pooled);
        index.set(0);
        f.for(row, 0, g.output[0], 1, () => {
          if (groups.length <= mostUnrolled) for (const at of groups) group(at);
          else {
            const at = f.local("i32");
            f.for(start, 0, outWidth, 4, () => {
              // The last group overlaps the one before rather than leave the row.
              at.set(start);
              f.if(at.gt(outWidth - 4), () => at.set(outWidth - 4));
              group(at);
            });
          }
          if (isGradient && width > 2 * outWidth) {
            for (const line of [0, width * 4]) {
              f.fill(target.add(line + outWidth * 8), 0, (width - 2 * outWidth) * 4);
            }
          }
          upper.increase(width * 8);
          target.increase(width * 8);
          index.increase(width * 2);
          out.increase(outWidth * 4);
        });
        const rest = (g.input[0] - 2 * g.output[0]) * width * 4;
        if (isGradient && rest > 0) f.fill(target, 0, rest);
        image.increase(sizeOfPlane(g.input) * 4);
        pooled.increase(sizeOfPlane(g.output) * 4);
        if (fromBoth) result.increase(sizeOfPlane(g.input) * 4);
        p.planes.increase(-1);
      },
    );
  });
}

interface Group {
  readonly windows: Windows;
  /** Where the input's gradient goes. */
  readonly target: Value<"i32">;
  /** Of the upper left element of each window, in its plane. */
  readonly index: Value<"i32x4">;
}

const emitters: Record<PoolOp, (group: Group) => void> = {
  maxPool2d: ({ windows }) => {
    const [a, b, c, d] = cornersOf(windows);
    store(windows, larger(windows.f, larger(windows.f, a, b), larger(windows.f, c, d)));
  },
  maxPool2dIndices: ({ windows, index }) => {
    const { f, output, outputOffset } = windows;
    f.store(output, index.add(offsetOfLargest(windows)), outputOffset);
  },
  maxPool2dInput: ({ windows, target }) => {
    const { f, output, outputOffset, rowBytes } = windows;
    const offset = offsetOfLargest(windows);
    const grad = f.local("f32x4", load("f32x4", output, outputOffset));
    const share = (corner: number) => f.local("f32x4", grad.and(offset.eq(corner).as("f32x4")));
    for (const line of [0, 1]) {
      const [left, right] = [share(line * (rowBytes / 4)), share(line * (rowBytes / 4) + 1)];
      storePair(windows, target, line, shuffle(left, right, [0, 4, 1, 5]), shuffle(left, right, [2, 6, 3, 7]));
    }
  },
  avgPool2d: ({ windows }) => {
    const [a, b, c, d] = cornersOf(windows);
    store(windows, a.add(b).add(c.add(d)).mul(0.25));
  },
  avgPool2dInput: ({ windows, target }) => {
    const { f, output, outputOffset } = windows;
    const share = f.local("f32x4", load("f32x4", output, outputOffset).mul(0.25));
    for (const line of [0, 1]) {
      storePair(windows, target, line, shuffle(share, share, [0, 0, 1, 1]), shuffle(share, share, [2, 2, 3, 3]));
    }
  },
};

/** Upper left, upper right, lower left and lower right elements of four windows. */
function cornersOf({ f, input, inputOffset, rowBytes }: Windows): Corners {
  const corners = [0, rowBytes].flatMap((line) => {
    const left = f.local("f32x4", load("f32x4", input, inputOffset + line));
    const right = f.local("f32x4", load("f32x4", input, inputOffset + line + 16));
    return [f.local("f32x4", shuffle(left, right, [0, 2, 4, 6])), f.local("f32x4", shuffle(left, right, [1, 3, 5, 7]))];
  });
  return corners as unknown as Corners;
}

/** The larger, or NaN where either is one: cheaper than WebAssembly's maximum, which also tells zeros apart. */
function larger(f: FunctionBuilder, a: Vector, b: Vector): Vector {
  return f.local("f32x4", select(beats(b, a), b, a));
}

/** A NaN beats everything, and only a NaN beats it. */
function beats(b: Vector, a: Vector): Value<"i32x4"> {
  return b.gt(a).or(b.ne(b));
}

/** How far the largest element is from the upper left: the first of equal ones, the last NaN. */
function offsetOfLargest(windows: Windows): Local<"i32x4"> {
  const { f, rowBytes } = windows;
  const [first, ...others] = cornersOf(windows);
  const found = f.local("f32x4", first);
  const offset = f.local("i32x4", 0);
  const better = f.local("i32x4");
  const offsets = [1, rowBytes / 4, rowBytes / 4 + 1];
  for (const [i, corner] of others.entries()) {
    better.set(beats(corner, found));
    found.set(select(better, corner, found));
    offset.set(select(better, splat("i32x4", offsets[i]!), offset));
  }
  return offset;
}

function store({ f, output, outputOffset }: Windows, value: Value<"f32x4">): void {
  f.store(output, value, outputOffset);
}

function storePair(
  { f, inputOffset, rowBytes }: Windows,
  target: Value<"i32">,
  line: number,
  left: Value<"f32x4">,
  right: Value<"f32x4">,
): void {
  f.store(target, left, inputOffset + line * rowBytes);
  f.store(target, right, inputOffset + line * rowBytes + 16);
}
