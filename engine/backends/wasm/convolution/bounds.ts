// Integers of a kernel: variables, and the smaller or larger of two.

import { type FunctionBuilder, type Local, type Operand, toValue, type Value } from "../assembler/index.ts";

type Counters<N extends number, T extends unknown[] = []> = T["length"] extends N
  ? T
  : Counters<N, [...T, Local<"i32">]>;

/** New variables. */
export function counters<N extends number>(f: FunctionBuilder, count: N): Counters<N> {
  return Array.from({ length: count }, () => f.local("i32")) as Counters<N>;
}

export function smaller(f: FunctionBuilder, value: Operand<"i32">, bound: Operand<"i32">): Local<"i32"> {
  const result = f.local("i32", value);
  f.if(result.gt(bound), () => result.set(bound));
  return result;
}

export function larger(f: FunctionBuilder, value: Operand<"i32">, bound: Operand<"i32">): Local<"i32"> {
  const result = f.local("i32", value);
  f.if(result.lt(bound), () => result.set(bound));
  return result;
}

/** minuend - subtrahend, where the minuend is a number. */
export function difference(minuend: number, subtrahend: Value<"i32">): Value<"i32"> {
  return toValue("i32", minuend).sub(subtrahend);
}
