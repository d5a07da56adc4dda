// That nothing is left out: every function, layer and loss of the door has PyTorch goldens, or a reason why not.

import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as engine from "#engine";
import { readGolden } from "./golden.ts";

interface Row {
  readonly op?: string;
  readonly layer?: string;
  readonly name?: string;
}

/** What the rows of all golden tables are called: `add`, `softmax`, `Conv2d(3, 4, 3)`. */
const rows = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(".golden.json"))
  .map((file) => readGolden<readonly Row[] | { readonly rows?: readonly Row[] }>(file.replace(".golden.json", "")))
  .flatMap((table) => ("rows" in table ? (table.rows ?? []) : Array.isArray(table) ? (table as readonly Row[]) : []))
  .map(({ op, layer, name }) => op ?? layer ?? name ?? "");
const all = rows.join("\n");

const proved = (name: string) => rows.includes(name) || new RegExp(`\\b${name}\\b`).test(all);

const elsewhere: Readonly<Record<string, string>> = {
  arange: "creation: tensor.test.ts, and every golden needs it",
  assertClose: "for lectures, no op",
  at: "properties.test.ts and at.test.ts: torch indexes by brackets",
  contiguous: "changes no values: properties.test.ts",
  detectAnomaly: "throws or changes nothing: anomaly.test.ts",
  evaluate: "fit.test.ts",
  eye: "creation: tensor.test.ts",
  fit: "fit.test.ts, and the optimisers' goldens",
  full: "creation: tensor.test.ts",
  grad: "every gradient of the goldens comes that way; grad.test.ts",
  gradcheck: "it is itself a proof",
  gradgradcheck: "it is itself a proof",
  gradients: "grad.test.ts",
  isGradEnabled: "a question",
  linspace: "creation: tensor.test.ts",
  manualSeed: "random.golden.json",
  memory: "a question",
  device: "a choice",
  noGrad: "changes no values",
  onMeta: "computes nothing",
  ones: "creation: tensor.test.ts",
  predict: "fit.test.ts",
  rand: "random.golden.json",
  randint: "random.golden.json",
  randn: "random.golden.json",
  randperm: "random.golden.json",
  tensor: "every golden needs it",
  uniform: "random.golden.json",
  zeros: "creation: tensor.test.ts",
};

/** Functions whose layer has the goldens. */
const asLayer: Readonly<Record<string, string>> = {
  attentionWeights: "MultiheadAttention",
  batchNorm: "BatchNorm2d",
  bilinear: "Bilinear",
  binaryCrossEntropy: "BCELoss",
  binaryCrossEntropyWithLogits: "BCEWithLogitsLoss",
  causalMask: "MultiheadAttention",
  cosineEmbeddingLoss: "CosineEmbeddingLoss",
  cosineSimilarity: "CosineEmbeddingLoss",
  dropout: "Dropout",
  dropout2d: "Dropout2d",
  embedding: "Embedding",
  groupNorm: "GroupNorm",
  gruCell: "GRUCell",
  gruSequence: "GRU",
  huberLoss: "HuberLoss",
  instanceNorm: "InstanceNorm2d",
  klDiv: "KLDivLoss",
  l1Loss: "L1Loss",
  layerNorm: "LayerNorm",
  localResponseNorm: "LocalResponseNorm",
  lstmCell: "LSTMCell",
  lstmSequence: "LSTM",
  rnnCell: "RNNCell",
  rnnSequence: "RNN",
  scaledDotProductAttention: "MultiheadAttention",
  smoothL1Loss: "SmoothL1Loss",
};

const withoutPeer: Readonly<Record<string, string>> = {
  gaussianNeuron: "the lectures' own: lectures.test.ts",
  ramp: "the lectures' own",
  sigmoidNeuron: "the lectures' own",
  step: "the lectures' own",
  mguCell: "torch has no minimal gated unit: lecture-networks.test.ts, and MGU's goldens from a model in Python",
  mguSequence: "as mguCell",
  MGUCell: "as mguCell",
  PositionalEncoding: "torch has none: the formula's values in its test",
  Buffer: "no layer",
  Module: "no layer",
  ModuleDict: "a container",
  ModuleList: "a container",
  ModelSummary: "no layer",
  HookHandle: "no layer",
  Parameter: "no layer",
  Sequential: "a container; models.golden.json",
  StateDictError: "no layer",
  TransformerEncoder: "layer-encoders.golden.json: its two layers and their copies",
};

const isExcused = (name: string) =>
  name in elsewhere || name in withoutPeer || (name in asLayer && proved(asLayer[name]!));

describe("goldens", () => {
  const namesOf = (space: object) =>
    Object.entries(space).flatMap(([name, value]) => (typeof value === "function" ? [name] : []));

  it("are more than 2,000", () => {
    expect(rows.filter((name) => name !== "").length).toBeGreaterThan(2_000);
  });

  it.each([
    ["functions", namesOf(engine).filter((name) => /^[a-z]/.test(name))],
    ["nn.functional", namesOf(engine.nn.functional)],
    ["layers and losses", namesOf(engine.nn)],
    [
      "optimisers",
      namesOf(engine.optim).filter((name) => !["Optimizer", "clipGradNorm", "clipGradValue"].includes(name)),
    ],
  ])("or a reason are there for all %s", (_, names) => {
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => !proved(name) && !isExcused(name))).toEqual([]);
  });

  it("are not excused where they are there", () => {
    const excuses = Object.keys({ ...elsewhere, ...asLayer, ...withoutPeer });
    expect(excuses.filter((name) => rows.includes(name))).toEqual([]);
  });
});
