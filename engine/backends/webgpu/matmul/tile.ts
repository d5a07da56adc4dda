// The tile that a workgroup computes of a product: slices of both operands go into workgroup memory, four neighbours in a vector,
// and every invocation keeps a square of sums in registers. Writes WGSL; which tile is used, product.ts says.
// The blocking is Goto's: K. Goto, R. van de Geijn, Anatomy of High-Performance Matrix Multiplication, 2008, in two levels.

export interface Tile {
  readonly name: string;
  /** Of the product. */
  readonly rows: number;
  readonly columns: number;
  /** Of the inner dimension at a time. */
  readonly inner: number;
  /** Rows and columns of one invocation, in vectors of four. */
  readonly vectors: 1 | 2;
  readonly lanes: number;
  readonly memoryBytes: number;
}

/** From large to small. */
export const tiles: readonly Tile[] = [tile(128, 16, 2), tile(64, 16, 1), tile(32, 16, 1)];

function tile(side: number, inner: number, vectors: 1 | 2): Tile {
  const lanes = (side / (4 * vectors)) ** 2;
  return {
    name: `${side}`,
    rows: side,
    columns: side,
    inner,
    vectors,
    lanes,
    memoryBytes: 2 * inner * (side / 4 + 1) * 16,
  };
}

export function workgroupOf({ lanes }: Tile): [number, number, number] {
  return [lanes, 1, 1];
}

interface TileOptions {
  /** Whether neighbours in memory are neighbours in a row: then neighbouring lanes read along rows. */
  readonly lhsByRow: boolean;
  readonly rhsByRow: boolean;
  /** WGSL: what becomes of a sum in a column. */
  readonly finish: (sum: string, column: string) => string;
  /** WGSL: `aOrigin` and `bOrigin` (i32), where the matrices of `batch` (u32) start. */
  readonly origins: string;
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Uniforms are those of product.ts. */
export function tileCode(tile: Tile, options: TileOptions): { readonly before: string; readonly main: string } {
  const { inner, vectors, lanes, rows, columns } = tile;
  const across = columns / (4 * vectors);
  // One vector more a line: lanes that write one below the other meet different banks.
  const [aLine, bLine] = [rows / 4 + 1, columns / 4 + 1];
  const sums = range(4 * vectors).flatMap((r) => range(vectors).map((c) => `sum${r}_${c}`));
  return {
    before: `
var<workgroup> aTile: array<vec4f, ${inner * aLine}>;
var<workgroup> bTile: array<vec4f, ${inner * bLine}>;
fn aAt(origin: i32, row: u32, k: u32, end: u32) -> f32 {
  if (row >= u.rows || k >= end) { return 0.0; }
  return a[origin + i32(row) * u.aRow + i32(k) * u.aColumn];
}
fn bAt(origin: i32, k: u32, column: u32, end: u32) -> f32 {
  if (column >= u.columns || k >= end) { return 0.0; }
  return b[origin + i32(k) * u.bRow + i32(column) * u.bColumn];
}`,
    main: `
  var place = group.y * groups.x + group.x;
  let columnTile = place % u.columnTiles; place /= u.columnTiles;
  let rowTile = place % u.rowTiles; place /= u.rowTiles;
  let batch = place % u.batches;
  let part = place / u.batches;
  if (part >= u.parts) { return; }
  ${options.origins}
  let rowStart = rowTile * ${rows}u;
  let columnStart = columnTile * ${columns}u;
  let across = lane % ${across}u;
  let down = lane / ${across}u;
  let end = min(u.inner, (part + 1u) * u.innerPart);
  ${sums.map((sum) => `var ${sum} = vec4f();`).join(" ")}
  for (var k0 = part * u.innerPart; k0 < end; k0 += ${inner}u) {
    ${load("a", rows, inner, lanes, options.lhsByRow, aLine)}
    ${load("b", columns, inner, lanes, !options.rhsByRow, bLine)}
    workgroupBarrier();
    for (var k = 0u; k < ${inner}u; k++) {
      ${range(vectors)
        .map((v) => `let a${v} = aTile[k * ${aLine}u + down + ${(v * rows) / 4 / vectors}u];`)
        .join(" ")}
      ${range(vectors)
        .map((v) => `let b${v} = bTile[k * ${bLine}u + across + ${(v * columns) / 4 / vectors}u];`)
        .join(" ")}
      ${range(4 * vectors)
        .flatMap((r) => range(vectors).map((c) => `sum${r}_${c} += a${r >> 2}[${r & 3}] * b${c};`))
        .join("\n      ")}
    }
    workgroupBarrier();
  }
  let yOrigin = u.yOffset + (part * u.batches + batch) * u.rows * u.columns;
  ${store(tile, options.finish)}`,
  };
}

/**
 * Every lane reads vectors of four neighbours along the tile's side. Lanes that follow each other go along the inner dimension
 * or along the side, whichever is closer in memory.
 */
function load(
  letter: "a" | "b",
  side: number,
  inner: number,
  lanes: number,
  alongInner: boolean,
  line: number,
): string {
  const read = (i: number) =>
    letter === "a"
      ? `aAt(aOrigin, rowStart + 4u * v + ${i}u, k0 + k, end)`
      : `bAt(bOrigin, k0 + k, columnStart + 4u * v + ${i}u, end)`;
  return `for (var i = lane; i < ${(side / 4) * inner}u; i += ${lanes}u) {
      ${alongInner ? `let k = i % ${inner}u; let v = i / ${inner}u;` : `let v = i % ${side / 4}u; let k = i / ${side / 4}u;`}
      ${letter}Tile[k * ${line}u + v] = vec4f(${range(4).map(read).join(", ")});
    }`;
}

function store({ vectors, rows, columns }: Tile, finish: TileOptions["finish"]): string {
  return range(4 * vectors)
    .map((r) => {
      const row = `rowStart + 4u * down + ${(r >> 2) * (rows / vectors) + (r & 3)}u`;
      const writes = range(vectors).flatMap((c) =>
        range(4).map((i) => {
          const column = `columnStart + 4u * across + ${c * (columns / vectors) + i}u`;
          return `if (${column} < u.columns) { y[yOrigin + (${row}) * u.columns + ${column}] = ${finish(`sum${r}_${c}[${i}]`, column)}; }`;
        }),
      );
      return `if (${row} < u.rows) {\n    ${writes.join("\n    ")}\n  }`;
    })
    .join("\n  ");
}
