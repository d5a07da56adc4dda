// Operations by type and name, as bytes. Names are WebAssembly's; where signedness matters, the plain name is the signed
// one. https://webassembly.github.io/spec/core/binary/instructions.html, and for the last rows
// https://github.com/WebAssembly/relaxed-simd/blob/main/proposals/relaxed-simd/Overview.md

import { unsigned } from "./encoding.ts";
import type { ScalarType, ValueType, VectorType } from "./value-type.ts";

export type Opcode = readonly number[];

function simd(code: number): Opcode {
  return [0xfd, ...unsigned(code)];
}

const bitwise = { and: simd(0x4e), or: simd(0x50), xor: simd(0x51) };

export type BinaryName =
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "rem"
  | "min"
  | "max"
  | "pmin"
  | "pmax"
  | "and"
  | "or"
  | "xor"
  | "relaxedMin"
  | "relaxedMax";

export const binary: Record<ValueType, Partial<Record<BinaryName, Opcode>>> = {
  i32: { add: [0x6a], sub: [0x6b], mul: [0x6c], div: [0x6d], rem: [0x6f], and: [0x71], or: [0x72], xor: [0x73] },
  f32: { add: [0x92], sub: [0x93], mul: [0x94], div: [0x95], min: [0x96], max: [0x97] },
  f64: { add: [0xa0], sub: [0xa1], mul: [0xa2], div: [0xa3], min: [0xa4], max: [0xa5] },
  i32x4: { ...bitwise, add: simd(0xae), sub: simd(0xb1), mul: simd(0xb5), min: simd(0xb6), max: simd(0xb8) },
  f32x4: {
    ...bitwise,
    add: simd(0xe4),
    sub: simd(0xe5),
    mul: simd(0xe6),
    div: simd(0xe7),
    min: simd(0xe8),
    max: simd(0xe9),
    pmin: simd(0xea),
    pmax: simd(0xeb),
    relaxedMin: simd(0x10d),
    relaxedMax: simd(0x10e),
  },
  f64x2: {
    ...bitwise,
    add: simd(0xf0),
    sub: simd(0xf1),
    mul: simd(0xf2),
    div: simd(0xf3),
    min: simd(0xf4),
    max: simd(0xf5),
    pmin: simd(0xf6),
    pmax: simd(0xf7),
    relaxedMin: simd(0x10f),
    relaxedMax: simd(0x110),
  },
};

export type UnaryName = "abs" | "neg" | "sqrt" | "ceil" | "floor" | "trunc" | "nearest";

export const unary: Record<ValueType, Partial<Record<UnaryName, Opcode>>> = {
  i32: {},
  f32: { abs: [0x8b], neg: [0x8c], ceil: [0x8d], floor: [0x8e], trunc: [0x8f], nearest: [0x90], sqrt: [0x91] },
  f64: { abs: [0x99], neg: [0x9a], ceil: [0x9b], floor: [0x9c], trunc: [0x9d], nearest: [0x9e], sqrt: [0x9f] },
  i32x4: { abs: simd(0xa0), neg: simd(0xa1) },
  f32x4: {
    ceil: simd(0x67),
    floor: simd(0x68),
    trunc: simd(0x69),
    nearest: simd(0x6a),
    abs: simd(0xe0),
    neg: simd(0xe1),
    sqrt: simd(0xe3),
  },
  f64x2: {
    ceil: simd(0x74),
    floor: simd(0x75),
    trunc: simd(0x7a),
    nearest: simd(0x94),
    abs: simd(0xec),
    neg: simd(0xed),
    sqrt: simd(0xef),
  },
};

export type ComparisonName = "eq" | "ne" | "lt" | "gt" | "le" | "ge" | "ltUnsigned" | "geUnsigned";

export const comparison: Record<ValueType, Partial<Record<ComparisonName, Opcode>>> = {
  i32: {
    eq: [0x46],
    ne: [0x47],
    lt: [0x48],
    ltUnsigned: [0x49],
    gt: [0x4a],
    le: [0x4c],
    ge: [0x4e],
    geUnsigned: [0x4f],
  },
  f32: { eq: [0x5b], ne: [0x5c], lt: [0x5d], gt: [0x5e], le: [0x5f], ge: [0x60] },
  f64: { eq: [0x61], ne: [0x62], lt: [0x63], gt: [0x64], le: [0x65], ge: [0x66] },
  i32x4: { eq: simd(0x37), ne: simd(0x38), lt: simd(0x39), gt: simd(0x3b), le: simd(0x3d), ge: simd(0x3f) },
  f32x4: { eq: simd(0x41), ne: simd(0x42), lt: simd(0x43), gt: simd(0x44), le: simd(0x45), ge: simd(0x46) },
  f64x2: { eq: simd(0x47), ne: simd(0x48), lt: simd(0x49), gt: simd(0x4a), le: simd(0x4b), ge: simd(0x4c) },
};

export type ShiftName = "shl" | "shr" | "shrUnsigned";

export const shift: Partial<Record<ValueType, Record<ShiftName, Opcode>>> = {
  i32: { shl: [0x74], shr: [0x75], shrUnsigned: [0x76] },
  i32x4: { shl: simd(0xab), shr: simd(0xac), shrUnsigned: simd(0xad) },
};

export const memory = {
  load: {
    i32: [0x28],
    f32: [0x2a],
    f64: [0x2b],
    i32x4: simd(0x00),
    f32x4: simd(0x00),
    f64x2: simd(0x00),
  } satisfies Record<ValueType, Opcode>,
  store: {
    i32: [0x36],
    f32: [0x38],
    f64: [0x39],
    i32x4: simd(0x0b),
    f32x4: simd(0x0b),
    f64x2: simd(0x0b),
  } satisfies Record<ValueType, Opcode>,
  loadSplat: { i32x4: simd(0x09), f32x4: simd(0x09), f64x2: simd(0x0a) } satisfies Record<VectorType, Opcode>,
  byte: { load: [0x2d], store: [0x3a] },
  /** Four bytes into a vector; then each in a lane of 16 bits, then of 32. */
  fourBytes: { load: simd(0x5c), toLanes: [...simd(0x89), ...simd(0xa9)] },
  fill: [0xfc, 0x0b, 0x00],
  copy: [0xfc, 0x0a, 0x00, 0x00],
} as const;

export const lanes = {
  splat: { i32x4: simd(0x11), f32x4: simd(0x13), f64x2: simd(0x14) },
  extract: { i32x4: simd(0x1b), f32x4: simd(0x1f), f64x2: simd(0x21) },
  replace: { i32x4: simd(0x1c), f32x4: simd(0x20), f64x2: simd(0x22) },
  shuffle: simd(0x0d),
} as const satisfies Record<string, Opcode | Record<VectorType, Opcode>>;

/** From one type to another; from f64x2 to f32x4 and i32x4 only two lanes are filled, the others are 0. */
export const conversion: Partial<Record<`${ValueType} to ${ValueType}`, Opcode>> = {
  "i32 to f32": [0xb2],
  "i32 to f64": [0xb7],
  "f32 to i32": [0xfc, 0x00],
  "f64 to i32": [0xfc, 0x02],
  "f32 to f64": [0xbb],
  "f64 to f32": [0xb6],
  "i32x4 to f32x4": simd(0xfa),
  "f32x4 to i32x4": simd(0xf8),
  "f32x4 to f64x2": simd(0x5f),
  "f64x2 to f32x4": simd(0x5e),
};

/** The same bits, seen as another type; between vectors nothing needs to be done. */
export const reinterpretation: Partial<Record<`${ScalarType} to ${ScalarType}`, Opcode>> = {
  "f32 to i32": [0xbc],
  "i32 to f32": [0xbe],
};

export const fused = {
  madd: { f32x4: simd(0x105), f64x2: simd(0x107) },
  nmadd: { f32x4: simd(0x106), f64x2: simd(0x108) },
} as const;

export const control = {
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  branch: 0x0c,
  branchIf: 0x0d,
  return: 0x0f,
  call: 0x10,
  drop: 0x1a,
  select: 0x1b,
  bitselect: simd(0x52),
  localGet: 0x20,
  localSet: 0x21,
  noResult: 0x40,
} as const;

export const constant = { i32: 0x41, f32: 0x43, f64: 0x44, vector: simd(0x0c) } as const;
