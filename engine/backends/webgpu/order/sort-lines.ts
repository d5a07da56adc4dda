// Sorts the elements of lines with the places where they were: blocks in workgroup memory by bitonic networks, then runs of twice
// the length in every pass, each element finding its place by a binary search in the other run. Elements become words that
// compare like them, and equal ones keep their order. D. Knuth, The Art of Computer Programming 3, 5.3.4 and 5.2.4.

import type { DType } from "../../../core/dtype.ts";
import type { Around } from "../../../core/shape.ts";
import type { Gpu } from "../gpu.ts";
import type { GpuBuffer } from "../memory/gpu-buffer.ts";
import { laneCount } from "../shader/shader.ts";

/** Row by row, the lines being along the middle dimension. */
export interface Lines extends Around {
  readonly buffer: GpuBuffer;
  readonly offset: number;
  readonly dtype: DType;
}

/** Words [lines, length] that compare like the elements, see {@link keyOf}, sorted, and where each was in its line. */
export interface SortedLines {
  readonly keys: GpuBuffer;
  readonly places: GpuBuffer;
}

/** Elements that a workgroup sorts: 8 KiB of its memory, half of what every GPU has. */
const blockLength = 1024;

/** Hands `use` the sorted lines, which are there for what it dispatches. */
export function sortLines(gpu: Gpu, x: Lines, descending: boolean, use: (sorted: SortedLines) => void): void {
  const size = x.outer * x.length * x.inner;
  withPair(gpu, size, (first) => {
    sortBlocks(gpu, x, descending, first);
    if (x.length <= blockLength) use(first);
    else {
      withPair(gpu, size, (second) => {
        let [from, to] = [first, second];
        for (let run = blockLength; run < x.length; run *= 2) {
          mergeRuns(gpu, size, x.length, run, from, to);
          [from, to] = [to, from];
        }
        use(from);
      });
    }
  });
}

/** Numbers of the dtypes for {@link keyOf}. */
const kinds = { float32: 0, int32: 1, bool: 2 } as const satisfies Record<DType, number>;

/** WGSL: the word of an element, in ascending order. A NaN is the largest, -0 and 0 are equal. */
const keyOf = `
fn keyOf(word: u32) -> u32 {
  if (u.kind == ${kinds.int32}u) { return word ^ 0x80000000u; }
  if (u.kind == ${kinds.bool}u) { return word; }
  let size = word & 0x7fffffffu;
  if (size > 0x7f800000u) { return 0xffffffffu; }
  if (size == 0u) { return 0x80000000u; }
  return select(word | 0x80000000u, ~word, word > size);
}`;

/** Sorts whole lines, or pieces of `blockLength`; a workgroup takes as many lines as fit. One kernel for all, as it is a large one. */
function sortBlocks(gpu: Gpu, x: Lines, descending: boolean, to: SortedLines): void {
  const { outer, length, inner, dtype } = x;
  const width = Math.min(2 ** Math.ceil(Math.log2(Math.max(length, 1))), blockLength);
  const cuts = Math.ceil(length / width);
  const shader = gpu.shader("sort blocks", () => ({
    reads: { x: "u32" },
    writes: { keys: "u32", places: "u32" },
    uniforms: {
      kind: "u32",
      flip: "u32",
      offset: "u32",
      lines: "u32",
      length: "u32",
      inner: "u32",
      cuts: "u32",
      width: "u32",
    },
    before: `
${keyOf}
/** Key and place; what fills a block up comes after all elements. */
var<workgroup> pairs: array<vec2u, ${blockLength}>;
fn isAfter(a: vec2u, b: vec2u) -> bool { return a.x > b.x || (a.x == b.x && a.y > b.y); }`,
    main: `
  let first = (group.y * groups.x + group.x) * (${blockLength}u / u.width);
  if (first >= u.lines * u.cuts) { return; }
  for (var e = lane; e < ${blockLength}u; e += ${laneCount}u) {
    let piece = first + e / u.width;
    let line = piece / u.cuts;
    let k = piece % u.cuts * u.width + e % u.width;
    pairs[e] = vec2u(0xffffffffu);
    if (line < u.lines && k < u.length) {
      let at = u.offset + (line / u.inner * u.length + k) * u.inner + line % u.inner;
      pairs[e] = vec2u(keyOf(x[at]) ^ u.flip, k);
    }
  }
  workgroupBarrier();
  for (var size = 2u; size <= u.width; size = size << 1u) {
    for (var step = size >> 1u; step > 0u; step = step >> 1u) {
      for (var c = lane; c < ${blockLength / 2}u; c += ${laneCount}u) {
        let low = 2u * c - (c & (step - 1u));
        let a = pairs[low];
        let b = pairs[low + step];
        // Halves of a network run up and down in turn, so that the next one finds them bitonic.
        if (isAfter(a, b) == (size == u.width || (low & size) == 0u)) {
          pairs[low] = b;
          pairs[low + step] = a;
        }
      }
      workgroupBarrier();
    }
  }
  for (var e = lane; e < ${blockLength}u; e += ${laneCount}u) {
    let piece = first + e / u.width;
    let line = piece / u.cuts;
    let k = piece % u.cuts * u.width + e % u.width;
    if (line < u.lines && k < u.length) {
      keys[line * u.length + k] = pairs[e].x;
      places[line * u.length + k] = pairs[e].y;
    }
  }`,
  }));
  const lines = outer * inner;
  const groups = gpu.lines(Math.ceil((lines * cuts) / (blockLength / width)));
  const order = { kind: kinds[dtype], flip: descending ? 0xffffffff : 0 };
  const uniforms = { ...order, offset: x.offset, lines, length, inner, cuts, width };
  gpu.dispatch(shader, { x: x.buffer, ...to }, uniforms, groups);
}

/** Two sorted runs of each line become one: an element comes after those of the other run that are smaller, or equal and earlier. */
function mergeRuns(gpu: Gpu, size: number, length: number, run: number, from: SortedLines, to: SortedLines): void {
  const shader = gpu.shader("merge runs", () => ({
    reads: { fromKeys: "u32", fromPlaces: "u32" },
    writes: { keys: "u32", places: "u32" },
    uniforms: { size: "u32", length: "u32", run: "u32" },
    main: `
  if (index >= u.size) { return; }
  let line = index / u.length * u.length;
  let own = (index - line) / u.run;
  let isEarlier = (own & 1u) == 0u;
  let key = fromKeys[index];
  let other = min((own ^ 1u) * u.run, u.length);
  var low = other;
  var high = min(other + u.run, u.length);
  while (low < high) {
    let middle = (low + high) >> 1u;
    let theirs = fromKeys[line + middle];
    if (theirs < key || (theirs == key && !isEarlier)) { low = middle + 1u; } else { high = middle; }
  }
  let k = (own & ~1u) * u.run + (index - line - own * u.run) + (low - other);
  keys[line + k] = key;
  places[line + k] = fromPlaces[index];`,
  }));
  const buffers = { fromKeys: from.keys, fromPlaces: from.places, ...to };
  gpu.dispatch(shader, buffers, { size, length, run }, gpu.linear(size));
}

function withPair(gpu: Gpu, size: number, use: (pair: SortedLines) => void): void {
  gpu.scratch("int32", size, (keys) => gpu.scratch("int32", size, (places) => use({ keys, places })));
}
