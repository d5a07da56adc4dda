// A product of two matrices, tile by tile, as WGSL: a workgroup brings `depth` rows of both operands into its memory, and every
// invocation adds their products to a block of sums in its registers. What the matrices are, the kernels that use this say.

/** The part of a product that one workgroup computes. */
export interface Tile {
  readonly rows: number;
  readonly columns: number;
  /** How far a workgroup goes at a time along the axis that is summed. */
  readonly depth: number;
  /** Each invocation has a block of `block` × `block` sums, in pieces of 4 × 4. */
  readonly block: 4 | 8;
}

/** All fit into 256 invocations and 16 KiB, which every device has. */
const tiles: readonly Tile[] = [
  { rows: 64, columns: 64, depth: 16, block: 4 },
  { rows: 64, columns: 32, depth: 16, block: 4 },
  { rows: 32, columns: 128, depth: 16, block: 4 },
  { rows: 32, columns: 64, depth: 16, block: 4 },
  { rows: 32, columns: 32, depth: 16, block: 4 },
  { rows: 16, columns: 128, depth: 16, block: 4 },
  { rows: 16, columns: 64, depth: 16, block: 4 },
];
/** Reads its operands least often; worth it where there is work for all of the GPU. */
const largeTile: Tile = { rows: 64, columns: 128, depth: 8, block: 8 };
const [manyWorkgroups, enoughWorkgroups] = [256, 128];
/** Longer sums in one float32 lose bits. */
const mostInOneSum = 4096;

/** How a product rows × depth by depth × columns is cut. */
export interface Cut {
  readonly tile: Tile;
  readonly rowTiles: number;
  readonly columnTiles: number;
  /** Pieces of the axis that is summed, and what is in one of them. */
  readonly parts: number;
  readonly partDepth: number;
}

/** `copies` products of these sizes run at once. */
export function cutProduct(rows: number, columns: number, depth: number, copies: number): Cut {
  const tile = tileFor(rows, columns, copies);
  const count = tilesOf(tile, rows, columns);
  const idle = Math.floor(manyWorkgroups / Math.max(count * copies, 1));
  const wanted = Math.max(Math.min(idle, Math.floor(depth / 128)), Math.ceil(depth / mostInOneSum), 1);
  const partDepth = Math.max(Math.ceil(depth / wanted / tile.depth), 1) * tile.depth;
  return {
    tile,
    rowTiles: Math.ceil(rows / tile.rows),
    columnTiles: Math.ceil(columns / tile.columns),
    parts: Math.max(Math.ceil(depth / partDepth), 1),
    partDepth,
  };
}

/** The tile that computes least beyond what is asked; of equal ones the largest. */
function tileFor(rows: number, columns: number, copies: number): Tile {
  const cost = (tile: Tile) => tilesOf(tile, rows, columns) * tile.rows * tile.columns;
  const best = tiles.reduce((best, tile) => (cost(tile) < cost(best) ? tile : best));
  const isLarge = tilesOf(largeTile, rows, columns) * copies >= enoughWorkgroups;
  return isLarge && cost(largeTile) <= cost(best) ? largeTile : best;
}

function tilesOf(tile: Tile, rows: number, columns: number): number {
  return Math.ceil(rows / tile.rows) * Math.ceil(columns / tile.columns);
}

export function invocationsOf({ rows, columns, block }: Tile): number {
  return (rows * columns) / block ** 2;
}

export function keyOf({ rows, columns, block }: Tile): string {
  return `${rows}x${columns}x${block}`;
}

/** WGSL: what the workgroup of a cut product computes, by its number: where its tile begins, of which group and part. */
export function placeOfWorkgroup({ rows, columns }: Tile): string {
  return `
  let id = group.y * groups.x + group.x;
  if (id >= u.workgroups) { return; }
  let firstRow = id % u.rowTiles * ${rows}u;
  let rest = id / u.rowTiles;
  let firstColumn = rest % u.columnTiles * ${columns}u;
  let convGroup = rest / u.columnTiles % u.groups;
  let part = rest / u.columnTiles / u.groups;`;
}

/** Which of a tile's operands. Both lie in workgroup memory as vectors of four rows, or columns, for each step in depth. */
export type Side = "left" | "right";

/** In vectors. The one that nobody uses keeps stores down the depth out of each other's banks. */
function pitch(tile: Tile, side: Side): number {
  return (side === "left" ? tile.rows : tile.columns) / 4 + 1;
}

export function tileMemory(tile: Tile): string {
  const declare = (side: Side) => `var<workgroup> ${side}: array<vec4f, ${tile.depth * pitch(tile, side)}>;`;
  return `${declare("left")}\n${declare("right")}`;
}

/**
 * WGSL that fills one side. Neighbouring invocations go along `along`: the axis in which the operand lies in memory. `value`
 * gives the vector for the names it gets: of the step in depth (u32, from 0 to the tile's depth) and of the first of its four
 * rows or columns (u32, in the tile).
 */
export function fillSide(
  tile: Tile,
  side: Side,
  along: "depth" | "tile",
  value: (step: string, first: string) => string,
): string {
  const vectors = pitch(tile, side) - 1;
  const invocations = invocationsOf(tile);
  const total = vectors * tile.depth;
  return Array.from({ length: Math.ceil(total / invocations) }, (_, store) => {
    const { step, vector } = placeOf(tile, side, along, store);
    const put = `${side}[(${step}) * ${pitch(tile, side)}u + ${vector}] = ${value(step, `4u * (${vector})`)};`;
    return total < invocations ? `if (lane < ${total}u) { ${put} }` : put;
  }).join("\n");
}

/** What an invocation fills: a step in depth that is the same for all stores along "depth", a vector that is so along "tile". */
function placeOf(tile: Tile, side: Side, along: "depth" | "tile", store: number) {
  const vectors = pitch(tile, side) - 1;
  const invocations = invocationsOf(tile);
  const inner = along === "depth" ? tile.depth : vectors;
  const outer = `lane / ${inner}u + ${store * (invocations / inner)}u`;
  return along === "depth" ? { step: `lane % ${inner}u`, vector: outer } : { step: outer, vector: `lane % ${inner}u` };
}

/** WGSL: the sums, as zeros, and where the invocation's block is. */
export function startSums(tile: Tile): string {
  const across = tile.columns / tile.block;
  const sums = eachSum(tile, (row, piece) => `var sum${row}x${piece} = vec4f();`);
  return `let blockRow = lane / ${across}u;\nlet blockColumn = lane % ${across}u;\n${sums}`;
}

/** WGSL: waits for both sides, adds their product to the sums, and waits until nobody needs them any more. */
export function addProducts(tile: Tile): string {
  const pieces = Array.from({ length: tile.block / 4 }, (_, piece) => piece);
  const load = (side: Side, block: string, size: number) =>
    pieces
      .map((i) => `let ${side}${i} = ${side}[step * ${pitch(tile, side)}u + ${(i * size) / tile.block}u + ${block}];`)
      .join("\n");
  return `
workgroupBarrier();
for (var step = 0u; step < ${tile.depth}u; step++) {
  ${load("left", "blockRow", tile.rows)}
  ${load("right", "blockColumn", tile.columns)}
  ${eachSum(tile, (row, piece) => `sum${row}x${piece} += left${row >> 2}[${row & 3}] * right${piece};`)}
}
workgroupBarrier();`;
}

/**
 * WGSL that hands every sum on: `column` gets the name of a column of the tile (u32) and what is to be done with the sums in
 * it, `put` the name of a row of the tile (u32) and the sum.
 */
export function eachResult(
  tile: Tile,
  column: (column: string, body: string) => string,
  put: (row: string, sum: string) => string,
): string {
  const at = (block: string, piece: number, size: number, i: number) =>
    `(4u * ${block} + ${(4 * piece * size) / tile.block + i}u)`;
  const results: string[] = [];
  for (let c = 0; c < tile.block; c++) {
    const piece = c >> 2;
    const body = Array.from({ length: tile.block }, (_, row) =>
      put(at("blockRow", row >> 2, tile.rows, row & 3), `sum${row}x${piece}[${c & 3}]`),
    ).join("\n");
    results.push(`{ ${column(at("blockColumn", piece, tile.columns, c & 3), body)} }`);
  }
  return results.join("\n");
}

function eachSum(tile: Tile, write: (row: number, piece: number) => string): string {
  const lines: string[] = [];
  for (let row = 0; row < tile.block; row++) {
    for (let piece = 0; piece < tile.block / 4; piece++) lines.push(write(row, piece));
  }
  return lines.join("\n  ");
}
