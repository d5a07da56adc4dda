// Bilinear resizing over N × C × H × W and its gradient. Source positions are torch's: pixel centres, or corners on corners. They
// are computed in whole numbers with 32 bits after the point, as float32 would not tell pixels far from the start apart.

import { type Shape, sizeOf } from "../../../core/shape.ts";
import type { ResizeParams } from "../../../ops/table.ts";
import type { KernelTable } from "../../backend.ts";
import type { Gpu } from "../gpu.ts";
import type { GpuBuffer } from "../memory/gpu-buffer.ts";

export const resizeKernels = (gpu: Gpu) =>
  ({
    bilinear: ([x], y, params) => {
      const shader = gpu.shader("bilinear", () => ({
        reads: { x: "f32" },
        writes: { y: "f32" },
        uniforms,
        before: sources,
        main: `
  if (index >= u.count) { return; }
  let place = i32(index);
  let rows = rowSource(place / u.outSize1 % u.outSize0);
  let columns = columnSource(place % u.outSize1);
  let plane = u.inputStart + place / u.outSize1 / u.outSize0 * u.size0 * u.size1;
  let near = plane + rows.near * u.size1;
  let far = plane + rows.far * u.size1;
  let share = columns.share;
  let top = x[near + columns.near] * (1.0 - share) + x[near + columns.far] * share;
  let bottom = x[far + columns.near] * (1.0 - share) + x[far + columns.far] * share;
  y[u.yStart + index] = top * (1.0 - rows.share) + bottom * rows.share;`,
      }));
      const count = sizeOf(y.shape);
      const sizes = { ...uniformsOf(x.shape, y.shape, params), count, inputStart: x.offset, yStart: y.offset };
      gpu.dispatch(shader, { x: x.buffer, y: y.buffer }, sizes, gpu.linear(count));
    },
    // An input pixel gathers from the output pixels that blend it: along each axis a run, as positions only grow.
    bilinearInput: ([grad], y, params) => {
      const shader = gpu.shader("bilinearInput", () => ({
        reads: { grad: "f32" },
        writes: { y: "f32" },
        uniforms,
        before: `${sources}\n${firstUsers}`,
        main: `
  if (index >= u.count) { return; }
  let row = i32(index) / u.size1 % u.size0;
  let column = i32(index) % u.size1;
  let plane = u.inputStart + i32(index) / u.size1 / u.size0 * u.outSize0 * u.outSize1;
  let firstColumn = firstColumnUser(column);
  var sum = 0.0;
  for (var i = firstRowUser(row); i < u.outSize0; i++) {
    let rows = rowSource(i);
    if (rows.near > row) { break; }
    var sumOfRow = 0.0;
    for (var j = firstColumn; j < u.outSize1; j++) {
      let columns = columnSource(j);
      if (columns.near > column) { break; }
      sumOfRow += grad[plane + i * u.outSize1 + j] * shareOf(columns, column);
    }
    sum += sumOfRow * shareOf(rows, row);
  }
  y[u.yStart + index] = sum;`,
      }));
      const count = sizeOf(y.shape);
      const sizes = { ...uniformsOf(y.shape, grad.shape, params), count, inputStart: grad.offset, yStart: y.offset };
      gpu.dispatch(shader, { grad: grad.buffer, y: y.buffer }, sizes, gpu.linear(count));
    },
  }) satisfies Partial<KernelTable<GpuBuffer>>;

const uniforms = {
  count: "u32",
  inputStart: "i32",
  yStart: "u32",
  // In height and width.
  size: ["i32", 2],
  outSize: ["i32", 2],
  /** Input pixels for one output pixel: whole ones, the rest in units of 2^-32, and roughly the reciprocal. */
  whole: ["u32", 2],
  part: ["u32", 2],
  inverse: ["f32", 2],
  alignCorners: "u32",
} as const;

function uniformsOf(input: Shape, output: Shape, { scale, alignCorners }: ResizeParams) {
  return {
    size: input.slice(2),
    outSize: output.slice(2),
    whole: scale.map(Math.floor),
    part: scale.map((each) => Math.min(Math.round((each % 1) * 2 ** 32), 2 ** 32 - 1)),
    inverse: scale.map((each) => Math.min(1 / each, 2 ** 24)),
    alignCorners: Number(alignCorners),
  };
}

/** For an output position along one axis: the two input positions between which it lies, and the share of the second. */
const sources = `
struct Source { near: i32, far: i32, share: f32 }
fn sourceOf(place: i32, whole: u32, part: u32, size: i32) -> Source {
  let corners = u.alignCorners != 0u;
  // Of pixel centres, twice the position: (2 · place + 1) · scale - 1.
  let steps = select(2u * u32(place) + 1u, u32(place), corners);
  var at = wideProduct(steps, part);
  at.x += steps * whole;
  if (!corners) {
    if (at.x == 0u) { at = vec2u(0u, 0u); } else { at.x -= 1u; }
    at = vec2u(at.x >> 1u, (at.y >> 1u) | (at.x << 31u));
  }
  let near = min(i32(at.x), size - 1);
  return Source(near, min(near + 1, size - 1), f32(i32(at.x) - near) + f32(at.y) * ${2 ** -32}f);
}
fn rowSource(place: i32) -> Source { return sourceOf(place, u.whole0, u.part0, u.size0); }
fn columnSource(place: i32) -> Source { return sourceOf(place, u.whole1, u.part1, u.size1); }`;

/** The first output position that blends an input position, from a guess; and the share that an input position has. */
const firstUsers = ["Row", "Column"]
  .map(
    (name, axis) => `
fn first${name}User(place: i32) -> i32 {
  let size = u.outSize${axis};
  let shift = select(0.5, 0.0, u.alignCorners != 0u);
  var first = clamp(i32((f32(place - 1) + shift) * u.inverse${axis} - shift), 0, size);
  while (first > 0 && ${name.toLowerCase()}Source(first - 1).far >= place) { first--; }
  while (first < size && ${name.toLowerCase()}Source(first).far < place) { first++; }
  return first;
}`,
  )
  .concat(`
fn shareOf(source: Source, place: i32) -> f32 {
  return select(0.0, 1.0 - source.share, source.near == place) + select(0.0, source.share, source.far == place);
}`)
  .join("");
