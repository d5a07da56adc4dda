// Polynomials of the elementary functions of one variable, for all backends that compute them themselves: the CPU's generated
// kernels (wasm/math) and the GPU's (webgpu/shader/math.ts). No code here.
//
// All are of our own fitting: weighted minimax polynomials (Lawson's iteration on a Chebyshev grid, in float64), whose
// coefficients were rounded to float32 one by one from the lowest, the rest being fitted anew.
// C. L. Lawson, Contributions to the Theory of Linear Least Maximum Approximation, 1961.

/** ln 2 with 10 bits, so that its products with small integers are exact, and the rest. */
export const [ln2High, ln2Low] = [0.693359375, Math.LN2 - 0.693359375] as const;

/** (eʳ - 1 - r) / r² for |r| ≤ ½ ln 2, so that eʳ is right to 2^-28. */
export const ofExp = [0.49999994, 0.16666521, 0.041668274, 0.008368685, 0.0013820109] as const;
/** The same with eʳ - 1 right to 2^-31. */
export const ofExpm1 = [0.5, 0.16666666, 0.041666493, 0.0083335442, 0.0013932342, 0.00019763382] as const;
/** The same for -¾ ln 2 ≤ r ≤ ¼ ln 2. */
export const ofExpm1Below = [0.5, 0.16666669, 0.041666932, 0.0083331587, 0.0013803152, 0.00017201353] as const;

/** (ln (1 + f) - f) / f² for 1 + f from √½ to √2: ln (1 + f) to 2^-30. */
export const ofLog1p = [
  -0.5, 0.33333313, -0.25000009, 0.20002072, -0.16667989, 0.14220358, -0.12406234, 0.11883549, -0.11670098, 0.067492679,
] as const;

/** Where the polynomials of erf meet, and from where on 1 is nearer than any other float32. */
export const [erfBorder, erfEnd] = [0.875, 4];
/** erf x / x - 1 in x² for |x| ≤ 0.875, to 2^-26. */
export const ofErf = [0.12837915, -0.37612507, 0.11281965, -0.026772428, 0.0050023231, -0.00060407212] as const;
/** ln (1 - erf x) for 0.875 ≤ x ≤ 4, erf x to 2^-29. */
export const ofLogErfc = [
  -0.00013358331, -1.1279361, -0.63673717, -0.10432763, 0.022420313, -0.0030923265, 0.0002010009,
] as const;
