// Ops that read and write by index. An index out of range is found by the GPU, and told by the next read.

import type { KernelTable } from "../../backend.ts";
import type { Gpu } from "../gpu.ts";
import { along, oneHot, pick } from "../indexing/pick.ts";
import { place } from "../indexing/place.ts";
import type { GpuBuffer } from "../memory/gpu-buffer.ts";

export const stridedIndexing = ["gather", "indexSelect"] as const;

export const indexingKernels = (gpu: Gpu) =>
  ({
    gather: ([x, index], y, { dim }) => pick(gpu, "gather", x, index, y, dim),
    indexSelect: ([x, index], y, { dim }) => pick(gpu, "indexSelect", x, along(index, y.shape.length, dim), y, dim),
    oneHot: ([index], y, { classes }) => oneHot(gpu, index, y, classes),
    scatterAdd: ([base, index, source], y, { dim }) =>
      place(gpu, base, source, y, { op: "scatterAdd", adds: true, dim, index, isVector: false }),
    scatter: ([base, index, source], y, { dim }) =>
      place(gpu, base, source, y, { op: "scatter", adds: false, dim, index, isVector: false }),
    indexAdd: ([base, index, source], y, { dim }) =>
      place(gpu, base, source, y, { op: "indexAdd", adds: true, dim, index, isVector: true }),
  }) satisfies Partial<KernelTable<GpuBuffer>>;
