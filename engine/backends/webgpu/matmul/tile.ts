// The tile that a workgroup computes of a product: slices of both operands go into workgroup memory, four neighbours in a vector,
// and every invocation keeps a square of sums in registers. Writes WGSL; which tile is used, product.ts says.
// Operands and product are bound as vectors of four where product.ts says that they lie so; the sums are the same to the bit.
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

/** How an operand lies in memory. */
export interface Lying {
  /** Where neighbours in memory are neighbours: along the inner dimension, or along the tile's side. */
  readonly along: "inner" | "side";
  /** Whether its buffer is one of vectors, and four neighbours always are one of these. */
  readonly isVectors: boolean;
}

interface TileOptions {
  readonly lhs: Lying;
  readonly rhs: Lying;
  /** Whether the product's buffer is one of vectors, and its rows are made of whole ones. */
  readonly writesVectors: boolean;
  /** WGSL: what becomes of a sum in a column. */
  readonly finish: (sum: string, column: string) => string;
  /** WGSL: `aOrigin` and `bOrigin` (i32), where the matrices of `batch` (u32) start. */
  readonly origins: string;
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Uniforms are those of product.ts. */
export function tileCode(tile: Tile, options: TileOptions): { readonly before: string; readonly main: string } {
  const { inner, vectors, rows, columns } = tile;
  const { lhs, rhs } = options;
  const across = columns / (4 * vectors);
  // One vector more a line: lanes that write one below the other meet different banks.
  const [aLine, bLine] = [rows / 4 + 1, columns / 4 + 1];
  const sums = range(4 * vectors).flatMap((r) => range(vectors).map((c) => `sum${r}_${c}`));
  return {
    before: `
var<workgroup> aTile: array<vec4f, ${inner * aLine}>;
var<workgroup> bTile: array<vec4f, ${inner * bLine}>;
fn aAt(origin: i32, row: u32, k: u32, end: u32) -> ${typeOf(lhs)} {
  if (row >= u.rows || k >= end) { return ${typeOf(lhs)}(); }
  return a[(origin + i32(row) * u.aRow + i32(k) * u.aColumn)${lhs.isVectors ? " >> 2u" : ""}];
}
fn bAt(origin: i32, k: u32, column: u32, end: u32) -> ${typeOf(rhs)} {
  if (column >= u.columns || k >= end) { return ${typeOf(rhs)}(); }
  return b[(origin + i32(k) * u.bRow + i32(column) * u.bColumn)${rhs.isVectors ? " >> 2u" : ""}];
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
    ${load("a", rows, tile, lhs, aLine)}
    ${load("b", columns, tile, rhs, bLine)}
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
  ${store(tile, options)}`,
  };
}

/** Elements of an operand's buffer. */
export function typeOf({ isVectors }: Lying): "f32" | "vec4f" {
  return isVectors ? "vec4f" : "f32";
}

/**
 * Every lane writes vectors of four neighbours along the tile's side. Lanes that follow each other go along the inner dimension
 * or along the side, whichever is closer in memory. Vectors along the inner dimension are read four at a time, and transposed.
 */
function load(
  letter: "a" | "b",
  side: number,
  { inner, lanes }: Tile,
  { along, isVectors }: Lying,
  line: number,
): string {
  const areTransposed = isVectors && along === "inner";
  const steps = areTransposed ? inner / 4 : inner;
  const step = areTransposed ? "4u * k" : "k";
  const read = (i: number) =>
    letter === "a"
      ? `aAt(aOrigin, rowStart + 4u * v + ${i}u, k0 + ${step}, end)`
      : `bAt(bOrigin, k0 + ${step}, columnStart + 4u * v + ${i}u, end)`;
  const four = range(4).map(read).join(", ");
  const put = (value: string, i = 0) => `${letter}Tile[(${step} + ${i}u) * ${line}u + v] = ${value};`;
  return `for (var i = lane; i < ${(side / 4) * steps}u; i += ${lanes}u) {
      ${along === "inner" ? `let k = i % ${steps}u; let v = i / ${steps}u;` : `let v = i % ${side / 4}u; let k = i / ${side / 4}u;`}
      ${
        areTransposed
          ? `let block = transpose(mat4x4f(${four}));\n      ${range(4)
              .map((i) => put(`block[${i}]`, i))
              .join(" ")}`
          : put(isVectors ? read(0) : `vec4f(${four})`)
      }
    }`;
}

function store({ vectors, rows, columns }: Tile, { finish, writesVectors }: TileOptions): string {
  const columnOf = (c: number, i: number) => `columnStart + 4u * across + ${c * (columns / vectors) + i}u`;
  const write = (row: string, column: string, value: string) =>
    `if (${column} < u.columns) { y[(yOrigin + (${row}) * u.columns + ${column})${writesVectors ? " >> 2u" : ""}] = ${value}; }`;
  return range(4 * vectors)
    .map((r) => {
      const row = `rowStart + 4u * down + ${(r >> 2) * (rows / vectors) + (r & 3)}u`;
      const writes = range(vectors).flatMap((c) => {
        const finished = range(4).map((i) => finish(`sum${r}_${c}[${i}]`, columnOf(c, i)));
        if (writesVectors) return [write(row, columnOf(c, 0), `vec4f(${finished.join(", ")})`)];
        return finished.map((value, i) => write(row, columnOf(c, i), value));
      });
      return `if (${row} < u.rows) {\n    ${writes.join("\n    ")}\n  }`;
    })
    .join("\n  ");
}
