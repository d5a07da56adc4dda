// Generates the loop of an elementwise program: runs of neighbouring elements in vectors, and up to three dimensions around
// them, by strides. What the loop may count on along a run is built in, one letter an operand; everything else is arguments.

import { type FunctionBuilder, integers, type Local, type ModuleBuilder } from "../assembler/index.ts";
import { gather, loadFour, loadOne, storeFour, storeSome, widthOf } from "./elements.ts";
import { type Lanes, lanesOf } from "./lane-ops.ts";
import { type Advance, compute, type Program } from "./program.ts";

/** Dimensions around the run. */
export const outerDims = 3;

/** Vectors of one round; pairs of them become operations of 256 bits. */
const unrolled = 4;

/** What a loop knows about one operand, or about the output. */
interface Track {
  /** Where the run starts, then where it is. */
  readonly place: Local<"i32">;
  /** Where the rows of each outer dimension start, outermost first. */
  readonly starts: readonly Local<"i32">[];
  readonly strides: readonly Local<"i32">[];
  readonly bytes: number;
}

/**
 * The exported function takes sizes (of the run, then of the dimensions around it, inner to outer), then of the output and
 * of each operand: its address, its strides in the outer dimensions in bytes, inner to outer, and after them its stride
 * along the run if it advances by `stride`. Every size is at least 1. The output may be an operand.
 */
export function definePointwise(
  module: ModuleBuilder,
  name: string,
  program: Program,
  advances: readonly Advance[],
): void {
  const tracksOf = (owner: string) => [`${owner} at`, ...dims.map((dim) => `${owner} stride ${dim}`)];
  const dims = Array.from({ length: outerDims }, (_, dim) => dim + 1);
  const operandNames = advances.map((advance, i) =>
    advance === "stride" ? [...tracksOf(`${i}`), `${i} stride 0`] : tracksOf(`${i}`),
  );
  const sizeNames = [0, ...dims].map((dim) => `size ${dim}`);
  const parameters = integers(...sizeNames, ...tracksOf("output"), ...operandNames.flat());
  module.export(name, parameters, (f, locals) => {
    const track = (owner: string, bytes: number): Track => ({
      place: f.local("i32"),
      starts: [locals[`${owner} at`]!, ...dims.slice(1).map(() => f.local("i32"))],
      strides: dims.map((dim) => locals[`${owner} stride ${dim}`]!).reverse(),
      bytes,
    });
    const output = track("output", widthOf(program.output));
    const operands = program.operands.map((dtype, i) => track(`${i}`, widthOf(dtype)));
    const tracks = [output, ...operands];
    const sizes = dims.map((dim) => locals[`size ${dim}`]!).reverse();
    const left = f.local("i32");
    const around = (level: number): void => {
      if (level === outerDims) {
        left.set(locals["size 0"]!);
        const steps = operands.map((_, i) => locals[`${i} stride 0`]);
        emitRun(f, program, advances, { output, operands, steps, left });
        return;
      }
      const count = f.local("i32", sizes[level]!);
      f.loop((again) => {
        for (const { starts, place } of tracks) (starts[level + 1] ?? place).set(starts[level]!);
        around(level + 1);
        for (const { starts, strides } of tracks) starts[level]!.increase(strides[level]!);
        count.increase(-1);
        f.branchIf(count, again);
      });
    };
    around(0);
  });
}

interface Run {
  readonly output: Track;
  readonly operands: readonly Track[];
  readonly steps: readonly (Local<"i32"> | undefined)[];
  /** Elements that are not done. */
  readonly left: Local<"i32">;
}

function emitRun(f: FunctionBuilder, program: Program, advances: readonly Advance[], run: Run): void {
  const { output, operands, steps, left } = run;
  const fixed = operands.map(({ place }, i) => {
    const dtype = program.operands[i]!;
    return advances[i] === "stay" ? f.local<Lanes>(lanesOf(dtype), loadOne(dtype, place)) : undefined;
  });
  /** One vector of every operand; all four lanes, or `count` of them. */
  const take = (vector: number, count?: Local<"i32">): Local<Lanes>[] =>
    operands.map(({ place, bytes }, i) => {
      const dtype = program.operands[i]!;
      const stays = fixed[i];
      if (stays !== undefined) return stays;
      if (advances[i] === "next" && count === undefined) {
        return f.local<Lanes>(lanesOf(dtype), loadFour(dtype, place, vector * 4 * bytes));
      }
      const step = steps[i] ?? bytes;
      const lanes = gather(f, dtype, place, step, count);
      if (advances[i] === "stride") place.increase(steps[i]!.shl(2));
      return lanes;
    });
  const round = (vectors: number) => {
    const taken = Array.from({ length: vectors }, (_, vector) => take(vector));
    const results = taken.map((lanes) => compute(f, program, lanes));
    for (const [vector, result] of results.entries()) {
      storeFour(f, program.output, output.place, result, vector * 4 * output.bytes);
    }
    output.place.increase(vectors * 4 * output.bytes);
    for (const [i, { place, bytes }] of operands.entries()) {
      if (advances[i] === "next") place.increase(vectors * 4 * bytes);
    }
    left.increase(-4 * vectors);
  };
  f.whileTrue(
    () => left.ge(4 * unrolled),
    () => round(unrolled),
  );
  f.whileTrue(
    () => left.ge(4),
    () => round(1),
  );
  f.if(left, () => storeSome(f, program.output, output.place, compute(f, program, take(0, left)), left));
}
