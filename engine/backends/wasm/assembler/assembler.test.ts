import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KernelError } from "../kernel-error.ts";
import { signed, unsigned } from "./encoding.ts";
import {
  extractLane,
  type FunctionBuilder,
  type Label,
  type Local,
  load,
  loadByte,
  loadBytes,
  loadSplat,
  ModuleBuilder,
  madd,
  nmadd,
  packBytes,
  replaceLane,
  select,
  shuffle,
  splat,
} from "./index.ts";

const onePage = { initialPages: 1, maximumPages: 1, shared: false };

/** Functions take numbers and give numbers. */
type Exports = Readonly<Record<string, (...values: number[]) => number>>;

function instantiate(module: ModuleBuilder, shared = false) {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.encode()), { env: { memory } });
  return { functions: instance.exports as Exports, floats: new Float32Array(memory.buffer), memory };
}

/** What `body` stores at address 0, given the vectors 1, 2, 3, 4 at 16 and 10, 20, 30, 40 at 32. */
function vectorOf(body: (f: FunctionBuilder, zero: Local<"i32">) => void): number[] {
  const module = new ModuleBuilder(onePage);
  module.export("run", {}, (f) => body(f, f.local("i32")));
  const { functions, floats } = instantiate(module);
  floats.set([1, 2, 3, 4, 10, 20, 30, 40], 4);
  functions.run!();
  return [...floats.slice(0, 4)];
}

describe("encoding", () => {
  it("writes numbers as LEB128", () => {
    expect(unsigned(0)).toEqual([0]);
    expect(unsigned(624485)).toEqual([0xe5, 0x8e, 0x26]);
    expect(unsigned(2 ** 32 - 1)).toEqual([0xff, 0xff, 0xff, 0xff, 0x0f]);
    expect(signed(-123456)).toEqual([0xc0, 0xbb, 0x78]);
    expect(signed(63)).toEqual([63]);
    expect(signed(64)).toEqual([0xc0, 0]);
  });

  it("gives the bytes of a small module, checked by hand against the specification", () => {
    const module = new ModuleBuilder({ initialPages: 1, maximumPages: 2, shared: true });
    module.export("inc", { x: "i32" }, (_, { x }) => x.add(1));
    const expected = [
      [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // \0asm, version 1
      [1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f], // type 0: (i32) → (i32)
      [2, 16, 1, 3, 0x65, 0x6e, 0x76, 6, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 2, 3, 1, 2], // env.memory, shared, 1 to 2 pages
      [3, 2, 1, 0], // function 0 has type 0
      [7, 7, 1, 3, 0x69, 0x6e, 0x63, 0, 0], // export inc
      [10, 9, 1, 7, 0, 0x20, 0, 0x41, 1, 0x6a, 0x0b], // no locals; local.get 0; i32.const 1; i32.add; end
      [0, 13, 4, 0x6e, 0x61, 0x6d, 0x65, 1, 6, 1, 0, 3, 0x69, 0x6e, 0x63], // its name, for profiles
    ];
    expect([...module.encode()]).toEqual(expected.flat());
  });
});

describe("a function", () => {
  it("loops over memory, shared or not", () => {
    for (const shared of [false, true]) {
      const module = new ModuleBuilder({ ...onePage, shared });
      module.export("sum", { from: "i32", count: "i32" }, (f, { from, count }) => {
        const [i, total] = [f.local("i32"), f.local("f32")];
        f.for(i, 0, count, 1, () => total.increase(load("f32", from.add(i.shl(2)), 4)));
        return total;
      });
      const { functions, floats } = instantiate(module, shared);
      floats.set([1, 2, 3, 4, 5]);
      expect(functions.sum!(0, 3)).toBe(2 + 3 + 4);
      expect(functions.sum!(0, 0)).toBe(0);
    }
  });

  it("branches out of and back to the blocks it names", () => {
    const module = new ModuleBuilder(onePage);
    // Collatz: steps until 1, or -1 after a hundred.
    module.export("steps", { n: "i32" }, (f, { n }) => {
      const steps = f.local("i32");
      f.block((done) => {
        f.loop((again) => {
          f.branchIf(n.eq(1), done);
          f.if(steps.ge(100), () => f.return(f.local("i32", -1)));
          steps.increase(1);
          f.if(
            n.and(1),
            () => {
              n.set(n.mul(3).add(1));
              f.branch(again);
            },
            () => n.set(n.shrUnsigned(1)),
          );
          f.branch(again);
        });
      });
      return steps;
    });
    const { functions } = instantiate(module);
    expect([1, 6, 7, 27].map((n) => functions.steps!(n))).toEqual([0, 8, 16, -1]);
  });

  it("calls others, for what they return or for what they do", () => {
    const module = new ModuleBuilder(onePage);
    const square = module.function("square", { x: "f32" }, (_, { x }) => x.mul(x));
    const keep = module.function("keep", { at: "i32", x: "f32" }, (f, { at, x }) => f.store(at, x));
    module.export("run", { x: "f32" }, (f, { x }) => {
      f.call(keep, { x: f.result(square, { x }), at: 8 });
      f.call(square, { x });
      return load("f32", f.local("i32"), 8);
    });
    expect(instantiate(module).functions.run!(3)).toBe(9);
  });

  it("does integer arithmetic, signed unless said otherwise, as JavaScript does", () => {
    const module = new ModuleBuilder(onePage);
    const two = { a: "i32", b: "i32" } as const;
    module.export("sum", two, (_, { a, b }) => a.add(b).sub(a.and(b)).xor(a.or(b)));
    module.export("shifts", two, (_, { a, b }) => a.shl(b).add(a.shr(b)).add(a.shrUnsigned(b)));
    module.export("order", two, (_, { a, b }) => a.lt(b).add(a.ltUnsigned(b).mul(2)).add(a.ge(b).mul(4)));
    module.export("half", { a: "i32" }, (_, { a }) => a.div(2).mul(8).add(a.rem(2)));
    const { functions } = instantiate(module);
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (a, b) => {
        expect(functions.sum!(a, b)).toBe((a + b - (a & b)) ^ (a | b));
        expect(functions.shifts!(a, b)).toBe(((a << b) + (a >> b) + (a >>> b)) | 0);
        expect(functions.order!(a, b)).toBe(Number(a < b) + Number(a >>> 0 < b >>> 0) * 2 + Number(a >= b) * 4);
        expect(functions.half!(a)).toBe((Math.trunc(a / 2) * 8 + (a % 2)) | 0);
      }),
    );
  });

  it("converts and reinterprets", () => {
    const module = new ModuleBuilder(onePage);
    module.export("bits", { x: "f32" }, (_, { x }) => x.as("i32"));
    module.export("whole", { x: "f64" }, (_, { x }) => x.to("i32"));
    module.export("third", { x: "i32" }, (_, { x }) => x.to("f64").div(3).to("f32"));
    const { functions } = instantiate(module);
    expect(functions.bits!(1)).toBe(0x3f800000);
    expect([-1.9, 1e20, Number.NaN].map((x) => functions.whole!(x))).toEqual([-1, 2 ** 31 - 1, 0]);
    expect(functions.third!(1)).toBe(Math.fround(1 / 3));
  });

  it("fills, copies and reads bytes", () => {
    const module = new ModuleBuilder(onePage);
    module.export("run", { to: "i32", from: "i32" }, (f, { to, from }) => {
      f.fill(from, 200, 3);
      f.copy(to, from, 2);
      return loadByte(to, 1).add(loadByte(to, 2));
    });
    expect(instantiate(module).functions.run!(64, 32)).toBe(200);
  });

  it("takes bytes into lanes and back", () => {
    const module = new ModuleBuilder(onePage);
    module.export("run", { to: "i32", from: "i32" }, (f, { to, from }) => {
      for (let i = 0; i < 5; i++) f.storeByte(from, f.local("i32", 256 + 100 + i), i);
      f.store(to, packBytes(f.local("i32x4", loadBytes(from, 1).mul(2))));
      return loadByte(from, 4);
    });
    const { functions, memory } = instantiate(module);
    expect(functions.run!(64, 32)).toBe(104);
    expect([...new Uint8Array(memory.buffer, 64, 5)]).toEqual([202, 204, 206, 208, 0]);
  });
});

describe("vectors", () => {
  const a = (zero: Local<"i32">) => load("f32x4", zero, 16);
  const b = (zero: Local<"i32">) => load("f32x4", zero, 32);

  it("compute lane by lane", () => {
    expect(vectorOf((f, z) => f.store(z, b(z).sub(a(z)).div(3).mul(2)))).toEqual([6, 12, 18, 24]);
    expect(vectorOf((f, z) => f.store(z, a(z).neg().abs().max(2.5).min(3.5)))).toEqual([2.5, 2.5, 3, 3.5]);
    expect(vectorOf((f, z) => f.store(z, a(z).sqrt().floor().add(a(z).mul(0.5).nearest())))).toEqual([1, 2, 3, 4]);
  });

  it("multiply and add", () => {
    expect(vectorOf((f, z) => f.store(z, madd(a(z), b(z), splat("f32x4", 1))))).toEqual([11, 41, 91, 161]);
    expect(vectorOf((f, z) => f.store(z, nmadd(a(z), b(z), loadSplat("f32x4", z, 32))))).toEqual([0, -30, -80, -150]);
  });

  it("move lanes", () => {
    expect(vectorOf((f, z) => f.store(z, shuffle(a(z), b(z), [3, 2, 4, 7])))).toEqual([4, 3, 10, 40]);
    expect(vectorOf((f, z) => f.store(z, replaceLane(a(z), 1, extractLane(b(z), 3).add(2))))).toEqual([1, 42, 3, 4]);
  });

  it("keep constants that are made once, wherever they were first asked for", () => {
    const both = vectorOf((f, zero) => {
      f.if(zero.ne(0), () => f.store(zero, f.constant("f32x4", 2)));
      f.store(zero, f.constant("f32x4", 2).add(f.constant("f32x4", -0)));
      expect(f.constant("f32x4", 2)).toBe(f.constant("f32x4", 2));
      expect(f.constant("f32x4", 0)).not.toBe(f.constant("f32x4", -0));
    });
    expect(both).toEqual([2, 2, 2, 2]);
  });

  it("select by mask", () => {
    expect(vectorOf((f, z) => f.store(z, select(a(z).ge(3), b(z), 0)))).toEqual([0, 0, 30, 40]);
    const whole = vectorOf((f, z) => f.store(z, b(z).mul(0.33).to("i32x4").shl(1).add(1).to("f32x4")));
    expect(whole).toEqual([7, 13, 19, 27]);
  });

  it("sum in double precision", () => {
    const low = vectorOf((f, z) => f.store(z, a(z).to("f64x2").add(1).to("f32x4")));
    expect(low).toEqual([2, 3, 0, 0]);
  });
});

describe("what cannot be is refused while building", () => {
  const build = (body: (f: FunctionBuilder, x: Local<"i32">, y: Local<"f32">) => void) => () =>
    new ModuleBuilder(onePage).function("f", { x: "i32", y: "f32" }, (f, { x, y }) => body(f, x, y));

  it("operations that a type does not have", () => {
    expect(build((_, x) => x.sqrt())).toThrow(new KernelError("assembler", "no sqrt for i32"));
    expect(build((_, __, y) => y.shl(1))).toThrow("no shl for f32");
    expect(build((_, x) => x.to("f32x4"))).toThrow("no to for i32 to f32x4");
  });

  it("numbers that do not fit", () => {
    expect(build((_, x) => x.add(0.5))).toThrow("0.5 is not a 32-bit integer");
    expect(build((_, x) => x.add(2 ** 32))).toThrow("is not a 32-bit integer");
    expect(build((_, x) => load("f32", x, -4))).toThrow("offset -4 is not a natural number");
  });

  it("values of another type, where TypeScript was not asked", () => {
    // @ts-expect-error: types differ
    expect(build((_, x, y) => x.add(y))).toThrow("expected i32, got f32");
  });

  it("branches to what is closed", () => {
    let left: Label | undefined;
    expect(
      build((f) => {
        f.block((end) => {
          left = end;
        });
        f.block(() => f.branch(left!));
      }),
    ).toThrow("branch: the block or loop is not open here");
  });

  it("missing arguments and names given twice", () => {
    const module = new ModuleBuilder(onePage);
    const callee = module.export("f", { x: "i32" }, () => {});
    // @ts-expect-error: no x
    expect(() => module.function("g", {}, (f) => f.call(callee, {}))).toThrow("no value for parameter x");
    expect(() => module.export("f", {}, () => {})).toThrow("there are two functions f");
  });
});
