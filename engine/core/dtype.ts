// Element types of tensors: names, sizes, typed arrays and the promotion order. Does not convert values: that is the op
// `cast`. Everything above imports it.

/** Element type of a tensor. `int32` is the integer type (PyTorch's int64), `bool` is stored as one byte. */
export type DType = "float32" | "int32" | "bool";

/** The typed array that holds a tensor's elements on the JavaScript side; booleans are bytes of 0 and 1. */
export type TypedArray = Float32Array | Int32Array | Uint8Array;

/** Values of JavaScript that a tensor can be made of. */
export type Scalar = number | boolean;

// The order is the promotion order: the later one wins.
const promotionOrder: readonly DType[] = ["bool", "int32", "float32"];

const bytesPerElement = { float32: 4, int32: 4, bool: 1 } as const satisfies Record<DType, number>;

export function sizeBytesOf(dtype: DType, size: number): number {
  return bytesPerElement[dtype] * size;
}

export function allocateArray(dtype: DType, size: number): TypedArray {
  switch (dtype) {
    case "float32":
      return new Float32Array(size);
    case "int32":
      return new Int32Array(size);
    case "bool":
      return new Uint8Array(size);
  }
}

/** The dtype in which two dtypes meet: bool < int32 < float32, as in PyTorch. */
export function promote(lhs: DType, rhs: DType): DType {
  return promotionOrder.indexOf(lhs) >= promotionOrder.indexOf(rhs) ? lhs : rhs;
}

/** The dtype a JavaScript value takes beside a tensor: a fraction makes integers float, nothing else changes them. */
export function dtypeBeside(value: Scalar, dtype: DType): DType {
  if (typeof value === "boolean") return dtype;
  return promote(dtype, Number.isInteger(value) ? "int32" : "float32");
}
