// Pieces and arrangements of elements against PyTorch. Lists of pieces are joined again, each with another weight.

import type { Tensor } from "#engine";
import * as engine from "#engine";
import { type Run, walkGoldens } from "./walk.ts";

interface Params {
  readonly size: number;
  readonly step: number;
  readonly dim: number;
  readonly chunks: number;
  readonly dims: number[];
  readonly shifts: number;
  readonly repeats: never;
  readonly source: number;
  readonly destination: number;
  readonly offset?: number;
  readonly dim1: number;
  readonly dim2: number;
  readonly indexing: "ij" | "xy";
  readonly shape: readonly number[];
  readonly padding: readonly number[];
  readonly mode: "constant" | "reflect" | "replicate" | "circular";
  readonly value?: string;
}

const weighted = (pieces: readonly Tensor[]) => pieces.map((piece, i) => piece.mul(i + 1));

const functions: Readonly<Record<string, Run<Params>>> = {
  split: ([x], { size, dim }) => engine.cat(weighted(x!.split(size, dim)), dim),
  chunk: ([x], { chunks, dim }) => engine.cat(weighted(x!.chunk(chunks, dim)), dim),
  unbind: ([x], { dim }) => weighted(x!.unbind(dim)).reduce((sum, piece) => sum.add(piece)),
  flip: ([x], { dims }) => x!.flip(dims),
  roll: ([x], { shifts, dims }) => x!.roll(shifts, dims),
  rollFlat: ([x], { shifts }) => x!.roll(shifts),
  repeat: ([x], { repeats }) => x!.repeat(repeats),
  repeatInterleave: ([x], { repeats, dim }) => x!.repeatInterleave(repeats, dim),
  movedim: ([x], { source, destination }) => x!.movedim(source, destination),
  tril: ([x], { offset }) => x!.tril(offset),
  triu: ([x], { offset }) => x!.triu(offset),
  diag: ([x], { offset }) => x!.diag(offset),
  diagonal: ([x], { offset, dim1, dim2 }) => x!.diagonal(offset, dim1, dim2),
  meshgrid: (vectors, { indexing }) => engine.stack(engine.meshgrid(vectors, { indexing })),
  broadcastTo: ([x], { shape }) => x!.broadcastTo(shape),
  unfold: ([x], { dim, size, step }) => x!.unfold(dim, size, step),
  pad: ([x], { padding, mode, value }) =>
    engine.nn.functional.pad(x!, padding, { mode, value: value === "-inf" ? -Infinity : Number(value ?? 0) }),
};

walkGoldens("movement", functions);
