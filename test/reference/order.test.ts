// Running sums and products, sorting and what is picked by it against PyTorch.

import { type Run, walkGoldens } from "./walk.ts";

interface Params {
  readonly dim: number;
  readonly descending: boolean;
  readonly k: number;
  readonly largest: boolean;
}

const functions: Readonly<Record<string, Run<Params>>> = {
  cumsum: ([x], { dim }) => x!.cumsum(dim),
  cumprod: ([x], { dim }) => x!.cumprod(dim),
  sort: ([x], options) => x!.sort(options).values,
  argsort: ([x], options) => x!.argsort(options),
  topk: ([x], { k, ...options }) => x!.topk(k, options).values,
  topkIndices: ([x], { k, ...options }) => x!.topk(k, options).indices,
};

walkGoldens("order", functions);
