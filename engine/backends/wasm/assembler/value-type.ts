// The types of values in a kernel. Vectors are one type to WebAssembly (v128); here they are told apart by what their lanes
// hold, so that `a.add(b)` knows which addition is meant.

export type ScalarType = "i32" | "f32" | "f64";
export type VectorType = "i32x4" | "f32x4" | "f64x2";
export type ValueType = ScalarType | VectorType;

/** The type of one lane. */
export type LaneOf<T extends VectorType> = T extends "i32x4" ? "i32" : T extends "f32x4" ? "f32" : "f64";

/** What comparing two values of type T gives: 0 or 1, or lanes of all zeros or all ones. */
export type MaskOf<T extends ValueType> = T extends "i32x4" | "f32x4" ? "i32x4" : T extends "f64x2" ? "f64x2" : "i32";

/** https://webassembly.github.io/spec/core/binary/types.html */
export const typeCode = {
  i32: 0x7f,
  f32: 0x7d,
  f64: 0x7c,
  i32x4: 0x7b,
  f32x4: 0x7b,
  f64x2: 0x7b,
} as const satisfies Record<ValueType, number>;

const laneTypes = { i32x4: "i32", f32x4: "f32", f64x2: "f64" } as const;

export function laneTypeOf<T extends VectorType>(type: T): LaneOf<T> {
  return laneTypes[type as VectorType] as LaneOf<T>;
}

export function maskOf<T extends ValueType>(type: T): MaskOf<T> {
  const mask: ValueType = type === "f32x4" ? "i32x4" : type === "f32" || type === "f64" ? "i32" : type;
  return mask as MaskOf<T>;
}

export function isVector(type: ValueType): type is VectorType {
  return type in laneTypes;
}
