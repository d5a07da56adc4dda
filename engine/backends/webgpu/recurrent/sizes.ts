// Sizes of sequences, how lanes are shared out over rows and units, and how operands are handed to kernels.

import type { GpuOperand } from "../memory/gpu-buffer.ts";
import { laneCount } from "../shader/shader.ts";

export interface SequenceSizes {
  readonly steps: number;
  readonly rows: number;
  readonly hidden: number;
}

/** Of states h0 … hT, after which come `endStates` more. */
export function sizesOf({ shape }: GpuOperand, endStates: number): SequenceSizes {
  const [states, rows, hidden] = shape as [number, number, number];
  return { steps: states - 1 - endStates, rows, hidden };
}

/** Units and rows of a tile of a step, and terms of the products that are fetched at once. */
export const tile = 16;

/** Sequences that small are walked in one dispatch: a step of it is shorter than starting a kernel for it. */
const [mostUnits, mostStates] = [128, 16_384];

export function isWalkedWhole({ rows, hidden }: SequenceSizes): boolean {
  return hidden <= mostUnits && rows * hidden <= mostStates;
}

/** Lanes for the units of a row: few different numbers, so that few kernels serve many sizes. */
export function lanesFor({ hidden }: SequenceSizes): number {
  return hidden <= tile ? tile : hidden <= 64 ? 64 : mostUnits;
}

export const sequenceUniforms = { steps: "u32", rows: "u32", hidden: "u32" } as const;

/** WGSL: the lane's row and unit where a workgroup walks whole sequences of rows, `lanes` for each. */
export const rowOfLane = (lanes: number) => `
  let H = u.hidden;
  let size = u.rows * H;
  let slot = lane / ${lanes}u;
  let unit = lane % ${lanes}u;
  let row = (group.y * groups.x + group.x) * ${laneCount / lanes}u + slot;
  let isThere = row < u.rows && unit < H;`;

/** WGSL: the same where it computes a tile of one step. */
export const rowOfTile = `
  let H = u.hidden;
  let size = u.rows * H;
  let blocks = (H + ${tile - 1}u) / ${tile}u;
  let number = group.y * groups.x + group.x;
  let unit = number % blocks * ${tile}u + local.x;
  let row = number / blocks * ${tile}u + local.y;
  let isThere = row < u.rows && unit < H;`;

export function tilesOf({ rows, hidden }: SequenceSizes): number {
  return Math.ceil(hidden / tile) * Math.ceil(rows / tile);
}

/** Operands by name, as f32 bindings, with a uniform for each offset. */
export function namedOperands(operands: Readonly<Record<string, GpuOperand>>) {
  const names = Object.keys(operands);
  const of = <T>(value: (name: string) => readonly [string, T]) => Object.fromEntries(names.map(value));
  return {
    reads: of((name) => [name, "f32" as const]),
    uniforms: of((name) => [`${name}Offset`, "u32" as const]),
    values: of((name) => [`${name}Offset`, operands[name]!.offset]),
    buffers: of((name) => [name, operands[name]!.buffer]),
  };
}
