// Methods of Tensor: elementary functions, comparisons and logic. Thin calls of ops/functions, attached by ../methods.ts.

import type { Operand } from "../../ops/functions/operands.ts";
import * as comparison from "../../ops/functions/pointwise/comparison.ts";
import * as elementary from "../../ops/functions/pointwise/elementary.ts";
import * as pointwise from "../../ops/functions/pointwise/pointwise.ts";
import type { Tensor } from "../tensor.ts";

export const elementaryMethods = {
  /** ln(1 + this), exact also for tiny elements. */
  log1p(this: Tensor): Tensor {
    return elementary.log1p(this);
  },
  /** e to the power of this, minus 1; exact also for tiny elements. */
  expm1(this: Tensor): Tensor {
    return elementary.expm1(this);
  },
  /** Logarithm to base 2. */
  log2(this: Tensor): Tensor {
    return elementary.log2(this);
  },
  /** Logarithm to base 10. */
  log10(this: Tensor): Tensor {
    return elementary.log10(this);
  },
  /** Sine. */
  sin(this: Tensor): Tensor {
    return elementary.sin(this);
  },
  /** Cosine. */
  cos(this: Tensor): Tensor {
    return elementary.cos(this);
  },
  /** Tangent. */
  tan(this: Tensor): Tensor {
    return elementary.tan(this);
  },
  /** The error function. */
  erf(this: Tensor): Tensor {
    return elementary.erf(this);
  },
  /** -1, 0 or 1. */
  sign(this: Tensor): Tensor {
    return elementary.sign(this);
  },
  /** The next whole number below. */
  floor(this: Tensor): Tensor {
    return elementary.floor(this);
  },
  /** The next whole number above. */
  ceil(this: Tensor): Tensor {
    return elementary.ceil(this);
  },
  /** The nearest whole number; halves go to the even one. */
  round(this: Tensor): Tensor {
    return elementary.round(this);
  },
  /** The whole number towards 0. */
  trunc(this: Tensor): Tensor {
    return elementary.trunc(this);
  },
  /** The rest of the division by other, with the sign of other. */
  remainder(this: Tensor, other: Operand): Tensor {
    return elementary.remainder(this, other);
  },
  /** Elements moved into [min, max]. */
  clamp(this: Tensor, bounds: elementary.ClampOptions): Tensor {
    return elementary.clamp(this, bounds);
  },
  /** 1/this. */
  reciprocal(this: Tensor): Tensor {
    return elementary.reciprocal(this);
  },
  /** this². */
  square(this: Tensor): Tensor {
    return elementary.square(this);
  },
  /** 1/√this. */
  rsqrt(this: Tensor): Tensor {
    return elementary.rsqrt(this);
  },
  /** this + weight · (end - this). */
  lerp(this: Tensor, end: Operand, weight: Operand): Tensor {
    return elementary.lerp(this, end, weight);
  },
  /** The smaller of both, element by element. */
  minimum(this: Tensor, other: Operand): Tensor {
    return pointwise.minimum(this, other);
  },
  /** this ≠ other, as bool. */
  ne(this: Tensor, other: Operand): Tensor {
    return pointwise.ne(this, other);
  },
  /** this ≥ other, as bool. */
  ge(this: Tensor, other: Operand): Tensor {
    return pointwise.ge(this, other);
  },
  /** this ≤ other, as bool. */
  le(this: Tensor, other: Operand): Tensor {
    return pointwise.le(this, other);
  },
  /** Whether both are true. */
  logicalAnd(this: Tensor, other: Operand): Tensor {
    return comparison.logicalAnd(this, other);
  },
  /** Whether at least one is true. */
  logicalOr(this: Tensor, other: Operand): Tensor {
    return comparison.logicalOr(this, other);
  },
  /** Whether exactly one is true. */
  logicalXor(this: Tensor, other: Operand): Tensor {
    return comparison.logicalXor(this, other);
  },
  /** Whether the element is false. */
  logicalNot(this: Tensor): Tensor {
    return comparison.logicalNot(this);
  },
  /** Where an element is not a number. */
  isnan(this: Tensor): Tensor {
    return comparison.isnan(this);
  },
  /** Where an element is infinite. */
  isinf(this: Tensor): Tensor {
    return comparison.isinf(this);
  },
  /** Where an element is neither infinite nor NaN. */
  isfinite(this: Tensor): Tensor {
    return comparison.isfinite(this);
  },
  /** `value` where the mask is true, this elsewhere. */
  maskedFill(this: Tensor, mask: Tensor, value: Operand): Tensor {
    return comparison.maskedFill(this, mask, value);
  },
};
