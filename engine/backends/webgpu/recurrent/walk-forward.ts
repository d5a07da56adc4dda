// Recurrent layers forwards over a whole sequence. Small states stay in the memory of workgroups, which walk all steps of some
// rows; else every step is a kernel that multiplies tiles of the states with tiles of the weight, and opens the gates at once.

import type { Output } from "../../backend.ts";
import type { Gpu } from "../gpu.ts";
import { copyElements } from "../kernels/movement.ts";
import type { GpuBuffer, GpuOperand } from "../memory/gpu-buffer.ts";
import { laneCount } from "../shader/shader.ts";
import type { Cell } from "./cells.ts";
import {
  isWalkedWhole,
  lanesFor,
  namedOperands,
  rowOfLane,
  rowOfTile,
  sequenceUniforms,
  sizesOf,
  tile,
  tilesOf,
} from "./sizes.ts";

export interface ForwardOperands {
  readonly pre: GpuOperand;
  readonly weight: GpuOperand;
  readonly bias?: GpuOperand;
  readonly c0?: GpuOperand;
}

/** y = h0, h1 … hT and, where the cell has one, its last state; `y.reserve` is what the gradient reads. */
export function walkForward(gpu: Gpu, cell: Cell, given: ForwardOperands, h0: GpuOperand, y: Output<GpuBuffer>): void {
  const sizes = sizesOf(y, cell.endStates);
  const { steps, rows, hidden } = sizes;
  copyElements(gpu, h0, { ...h0, buffer: y.buffer, offset: 0 });
  if (steps === 0 && given.c0 !== undefined) {
    copyElements(gpu, given.c0, { ...given.c0, buffer: y.buffer, offset: rows * hidden });
  }
  if (rows * hidden === 0) return;
  const { reads, uniforms, values, buffers } = namedOperands({ ...given });
  const writes: Readonly<Record<string, "f32">> = cell.hasReserve ? { y: "f32", reserve: "f32" } : { y: "f32" };
  const all = { ...buffers, y: y.buffer, ...(cell.hasReserve && { reserve: y.reserve! }) };
  if (isWalkedWhole(sizes)) {
    const lanes = lanesFor(sizes);
    const shader = gpu.shader(`${cell.key}/whole/${lanes}`, () => ({
      reads,
      writes,
      uniforms: { ...sequenceUniforms, ...uniforms },
      before: `var<workgroup> last: array<f32, ${laneCount}>;`,
      main: wholeText(cell, lanes),
    }));
    gpu.dispatch(
      shader,
      all as never,
      { ...sizes, ...values } as never,
      gpu.lines(Math.ceil(rows / (laneCount / lanes))),
    );
    return;
  }
  const shader = gpu.shader(`${cell.key}/step`, () => ({
    reads,
    writes,
    uniforms: { ...sequenceUniforms, ...uniforms, t: "u32" },
    workgroup: [tile, tile, 1],
    before: `
var<workgroup> stateTile: array<f32, ${tile * tile}>;
${eachGate(cell, (g) => `var<workgroup> weightTile${g}: array<f32, ${tile * (tile + 1)}>;`)}`,
    main: stepText(cell),
  }));
  for (let t = 0; t < steps; t++) {
    gpu.dispatch(shader, all as never, { ...sizes, ...values, t } as never, gpu.lines(tilesOf(sizes)));
  }
}

const wholeText = (cell: Cell, lanes: number) => `
  ${rowOfLane(lanes)}
  var h = 0.0;
  if (isThere) { h = y[row * H + unit]; }
  for (var t = 0u; t < u.steps; t++) {
    last[lane] = h;
    workgroupBarrier();
    if (isThere) {
      var sums = array<f32, ${cell.gates}>();
      for (var k = 0u; k < H; k++) {
        let state = last[slot * ${lanes}u + k];
        ${eachGate(cell, (g) => `sums[${g}] += state * weight[u.weightOffset + (${g}u * H + unit) * H + k];`)}
      }
      ${cellText(cell)}
    }
    workgroupBarrier();
  }`;

/** Rows of the weight's tile are one longer than they hold, so that lanes beside each other read from different banks. */
const stepText = (cell: Cell) => `
  ${rowOfTile}
  if (number >= blocks * ((u.rows + ${tile - 1}u) / ${tile}u)) { return; }
  let t = u.t;
  let mirrored = number % blocks * ${tile}u + local.y;
  var sums = array<f32, ${cell.gates}>();
  for (var first = 0u; first < H; first += ${tile}u) {
    let k = first + local.x;
    var state = 0.0;
    if (row < u.rows && k < H) { state = y[t * size + row * H + k]; }
    stateTile[lane] = state;
    ${eachGate(
      cell,
      (g) => `
    var weight${g} = 0.0;
    if (mirrored < H && k < H) { weight${g} = weight[u.weightOffset + (${g}u * H + mirrored) * H + k]; }
    weightTile${g}[local.y * ${tile + 1}u + local.x] = weight${g};`,
    )}
    workgroupBarrier();
    var part = array<f32, ${cell.gates}>();
    for (var i = 0u; i < ${tile}u; i++) {
      let state = stateTile[local.y * ${tile}u + i];
      ${eachGate(cell, (g) => `part[${g}] += state * weightTile${g}[local.x * ${tile + 1}u + i];`)}
    }
    ${eachGate(cell, (g) => `sums[${g}] += part[${g}];`)}
    workgroupBarrier();
  }
  if (!isThere) { return; }
  var h = 0.0;
  ${cellText(cell)}`;

const cellText = ({ gates, forward }: Cell) => `
      let at = (t * u.rows + row) * H + unit;
      let gateAt = (t * u.rows + row) * ${gates}u * H + unit;
      ${forward}
      y[at + size] = h;`;

function eachGate({ gates }: Cell, text: (gate: number) => string): string {
  return Array.from({ length: gates }, (_, gate) => text(gate)).join("\n    ");
}
