// Products of narrow or tiny matrices: one invocation for each element. Tiles would mostly be empty there. Uniforms are those of
// product.ts.

/** Sides up to which tiles do not pay. */
export const narrow = 8;

interface DotsOptions {
  /** WGSL: what becomes of a sum in a column. */
  readonly finish: (sum: string, column: string) => string;
  /** WGSL: `aOrigin` and `bOrigin` (i32), where the matrices of `batch` (u32) start. */
  readonly origins: string;
}

export function dotsCode({ finish, origins }: DotsOptions): { readonly main: string } {
  return {
    main: `
  if (index >= u.parts * u.batches * u.rows * u.columns) { return; }
  var place = index;
  let column = place % u.columns; place /= u.columns;
  let row = place % u.rows; place /= u.rows;
  let batch = place % u.batches;
  let part = place / u.batches;
  ${origins}
  let end = i32(min(u.inner, (part + 1u) * u.innerPart));
  let aRow = aOrigin + i32(row) * u.aRow;
  let bColumn = bOrigin + i32(column) * u.bColumn;
  // Four sums: shorter chains, and less lost where they are long.
  var sums = vec4f();
  var k = i32(part * u.innerPart);
  for (; k + 3 < end; k += 4) {
    sums += vec4f(a[aRow + k * u.aColumn], a[aRow + (k + 1) * u.aColumn], a[aRow + (k + 2) * u.aColumn], a[aRow + (k + 3) * u.aColumn])
      * vec4f(b[bColumn + k * u.bRow], b[bColumn + (k + 1) * u.bRow], b[bColumn + (k + 2) * u.bRow], b[bColumn + (k + 3) * u.bRow]);
  }
  for (; k < end; k++) { sums.x += a[aRow + k * u.aColumn] * b[bColumn + k * u.bRow]; }
  let dot = (sums.x + sums.y) + (sums.z + sums.w);
  y[u.yOffset + index] = ${finish("dot", "column")};`,
  };
}
