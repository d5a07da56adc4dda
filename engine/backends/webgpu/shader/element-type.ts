// How elements of a dtype are declared in WGSL. A bool is a word: 0 or 1.

import type { DType } from "../../../core/dtype.ts";

export function elementType(dtype: DType): "f32" | "i32" | "u32" {
  return types[dtype];
}

const types = { float32: "f32", int32: "i32", bool: "u32" } as const;
