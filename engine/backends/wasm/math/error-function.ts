// The error function of four float32 lanes, which GELU is made of; see exponential.ts for what all functions of this folder
// have in common. Near 0 an odd polynomial, elsewhere 1 - e^-g(|x|) with a polynomial g for -ln (1 - erf x).

import { type FunctionBuilder, madd, select, type Value } from "../assembler/index.ts";
import { exp } from "./exponential.ts";
import { magnitude, polynomial, withSignOf } from "./polynomial.ts";

/** Where the polynomials meet, and from where on 1 is nearer than any other float32. */
const [border, end] = [0.875, 4];
/** erf x / x - 1 in x² for |x| ≤ 0.875, to 2^-26. */
const ofErf = [0.12837915, -0.37612507, 0.11281965, -0.026772428, 0.0050023231, -0.00060407212] as const;
/** ln (1 - erf x) for 0.875 ≤ x ≤ 4, erf x to 2^-29. */
const ofLogErfc = [
  -0.00013358331, -1.1279361, -0.63673717, -0.10432763, 0.022420313, -0.0030923265, 0.0002010009,
] as const;

/** 2 / √π · ∫₀ˣ e^(-t²) dt */
export function erf(x: Value<"f32x4">, f: FunctionBuilder): Value<"f32x4"> {
  const argument = f.local("f32x4", x);
  const size = f.local("f32x4", magnitude(f, argument).pmin(f.constant("f32x4", end)));
  const square = f.local("f32x4", size.mul(size));
  const near = madd(argument, polynomial(f, square, f.local("f32x4", square.mul(square)), ofErf), argument);
  const far = f.constant("f32x4", 1).sub(exp(polynomial(f, size, square, ofLogErfc), f));
  return select(size.lt(f.constant("f32x4", border)), near, withSignOf(f, far, argument));
}
