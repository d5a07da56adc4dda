// The assembler's door: what kernels are written with.

export {
  type Callee,
  FunctionBuilder,
  integers,
  type Label,
  Local,
  type Locals,
  type Parameters,
} from "./function-builder.ts";
export { type MemoryType, ModuleBuilder } from "./module-builder.ts";
export {
  extractLane,
  load,
  loadByte,
  loadBytes,
  loadSplat,
  madd,
  nmadd,
  type Operand,
  packBytes,
  replaceLane,
  select,
  shuffle,
  splat,
  toValue,
  Value,
} from "./value.ts";
export type { ScalarType, ValueType, VectorType } from "./value-type.ts";
