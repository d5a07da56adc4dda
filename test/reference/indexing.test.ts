// Reading and writing by index, products of vectors and matrices, and einsum against PyTorch.

import * as engine from "#engine";
import { type Run, two, walkGoldens } from "./walk.ts";

interface Params {
  readonly dim: number;
  readonly value: number;
  readonly minlength?: number;
  readonly equation: string;
}

const functions: Readonly<Record<string, Run<Params>>> = {
  scatter: ([x, index, source], { dim }) => x!.scatter(dim, index!, source!),
  scatterValue: ([x, index], { dim, value }) => x!.scatter(dim, index!, value),
  maskedSelect: ([x, mask]) => x!.maskedSelect(mask!),
  nonzero: ([x]) => x!.nonzero(),
  bincount: ([x, weights], { minlength = 0 }) =>
    x!.bincount(weights === undefined ? { minlength } : { weights, minlength }),
  unique: ([x]) => x!.unique(),
  uniqueInverse: ([x]) => x!.unique({ returnInverse: true }).inverse!,
  uniqueCounts: ([x]) => x!.unique({ returnCounts: true }).counts!,
  dot: two(engine.dot),
  mv: two(engine.mv),
  bmm: two(engine.bmm),
  outer: two(engine.outer),
  einsum: (operands, { equation }) => engine.einsum(equation, ...operands),
};

walkGoldens("indexing", functions);
