// Debian's real Fashion-MNIST. test/run.ts installs the package where it may; without it the tests are skipped, which CI
// counts as a failure.

import { existsSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { nodeFolder } from "../../../kernel/files/node-folder.ts";
import { configureEngine } from "../../host.ts";
import { data } from "../../index.ts";

const system = "/usr/share/datasets";
const isThere = existsSync(`${system}/fashion-mnist/t10k-images-idx3-ubyte.gz`);

it("Debian's Fashion-MNIST is there (apt-get install dataset-fashion-mnist)", {
  skip: process.env.CI !== "true",
}, () => {
  expect(isThere).toBe(true);
});

describe.skipIf(!isThere)("Fashion-MNIST as Debian packs it", () => {
  beforeAll(() => configureEngine({ datasetFolders: [nodeFolder(system)], cache: nodeFolder("/nonexistent") }));

  it("is 10,000 pictures to test with, a thousand of each class", async () => {
    const set = await data.fashionMnist({ train: false });
    expect([set.length, set.imageShape, set.classes.length]).toEqual([10_000, [1, 28, 28], 10]);
    const perClass = new Array(10).fill(0);
    for (const label of set.labels) perClass[label]++;
    expect(perClass).toEqual(new Array(10).fill(1000));
    expect(set.classes[set.labels[0]!]).toBe("ankle boot");
  });

  it("is 60,000 pictures to train with, in batches of floats from 0 to 1", async () => {
    const set = await data.fashionMnist();
    expect(set.length).toBe(60_000);
    const [batch] = new data.DataLoader(new data.Subset(set, [0, 1, 2, 3]), { batchSize: 4 });
    const [images, labels] = batch!;
    expect([images.shape, images.dtype]).toEqual([[4, 1, 28, 28], "float32"]);
    expect(labels.toArraySync()).toEqual([9, 0, 0, 3]);
    expect(images.max().itemSync()).toBe(1);
  });
});
