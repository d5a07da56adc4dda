// Y = A · B, or activation(A · B + bias), for batches of matrices of any layout. Chooses the tile; long inner dimensions of few tiles are cut,
// and the parts added afterwards, so that the whole GPU works.

import type { Layout } from "../../../core/layout.ts";
import type { Shape } from "../../../core/shape.ts";
import type { Activation } from "../../../ops/table.ts";
import type { Operand } from "../../backend.ts";
import type { Gpu } from "../gpu.ts";
import { foldAlong } from "../kernels/fold.ts";
import { sumOf } from "../kernels/reduction.ts";
import type { GpuBuffer } from "../memory/gpu-buffer.ts";
import { activated } from "../shader/activation.ts";
import { type ElementType, laneCount } from "../shader/shader.ts";
import { coordinates, distance, walk } from "../shader/walk.ts";
import { dotsCode, narrow } from "./dots.ts";
import { type Lying, type Tile, tileCode, tiles, typeOf, workgroupOf } from "./tile.ts";

/** Matrices in a buffer, of which the product's batch picks one after the other. */
export interface Matrices {
  readonly buffer: GpuBuffer;
  readonly rowStride: number;
  readonly columnStride: number;
  /** Where each matrix starts. */
  readonly stack: Layout;
}

export interface ProductSizes {
  readonly batch: Shape;
  readonly rows: number;
  readonly columns: number;
  readonly inner: number;
}

/** What is done to a finished sum. */
export interface Ending {
  /** One element for each column. */
  readonly bias: Operand<GpuBuffer> | undefined;
  readonly activation: Activation;
}

const asItIs: Ending = { bias: undefined, activation: "none" };

function isPlain({ bias, activation }: Ending): boolean {
  return bias === undefined && activation === "none";
}

/** Workgroups that keep a GPU busy. */
const enoughGroups = 256;
/** Inner elements that are worth a part of their own. */
const innerCut = 256;

/** Writes the contiguous `y`. */
export function multiply(
  gpu: Gpu,
  sizes: ProductSizes,
  lhs: Matrices,
  rhs: Matrices,
  y: Operand<GpuBuffer>,
  ending: Ending = asItIs,
): void {
  const { batch, rows, columns, inner } = sizes;
  const stacks = walk(batch, [lhs.stack, rhs.stack]);
  const elements = stacks.count * rows * columns;
  if (elements === 0) return;
  const tile = Math.min(rows, columns) <= narrow ? undefined : tileFor(gpu, stacks.count, rows, columns);
  const groups = groupsOf(tile, stacks.count, rows, columns);
  const wanted = Math.min(Math.floor(inner / innerCut), Math.floor(enoughGroups / groups));
  const parts = isPlain(ending) ? Math.max(1, wanted) : 1;
  const product = { sizes, stacks, lhs, rhs, tile, ending };
  if (parts === 1) {
    dispatch(gpu, product, { buffer: y.buffer, offset: y.offset, parts });
    return;
  }
  gpu.scratch("float32", parts * elements, (buffer) => {
    dispatch(gpu, product, { buffer, offset: 0, parts });
    const all = { buffer, dtype: "float32", shape: [parts, elements], strides: [elements, 1], offset: 0 } as const;
    foldAlong(gpu, sumOf("float32"), all, [0], y);
  });
}

/** The largest tile that still gives enough workgroups; the smallest where none does. */
function tileFor(gpu: Gpu, batch: number, rows: number, columns: number): Tile {
  const fits = tiles.filter(({ lanes, memoryBytes }) => {
    const { maxComputeInvocationsPerWorkgroup, maxComputeWorkgroupStorageSize } = gpu.info.limits;
    return lanes <= maxComputeInvocationsPerWorkgroup && memoryBytes <= maxComputeWorkgroupStorageSize;
  });
  return fits.find((tile) => groupsOf(tile, batch, rows, columns) >= enoughGroups) ?? fits.at(-1)!;
}

/** Without a tile, an invocation computes an element. */
function groupsOf(tile: Tile | undefined, batch: number, rows: number, columns: number): number {
  if (tile === undefined) return Math.ceil((batch * rows * columns) / laneCount);
  return batch * Math.ceil(rows / tile.rows) * Math.ceil(columns / tile.columns);
}

interface Product {
  readonly sizes: ProductSizes;
  readonly stacks: ReturnType<typeof walk>;
  readonly lhs: Matrices;
  readonly rhs: Matrices;
  readonly tile: Tile | undefined;
  readonly ending: Ending;
}

interface Target {
  readonly buffer: GpuBuffer;
  readonly offset: number;
  /** Of the inner dimension; the product of each is written behind that of the one before. */
  readonly parts: number;
}

function dispatch(
  gpu: Gpu,
  { sizes, stacks, lhs, rhs, tile, ending: { bias, activation } }: Product,
  target: Target,
): void {
  const { rows, columns, inner } = sizes;
  const { rank } = stacks;
  const a = lyingOf(lhs.columnStride, lhs.rowStride, inner, rows, startsOf(stacks, 0));
  const b = lyingOf(rhs.rowStride, rhs.columnStride, inner, columns, startsOf(stacks, 1));
  const writesVectors = areFours(columns, target.offset);
  const hasBias = bias !== undefined;
  const layouts = tile === undefined ? "any" : `${textOf(a)}/${textOf(b)}/${writesVectors ? "vec4f" : "f32"}`;
  const key = `matmul/${tile?.name ?? "dots"}/${layouts}/${rank}/${hasBias ? "bias" : "plain"}/${activation}`;
  const finish = (sum: string, column: string) =>
    activated(activation, hasBias ? `(${sum} + bias[u.biasOffset + i32(${column}) * u.biasStride])` : sum);
  const shader = gpu.shader(key, () => ({
    reads: {
      a: tile === undefined ? "f32" : typeOf(a),
      b: tile === undefined ? "f32" : typeOf(b),
      ...(hasBias && { bias: "f32" }),
    } as Record<string, ElementType>,
    writes: { y: tile !== undefined && writesVectors ? "vec4f" : "f32" },
    uniforms: {
      rows: "u32",
      columns: "u32",
      inner: "u32",
      innerPart: "u32",
      parts: "u32",
      batches: "u32",
      rowTiles: "u32",
      columnTiles: "u32",
      aRow: "i32",
      aColumn: "i32",
      bRow: "i32",
      bColumn: "i32",
      yOffset: "u32",
      biasOffset: "i32",
      biasStride: "i32",
      sizes: ["u32", rank],
      offsets: ["i32", 2],
      aStrides: ["i32", rank],
      bStrides: ["i32", rank],
    },
    ...(tile === undefined
      ? dotsCode({ finish, origins: originsOf(rank) })
      : {
          workgroup: workgroupOf(tile),
          ...tileCode(tile, { lhs: a, rhs: b, writesVectors, finish, origins: originsOf(rank) }),
        }),
  }));
  const rowTiles = Math.ceil(rows / (tile?.rows ?? 1));
  const columnTiles = Math.ceil(columns / (tile?.columns ?? 1));
  const { parts } = target;
  const uniforms = {
    rows,
    columns,
    inner,
    innerPart: roundUp(Math.ceil(inner / parts), tile?.inner ?? 4),
    parts,
    batches: stacks.count,
    rowTiles,
    columnTiles,
    aRow: lhs.rowStride,
    aColumn: lhs.columnStride,
    bRow: rhs.rowStride,
    bColumn: rhs.columnStride,
    yOffset: target.offset,
    biasOffset: bias?.offset ?? 0,
    biasStride: bias?.strides[0] ?? 0,
    sizes: stacks.sizes,
    offsets: stacks.offsets,
    aStrides: stacks.strides[0]!,
    bStrides: stacks.strides[1]!,
  };
  const inputs = { a: lhs.buffer, b: rhs.buffer, ...(bias && { bias: bias.buffer }) } as Record<string, GpuBuffer>;
  const places = parts * stacks.count * rowTiles * columnTiles;
  gpu.dispatch(
    shader,
    { ...inputs, y: target.buffer },
    uniforms,
    tile === undefined ? gpu.linear(places) : gpu.lines(places),
  );
}

function originsOf(rank: number): string {
  return `
  ${coordinates(rank, "batch")}
  let aOrigin = u.offsets0 + ${distance("aStrides", rank)};
  let bOrigin = u.offsets1 + ${distance("bStrides", rank)};`;
}

function roundUp(size: number, step: number): number {
  return Math.ceil(size / step) * step;
}

/** How matrices lie, by their steps along the inner dimension and along the other one, and by all numbers that say where they start. */
function lyingOf(innerStep: number, sideStep: number, inner: number, side: number, starts: readonly number[]): Lying {
  const isInner = Math.abs(innerStep) <= Math.abs(sideStep);
  const [near, far, run] = isInner ? [innerStep, sideStep, inner] : [sideStep, innerStep, side];
  return { along: isInner ? "inner" : "side", isVectors: near === 1 && areFours(far, run, ...starts) };
}

function startsOf({ offsets, strides }: ReturnType<typeof walk>, operand: number): readonly number[] {
  return [offsets[operand]!, ...strides[operand]!];
}

function areFours(...sizes: readonly number[]): boolean {
  return sizes.every((size) => size % 4 === 0);
}

function textOf(lying: Lying): string {
  return `${lying.along} ${typeOf(lying)}`;
}
