// Fills an array with one number.

import type { DType } from "../../../core/dtype.ts";
import { integers, type ModuleBuilder, splat } from "../assembler/index.ts";
import { cutsOf, type Work } from "../work.ts";

/** The exported function writes `count` elements of 4 bytes, given by their bits. */
export type Fill = (address: number, bits: number, count: number) => void;

export function defineFill(module: ModuleBuilder, name: string): void {
  module.export(name, integers("address", "bits", "count"), (f, { address, bits, count }) => {
    const four = f.local("i32x4", splat("i32x4", bits));
    f.whileTrue(
      () => count.ge(8),
      () => {
        f.store(address, four);
        f.store(address, four, 16);
        address.increase(32);
        count.increase(-8);
      },
    );
    f.whileTrue(
      () => count.gt(0),
      () => {
        f.store(address, bits);
        address.increase(4);
        count.increase(-1);
      },
    );
  });
}

/** Writes `bytes` bytes of one value. */
function defineByteFill(module: ModuleBuilder, name: string): void {
  module.export(name, integers("address", "byte", "bytes"), (f, { address, byte, bytes }) =>
    f.fill(address, byte, bytes),
  );
}

/** `size` neighbours from `address` on become `value`, in parts of `grain` elements. */
export function planFill(dtype: DType, value: number, address: number, size: number, grain: number): Work {
  const width = dtype === "bool" ? 1 : 4;
  const bits = dtype === "float32" ? bitsOf(value) : dtype === "bool" ? Number(value !== 0) : value;
  const cuts = cutsOf(size, Math.ceil(size / grain), 64);
  const calls = cuts.slice(1).map((end, i) => [address + cuts[i]! * width, bits, end - cuts[i]!]);
  if (width === 4 && bits !== 0) return { key: "fill", define: defineFill, calls };
  return { key: "fillBytes", define: defineByteFill, calls: calls.map(([at, byte, n]) => [at!, byte!, n! * width]) };
}

function bitsOf(value: number): number {
  return new Int32Array(new Float32Array([value]).buffer)[0]!;
}
