// Weights go from PyTorch to the engine and back: the same state dict, the same logits. PyTorch is real (Debian's
// python3-torch); the files are safetensors, written and read by the safetensors package on its side.

import { spawnSync } from "node:child_process";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { io, manualSeed, models, nn, noGrad, optim, type Tensor, tensor } from "#engine";
import { configureEngine } from "#engine/host";
import { nodeFiles } from "../../kernel/files/node-files.ts";
import { python } from "../python.ts";
import { expectClose } from "../reference/golden.ts";

configureEngine(nodeFiles({ assets: new URL("../../engine/data/assets/", import.meta.url) }));

/** A recurrent layer whose last output is classified. */
class LastStep extends nn.Module {
  readonly rnn: nn.LSTM | nn.GRU | nn.RNN;
  readonly head: nn.Linear;

  constructor(rnn: nn.LSTM | nn.GRU | nn.RNN, features: number) {
    super();
    this.rnn = rnn;
    this.head = new nn.Linear(features, 3);
  }

  override forward(x: Tensor): Tensor {
    const [output] = this.rnn.forward(x);
    return this.head.forward(output.select(1, -1));
  }
}

const make: Readonly<Record<string, () => nn.Module>> = {
  lenet: () => models.leNet5(),
  batchNorm: () =>
    new nn.Sequential(
      new nn.Conv2d(3, 8, 3, { stride: 2, bias: false }),
      new nn.BatchNorm2d(8),
      new nn.ReLU(),
      new nn.Flatten(),
      new nn.Linear(72, 5),
    ),
  norms: () =>
    new nn.Sequential(
      new nn.GroupNorm(2, 4),
      new nn.ConvTranspose2d(4, 6, 3, { stride: 2 }),
      new nn.PReLU(),
      new nn.InstanceNorm2d(6, { affine: true }),
    ),
  lstm: () => new LastStep(new nn.LSTM(5, 8, { numLayers: 2, bidirectional: true, batchFirst: true }), 16),
  gru: () => new LastStep(new nn.GRU(5, 8, { batchFirst: true }), 8),
  rnn: () => new LastStep(new nn.RNN(5, 8, { numLayers: 2, batchFirst: true }), 8),
  transformer: () =>
    new nn.TransformerEncoder(new nn.TransformerEncoderLayer(16, 4, { dimFeedforward: 32, batchFirst: true }), 2),
};

interface Sample {
  readonly shape: readonly number[];
  readonly input: readonly number[];
  readonly output: readonly number[];
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lectern-exchange-"));
  torch("write");
});

function torch(command: string): string {
  const args = ["test/exchange/torch_models.py", command, folder];
  const { status, stdout, stderr } = spawnSync(python, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

async function sampleOf(name: string): Promise<{ readonly input: Tensor; readonly output: readonly number[] }> {
  const { shape, input, output } = JSON.parse(await readFile(join(folder, `${name}.json`), "utf8")) as Sample;
  return { input: tensor(Float64Array.from(input), { shape }), output };
}

describe("a state dict", () => {
  it.each(Object.keys(make))("of PyTorch's gives the same logits here: %s", async (name) => {
    const model = make[name]!().eval();
    model.loadStateDict(await io.loadSafetensors(join(folder, `${name}.safetensors`)));
    const { input, output } = await sampleOf(name);
    expectClose(noGrad(() => model.forward(input)).dataSync(), output, 1e-5);
  });

  it("of this engine gives the same logits in PyTorch, after training here", async () => {
    const expected: Record<string, readonly number[]> = {};
    for (const [name, create] of Object.entries(make)) {
      manualSeed(5);
      const model = create();
      const { input } = await sampleOf(name);
      const optimizer = new optim.Adam(model.parameters(), { lr: 1e-2 });
      for (let step = 0; step < 3; step++) {
        optimizer.zeroGrad();
        model.forward(input).square().mean().backward();
        optimizer.step();
      }
      model.eval();
      expected[name] = [...noGrad(() => model.forward(input)).dataSync()];
      await io.saveSafetensors(join(folder, `${name}.back.safetensors`), model.stateDict());
    }
    const outputs = JSON.parse(torch("check")) as Record<string, readonly number[]>;
    expect(Object.keys(outputs)).toEqual(Object.keys(expected));
    for (const [name, logits] of Object.entries(outputs)) expectClose(logits, expected[name]!, 1e-5);
  });
});
