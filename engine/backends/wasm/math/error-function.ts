// The error function of four float32 lanes, which GELU is made of; see exponential.ts for what all functions of this folder
// have in common. Near 0 an odd polynomial, elsewhere 1 - e^-g(|x|) with a polynomial g for -ln (1 - erf x).

import { erfBorder, erfEnd, ofErf, ofLogErfc } from "../../elementary-coefficients.ts";
import { type FunctionBuilder, madd, select, type Value } from "../assembler/index.ts";
import { exp } from "./exponential.ts";
import { magnitude, polynomial, withSignOf } from "./polynomial.ts";

/** 2 / √π · ∫₀ˣ e^(-t²) dt */
export function erf(x: Value<"f32x4">, f: FunctionBuilder): Value<"f32x4"> {
  const argument = f.local("f32x4", x);
  const size = f.local("f32x4", magnitude(f, argument).pmin(f.constant("f32x4", erfEnd)));
  const square = f.local("f32x4", size.mul(size));
  const near = madd(argument, polynomial(f, square, f.local("f32x4", square.mul(square)), ofErf), argument);
  const far = f.constant("f32x4", 1).sub(exp(polynomial(f, size, square, ofLogErfc), f));
  return select(size.lt(f.constant("f32x4", erfBorder)), near, withSignOf(f, far, argument));
}
