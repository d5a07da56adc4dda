// The door of the elementary functions: four float32 lanes at a time.

export { erf } from "./error-function.ts";
export { exp, expm1, sigmoid, tanh } from "./exponential.ts";
export { log, log1p } from "./logarithm.ts";
