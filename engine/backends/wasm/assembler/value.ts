// Expressions of a kernel: immutable, typed, computed where they are used. `a.mul(b).add(1)` only describes; statements
// (function-builder.ts) put it into code, and an expression used twice is computed twice, so keep dear ones in a local.

import { KernelError } from "../kernel-error.ts";
import { float32, float64, signed, unsigned } from "./encoding.ts";
import {
  type BinaryName,
  binary,
  type ComparisonName,
  comparison,
  constant,
  control,
  conversion,
  fused,
  lanes,
  memory,
  type Opcode,
  reinterpretation,
  type ShiftName,
  shift,
  type UnaryName,
  unary,
} from "./opcodes.ts";
import {
  isVector,
  type LaneOf,
  laneTypeOf,
  type MaskOf,
  maskOf,
  type ScalarType,
  type ValueType,
  type VectorType,
} from "./value-type.ts";

/** A value, or a number that becomes a constant of the type in question (in every lane). */
export type Operand<T extends ValueType> = Value<T> | number;

export class Value<T extends ValueType = ValueType> {
  readonly type: T;
  /** Instructions that leave the value on the stack. */
  readonly code: readonly number[];

  constructor(type: T, code: readonly number[]) {
    this.type = type;
    this.code = code;
  }

  add(other: Operand<T>): Value<T> {
    return this.#binary("add", other);
  }

  sub(other: Operand<T>): Value<T> {
    return this.#binary("sub", other);
  }

  mul(other: Operand<T>): Value<T> {
    return this.#binary("mul", other);
  }

  /** Integers: towards zero; traps on 0. */
  div(other: Operand<T>): Value<T> {
    return this.#binary("div", other);
  }

  rem(other: Operand<T>): Value<T> {
    return this.#binary("rem", other);
  }

  /** NaN if either is. */
  min(other: Operand<T>): Value<T> {
    return this.#binary("min", other);
  }

  max(other: Operand<T>): Value<T> {
    return this.#binary("max", other);
  }

  /** `other < this ? other : this`, one instruction of the machine; NaN only where `this` is. */
  pmin(other: Operand<T>): Value<T> {
    return this.#binary("pmin", other);
  }

  pmax(other: Operand<T>): Value<T> {
    return this.#binary("pmax", other);
  }

  and(other: Operand<T>): Value<T> {
    return this.#binary("and", other);
  }

  or(other: Operand<T>): Value<T> {
    return this.#binary("or", other);
  }

  xor(other: Operand<T>): Value<T> {
    return this.#binary("xor", other);
  }

  abs(): Value<T> {
    return this.#unary("abs");
  }

  neg(): Value<T> {
    return this.#unary("neg");
  }

  sqrt(): Value<T> {
    return this.#unary("sqrt");
  }

  ceil(): Value<T> {
    return this.#unary("ceil");
  }

  floor(): Value<T> {
    return this.#unary("floor");
  }

  trunc(): Value<T> {
    return this.#unary("trunc");
  }

  /** To an integer; halves go to the even neighbour. */
  nearest(): Value<T> {
    return this.#unary("nearest");
  }

  eq(other: Operand<T>): Value<MaskOf<T>> {
    return this.#compare("eq", other);
  }

  ne(other: Operand<T>): Value<MaskOf<T>> {
    return this.#compare("ne", other);
  }

  lt(other: Operand<T>): Value<MaskOf<T>> {
    return this.#compare("lt", other);
  }

  gt(other: Operand<T>): Value<MaskOf<T>> {
    return this.#compare("gt", other);
  }

  le(other: Operand<T>): Value<MaskOf<T>> {
    return this.#compare("le", other);
  }

  ge(other: Operand<T>): Value<MaskOf<T>> {
    return this.#compare("ge", other);
  }

  /** For addresses, which reach beyond 2 GiB. */
  ltUnsigned(other: Operand<T>): Value<MaskOf<T>> {
    return this.#compare("ltUnsigned", other);
  }

  shl(bits: Operand<"i32">): Value<T> {
    return this.#shift("shl", bits);
  }

  /** Keeps the sign. */
  shr(bits: Operand<"i32">): Value<T> {
    return this.#shift("shr", bits);
  }

  shrUnsigned(bits: Operand<"i32">): Value<T> {
    return this.#shift("shrUnsigned", bits);
  }

  /** The number in another type; float to integer rounds towards zero and saturates. */
  to<U extends ValueType>(type: U): Value<U> {
    if ((this.type as ValueType) === type) return this as unknown as Value<U>;
    return new Value(type, [...this.code, ...known(conversion[`${this.type} to ${type}`], "to", this.type, type)]);
  }

  /** The same bits as another type of the same size. */
  as<U extends ValueType>(type: U): Value<U> {
    const vectors = isVector(this.type) && isVector(type);
    const opcode = vectors ? [] : reinterpretation[`${this.type as ScalarType} to ${type as ScalarType}`];
    return new Value(type, [...this.code, ...known(opcode, "as", this.type, type)]);
  }

  #binary(name: BinaryName, other: Operand<T>): Value<T> {
    const opcode = known(binary[this.type][name], name, this.type);
    return new Value(this.type, this.code.concat(toValue(this.type, other).code, opcode));
  }

  #unary(name: UnaryName): Value<T> {
    return new Value(this.type, [...this.code, ...known(unary[this.type][name], name, this.type)]);
  }

  #compare(name: ComparisonName, other: Operand<T>): Value<MaskOf<T>> {
    const opcode = known(comparison[this.type][name], name, this.type);
    return new Value(maskOf(this.type), this.code.concat(toValue(this.type, other).code, opcode));
  }

  #shift(name: ShiftName, bits: Operand<"i32">): Value<T> {
    const opcode = known(shift[this.type]?.[name], name, this.type);
    return new Value(this.type, this.code.concat(toValue("i32", bits).code, opcode));
  }
}

/** A number as a constant; a value as itself. */
export function toValue<T extends ValueType>(type: T, operand: Operand<T>): Value<T> {
  if (typeof operand !== "number") {
    if (operand.type !== type) throw new KernelError("assembler", `expected ${type}, got ${operand.type}`);
    return operand;
  }
  if (!isVector(type)) return new Value(type, [constant[type as ScalarType], ...bytesOf(type as ScalarType, operand)]);
  const lane = laneBytesOf(laneTypeOf(type), operand);
  return new Value(type, [...constant.vector, ...Array.from({ length: 16 / lane.length }, () => lane).flat()]);
}

function bytesOf(type: ScalarType, number: number): number[] {
  if (type === "f32") return float32(number);
  if (type === "f64") return float64(number);
  if (!Number.isInteger(number) || number < -(2 ** 31) || number >= 2 ** 32) {
    throw new KernelError("assembler", `${number} is not a 32-bit integer`);
  }
  return signed(number);
}

function laneBytesOf(type: ScalarType, number: number): number[] {
  if (type === "i32") return [...new Uint8Array(new Int32Array([number]).buffer)];
  return bytesOf(type, number);
}

/** What lies at `address + offset`, an offset in bytes that costs nothing. Nothing needs to be aligned. */
export function load<T extends ValueType>(type: T, address: Value<"i32">, offset = 0): Value<T> {
  return new Value(type, address.code.concat(memory.load[type], place(offset)));
}

/** One lane from memory, in every lane. */
export function loadSplat<T extends VectorType>(type: T, address: Value<"i32">, offset = 0): Value<T> {
  return new Value(type, address.code.concat(memory.loadSplat[type], place(offset)));
}

/** The byte at `address + offset`, 0 to 255. */
export function loadByte(address: Value<"i32">, offset = 0): Value<"i32"> {
  return new Value("i32", [...address.code, ...memory.byte.load, 0, ...unsigned(offset)]);
}

/** The four bytes at `address + offset`, each in a lane, 0 to 255. */
export function loadBytes(address: Value<"i32">, offset = 0): Value<"i32x4"> {
  const { load: four, toLanes } = memory.fourBytes;
  return new Value("i32x4", [...address.code, ...four, 0, ...unsigned(offset), ...toLanes]);
}

/** The lowest byte of each lane, side by side. */
export function packBytes(lanesOfBytes: Value<"i32x4">): Value<"i32"> {
  const picked = Array.from({ length: 16 }, (_, byte) => (byte * 4) % 16);
  const code = [...lanesOfBytes.code, ...lanesOfBytes.code, ...lanes.shuffle, ...picked];
  return new Value("i32", [...code, ...lanes.extract.i32x4, 0]);
}

/** Alignment hint and offset of an access; 4 bytes is what every address of ours has. */
export function place(offset: number): number[] {
  if (!Number.isInteger(offset) || offset < 0)
    throw new KernelError("assembler", `offset ${offset} is not a natural number`);
  return [2, ...unsigned(offset)];
}

/** a · b + c, rounded once where the machine can. Relaxed SIMD: machines without it round twice. */
export function madd<T extends "f32x4" | "f64x2">(a: Value<T>, b: Value<T>, c: Value<T>): Value<T> {
  return new Value(a.type, a.code.concat(b.code, c.code, fused.madd[a.type]));
}

/** -a · b + c */
export function nmadd<T extends "f32x4" | "f64x2">(a: Value<T>, b: Value<T>, c: Value<T>): Value<T> {
  return new Value(a.type, a.code.concat(b.code, c.code, fused.nmadd[a.type]));
}

/** One value in every lane. */
export function splat<T extends VectorType>(type: T, lane: Operand<LaneOf<T>>): Value<T> {
  if (typeof lane === "number") return toValue(type, lane);
  return new Value(type, [...toValue(laneTypeOf(type), lane).code, ...lanes.splat[type]]);
}

export function extractLane<T extends VectorType>(vector: Value<T>, lane: number): Value<LaneOf<T>> {
  return new Value(laneTypeOf(vector.type), [...vector.code, ...lanes.extract[vector.type], lane]);
}

export function replaceLane<T extends VectorType>(vector: Value<T>, lane: number, by: Operand<LaneOf<T>>): Value<T> {
  const value = toValue(laneTypeOf(vector.type), by);
  return new Value(vector.type, [...vector.code, ...value.code, ...lanes.replace[vector.type], lane]);
}

/** Four lanes picked from the eight of two vectors: 0 to 3 are those of `a`, 4 to 7 those of `b`. */
export function shuffle<T extends "i32x4" | "f32x4">(
  a: Value<T>,
  b: Value<T>,
  picked: readonly [number, number, number, number],
): Value<T> {
  const bytes = picked.flatMap((lane) => [0, 1, 2, 3].map((byte) => lane * 4 + byte));
  return new Value(a.type, [...a.code, ...b.code, ...lanes.shuffle, ...bytes]);
}

/** `yes` where the condition (scalars) or the mask (vectors, lane by lane) holds, `no` elsewhere; both are computed. */
export function select<T extends ValueType>(condition: Value<MaskOf<T>>, yes: Value<T>, no: Operand<T>): Value<T> {
  const opcode = isVector(yes.type) ? control.bitselect : [control.select];
  return new Value(yes.type, [...yes.code, ...toValue(yes.type, no).code, ...condition.code, ...opcode]);
}

function known(opcode: Opcode | undefined, name: string, ...types: ValueType[]): Opcode {
  if (opcode === undefined) throw new KernelError("assembler", `no ${name} for ${types.join(" to ")}`);
  return opcode;
}
