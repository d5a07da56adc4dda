// Polynomials as WGSL text.

/** c₀ + c₁x + c₂x² + … by Horner's rule. */
export function polynomial(x: string, coefficients: readonly number[]): string {
  return coefficients.map((c) => `${c}f`).reduceRight((sum, c) => `(${c} + ${x} * ${sum})`);
}
