import { describe, expect, it } from "vitest";
import { elementaryKernels } from "../../cpu/elementary.ts";
import { type FunctionBuilder, integers, load, ModuleBuilder, type Value } from "../assembler/index.ts";
import { erf, exp, expm1, log, log1p, sigmoid, tanh } from "./index.ts";

type Elementary = (x: Value<"f32x4">, f: FunctionBuilder) => Value<"f32x4">;

const pages = 64;
const half = (pages * 2 ** 16) / 2;

/** Runs a function on many numbers, two vectors a round as V8 would have them. */
function runnerOf(elementary: Elementary): (x: Float32Array) => Float32Array {
  const module = new ModuleBuilder({ initialPages: pages, maximumPages: pages, shared: true });
  module.export("run", integers("from", "to", "end"), (f, { from, to, end }) => {
    f.whileTrue(
      () => from.ltUnsigned(end),
      () => {
        const x = [0, 16].map((offset) => f.local("f32x4", load("f32x4", from, offset)));
        const y = x.map((vector) => f.local("f32x4", elementary(vector, f)));
        for (const [i, vector] of y.entries()) f.store(to, vector, i * 16);
        from.increase(32);
        to.increase(32);
      },
    );
  });
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.encode()), { env: { memory } });
  const run = exports.run as (from: number, to: number, end: number) => void;
  return (x) => {
    const floats = new Float32Array(memory.buffer);
    floats.set(x);
    run(0, half, Math.ceil(x.length / 8) * 32);
    return floats.slice(half / 4, half / 4 + x.length);
  };
}

/** Every exponent and both signs, with many fractions; and `count` numbers from -120 to 120, where most things happen. */
function samples(count: number): Float32Array {
  const all = new Float32Array(3 * count);
  const bits = new Uint32Array(all.buffer);
  for (let i = 0; i < count; i++) {
    bits[i] = (((i >> 8) & 1) << 31) | (Math.min(i & 255, 254) << 23) | ((i * 2654435761) & 0x7fffff);
    all[count + i] = ((i * 0.6180339887) % 1) * 240 - 120;
    all[2 * count + i] = ((i * 0.7548776662) % 1) * 4 - 2;
  }
  return all;
}

/** Distance in units of the last place that a float32 of the exact size has. */
function ulps(actual: number, exact: number): number {
  if (Object.is(actual, Math.fround(exact))) return 0;
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(exact))), -126);
  if (!Number.isFinite(actual)) return Math.abs(exact) > 3.402823e38 ? 0 : Number.POSITIVE_INFINITY;
  return Math.abs(actual - exact) / 2 ** (Math.max(exponent, -126) - 23);
}

function exactErf(x: number): number {
  const [from, to] = [Float64Array.of(x), new Float64Array(1)];
  const operand = (buffer: Float64Array) => ({ buffer, shape: [1], dtype: "float32" as const });
  elementaryKernels.erf([operand(from)] as never, operand(to) as never);
  return to[0]!;
}

/** Not 1 / (1 + Math.exp(-x)), which is Infinity's inverse where the result is a subnormal float32 at most. */
const exactSigmoid = (x: number) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x)));

const functions: readonly { name: string; elementary: Elementary; exact: (x: number) => number; most: number }[] = [
  { name: "exp", elementary: exp, exact: Math.exp, most: 1.5 },
  { name: "expm1", elementary: expm1, exact: Math.expm1, most: 1.5 },
  { name: "log", elementary: log, exact: Math.log, most: 1.5 },
  { name: "log1p", elementary: log1p, exact: Math.log1p, most: 1.5 },
  { name: "tanh", elementary: tanh, exact: Math.tanh, most: 2.5 },
  { name: "sigmoid", elementary: sigmoid, exact: exactSigmoid, most: 2.5 },
  { name: "erf", elementary: erf, exact: exactErf, most: 1.5 },
];

const x = samples(150_000);

describe("an elementary function of float32 lanes", () => {
  it.each(functions)("$name is within $most ulp everywhere", ({ elementary, exact, most }) => {
    const y = runnerOf(elementary)(x);
    let worst = { ulps: 0, x: 0 };
    for (let i = 0; i < x.length; i++) {
      const expected = exact(x[i]!);
      const distance = Number.isNaN(expected) && Number.isNaN(y[i]!) ? 0 : ulps(y[i]!, expected);
      if (!(distance <= worst.ulps)) worst = { ulps: distance, x: x[i]! };
    }
    expect(worst.ulps, `at ${worst.x}`).toBeLessThanOrEqual(most);
  });

  it.each(functions)("$name has the special values of Math", ({ elementary, exact }) => {
    const special = Float32Array.of(0, -0, 1, -1, Infinity, -Infinity, NaN, 2 ** -149, -(2 ** -149), 3.4028234e38);
    const payloads = new Float32Array(new Uint32Array([0x7fc00001, 0xffffffff, 0x7fffffff]).buffer);
    const y = runnerOf(elementary)(Float32Array.of(...special, -3.4028234e38));
    for (const i of [0, 1, 4, 5, 6, 9]) expect(y[i], `at ${special[i]}`).toBe(Math.fround(exact(special[i]!)));
    for (const i of [2, 3, 7, 8]) expect(ulps(y[i]!, exact(special[i]!)) <= 2.5 || Number.isNaN(y[i]!)).toBe(true);
    expect([...runnerOf(elementary)(payloads)]).toEqual([NaN, NaN, NaN]);
  });
});
