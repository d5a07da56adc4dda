// How a tensor's elements lie in its storage: sizes, and how far one step along each dimension is. Views (permute, expand,
// slice, and reshape where it can) are new layouts of old elements. No data here; ops/views.ts says which op gives which.

import { type Shape, stridesOf } from "./shape.ts";

export interface Layout {
  readonly shape: Shape;
  /** Elements to skip for one step along each dimension; 0 where a dimension repeats, negative where it is reversed. */
  readonly strides: readonly number[];
  /** Where the first element is. */
  readonly offset: number;
}

/** Row by row, without gaps, from the start. */
export function contiguousLayout(shape: Shape): Layout {
  return { shape, strides: stridesOf(shape), offset: 0 };
}

/** Whether the elements lie row by row without gaps; they may start anywhere. */
export function isContiguous({ shape, strides }: Layout): boolean {
  let expected = 1;
  for (let dim = shape.length - 1; dim >= 0; dim--) {
    const size = shape[dim]!;
    if (size === 0) return true;
    if (size !== 1 && strides[dim] !== expected) return false;
    expected *= size;
  }
  return true;
}

/** Strides that read the layout as if it had been broadcast to `target`: 0 along every repeated dimension. */
export function broadcastStrides({ shape, strides }: Layout, target: Shape): number[] {
  const missing = target.length - shape.length;
  return target.map((_, dim) => (dim < missing || shape[dim - missing] === 1 ? 0 : strides[dim - missing]!));
}

/**
 * The layout that shows the same elements, in the same order, in another shape; undefined where only a copy can.
 * Works group by group: a group of old dimensions whose elements are evenly spaced may be cut up in any way.
 */
export function reshapedLayout(layout: Layout, shape: Shape): Layout | undefined {
  if (isContiguous(layout)) return { ...contiguousLayout(shape), offset: layout.offset };
  const old = layout.shape.flatMap((size, dim) => (size === 1 ? [] : [{ size, stride: layout.strides[dim]! }]));
  const strides = new Array<number>(shape.length).fill(1);
  let to = shape.length - 1;
  for (let from = old.length - 1; from >= 0; ) {
    const { stride } = old[from]!;
    let size = old[from]!.size;
    from--;
    while (from >= 0 && old[from]!.stride === stride * size) {
      size *= old[from]!.size;
      from--;
    }
    let filled = 1;
    while (to >= 0 && filled < size) {
      strides[to] = stride * filled;
      filled *= shape[to]!;
      to--;
    }
    if (filled !== size) return undefined;
  }
  return { shape, strides, offset: layout.offset };
}
