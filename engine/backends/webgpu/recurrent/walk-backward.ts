// Gradients of recurrent layers over a whole sequence, from the last step to the first. As forwards, small ones are one kernel, and
// of larger ones each step is: it multiplies the gradients of the step after it with the weight and closes its own gates at once.

import type { Gpu } from "../gpu.ts";
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

export interface BackwardOperands {
  /** Of all states. */
  readonly grad: GpuOperand;
  readonly weight: GpuOperand;
  readonly states?: GpuOperand;
  readonly reserve?: GpuOperand;
  readonly c0?: GpuOperand;
}

/** y = the gradients of pre and of what the first states are, flat, see ops/inference/recurrent.ts. */
export function walkBackward(gpu: Gpu, cell: Cell, given: BackwardOperands, y: GpuBuffer): void {
  const sizes = sizesOf(given.grad, cell.endStates);
  const { steps, rows, hidden } = sizes;
  if (rows * hidden === 0) return;
  const { reads, uniforms, values, buffers } = namedOperands({ ...given });
  if (isWalkedWhole(sizes)) {
    const lanes = lanesFor(sizes);
    const shader = gpu.shader(`${cell.key} backward/whole/${lanes}`, () => ({
      reads,
      writes: { y: "f32" },
      uniforms: { ...sequenceUniforms, ...uniforms },
      before: `var<workgroup> opened: array<f32, ${cell.gates * laneCount}>;`,
      main: wholeText(cell, lanes),
    }));
    const groups = gpu.lines(Math.ceil(rows / (laneCount / lanes)));
    gpu.dispatch(shader, { ...buffers, y } as never, { ...sizes, ...values }, groups);
    return;
  }
  const shader = gpu.shader(`${cell.key} backward/step`, () => ({
    reads,
    writes: { y: "f32", carries: "f32" },
    uniforms: { ...sequenceUniforms, ...uniforms, state: "u32" },
    workgroup: [tile, tile, 1],
    before: `
var<workgroup> openedTile: array<f32, ${tile * tile}>;
var<workgroup> weightTile: array<f32, ${tile * tile}>;`,
    main: stepText(cell),
  }));
  gpu.scratch("float32", rows * hidden, (carries) => {
    for (let state = steps; state >= 0; state--) {
      const all = { ...buffers, y, carries };
      gpu.dispatch(shader, all as never, { ...sizes, ...values, state } as never, gpu.lines(tilesOf(sizes)));
    }
  });
}

/** WGSL: the gradient of state `state` without what comes through the step after it, and what is carried to the last one. */
const gradOf = (state: string) => `grad[u.gradOffset + ${state} * size + row * H + unit]`;
const lastCarry = ({ carry }: Cell) => (carry === "is of the cell" ? gradOf("(u.steps + 1u)") : "0.0");

const closeGates = ({ gates, backward }: Cell) => `
      let at = (t * u.rows + row) * H + unit;
      let gateAt = (t * u.rows + row) * ${gates}u * H + unit;
      ${backward}`;

/** Gradients of the first states come after those of all steps. */
const writeStart = ({ gates, carry }: Cell) => `
    let start = ${carry === "adds to the state" ? gates + 1 : gates}u * u.steps * size + row * H + unit;
    y[start] = dh;
    ${carry === "is of the cell" ? "y[start + size] = carry;" : ""}`;

const wholeText = (cell: Cell, lanes: number) => `
  ${rowOfLane(lanes)}
  var dh = 0.0;
  var carry = 0.0;
  if (isThere) {
    dh = ${gradOf("u.steps")};
    carry = ${lastCarry(cell)};
  }
  for (var state = u.steps; state > 0u; state--) {
    let t = state - 1u;
    if (isThere) {
      var d = array<f32, ${cell.gates}>();
      ${closeGates(cell)}
      ${eachGate(cell, (g) => `opened[${g * laneCount}u + lane] = d[${g}];`)}
    }
    workgroupBarrier();
    if (isThere) {
      var sum = 0.0;
      for (var j = 0u; j < H; j++) {
        ${eachGate(cell, (g) => `sum += opened[${g * laneCount}u + slot * ${lanes}u + j] * weight[u.weightOffset + (${g}u * H + j) * H + unit];`)}
      }
      dh = ${gradOf("t")} + sum${cell.carry === "adds to the state" ? " + carry" : ""};
    }
    workgroupBarrier();
  }
  if (isThere) { ${writeStart(cell)} }`;

const stepText = (cell: Cell) => `
  ${rowOfTile}
  if (number >= blocks * ((u.rows + ${tile - 1}u) / ${tile}u)) { return; }
  var sum = 0.0;
  // The last state has no step after it.
  let terms = select(0u, ${cell.gates}u * H, u.state < u.steps);
  for (var first = 0u; first < terms; first += ${tile}u) {
    var gradient = 0.0;
    {
      let j = first + local.x;
      let at = (u.state * u.rows + row) * H;
      let gateAt = ${cell.gates}u * at;
      if (row < u.rows && j < terms) { gradient = ${cell.opened}; }
    }
    openedTile[lane] = gradient;
    var own = 0.0;
    if (unit < H && first + local.y < terms) { own = weight[u.weightOffset + (first + local.y) * H + unit]; }
    weightTile[lane] = own;
    workgroupBarrier();
    var part = 0.0;
    for (var i = 0u; i < ${tile}u; i++) {
      part += openedTile[local.y * ${tile}u + i] * weightTile[i * ${tile}u + local.x];
    }
    sum += part;
    workgroupBarrier();
  }
  if (!isThere) { return; }
  let own = row * H + unit;
  var carry = ${lastCarry(cell)};
  if (u.state < u.steps) { carry = carries[own]; }
  let dh = ${gradOf("u.state")} + sum${cell.carry === "adds to the state" ? " + carry" : ""};
  if (u.state > 0u) {
    let t = u.state - 1u;
    var d = array<f32, ${cell.gates}>();
    ${closeGates(cell)}
    carries[own] = carry;
  } else { ${writeStart(cell)} }`;

function eachGate({ gates }: Cell, text: (gate: number) => string): string {
  return Array.from({ length: gates }, (_, gate) => text(gate)).join("\n      ");
}
