// The ops that compute nothing: they show the same elements in another layout. Used by dispatch.ts, before any backend is
// asked. `reshape` gives up (undefined) where the elements are too scattered; dispatch then copies them first.

import { broadcastStrides, type Layout, reshapedLayout } from "../core/layout.ts";
import type { OpName, Params, ViewOp } from "./table.ts";

type Views = { readonly [P in ViewOp]: (layout: Layout, params: Params<P>) => Layout | undefined };

export const views: Views = {
  reshape: (layout, { shape }) => reshapedLayout(layout, shape),
  permute: ({ shape, strides, offset }, { dims }) => ({
    shape: dims.map((dim) => shape[dim]!),
    strides: dims.map((dim) => strides[dim]!),
    offset,
  }),
  expand: (layout, { shape }) => ({ shape, strides: broadcastStrides(layout, shape), offset: layout.offset }),
  flip: ({ shape, strides, offset }, { dims }) => ({
    shape,
    strides: strides.map((stride, dim) => (dims.includes(dim) ? -stride : stride)),
    offset: dims.reduce((start, dim) => start + Math.max(shape[dim]! - 1, 0) * strides[dim]!, offset),
  }),
  slice: ({ shape, strides, offset }, { dim, start, length, step }) => ({
    shape: shape.with(dim, length),
    strides: strides.with(dim, strides[dim]! * step),
    offset: length === 0 ? offset : offset + start * strides[dim]!,
  }),
};

export function isView(op: OpName): op is ViewOp {
  return Object.hasOwn(views, op);
}
