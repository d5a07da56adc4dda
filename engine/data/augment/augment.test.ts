import { describe, expect, it } from "vitest";
import { arange, data, Generator, ones, type Tensor, tensor, zeros } from "../../index.ts";

const { augment } = data;
const seeded = (seed = 1) => new Generator(seed);
/** One channel, one image. */
const picture = (rows: number[][]) => tensor(rows).reshape(1, 1, rows.length, rows[0]!.length);
const rowsOf = (images: Tensor) => images.select(0, 0).select(0, 0).toArraySync<number[][]>();

const dot = picture([
  [0, 0, 0, 0, 0],
  [0, 0, 0, 0, 0],
  [0, 0, 1, 0, 0],
  [0, 0, 0, 0, 0],
  [0, 0, 0, 0, 0],
]);

describe("every augmentation", () => {
  const all = {
    randomShift: augment.randomShift({ pixels: 2 }),
    randomHorizontalFlip: augment.randomHorizontalFlip(),
    randomCrop: augment.randomCrop({ size: 6, padding: 1 }),
    centreCrop: augment.centreCrop({ size: 6 }),
    randomRotation: augment.randomRotation({ degrees: 30 }),
    gaussianNoise: augment.gaussianNoise({ std: 0.1 }),
    normalize: augment.normalize({ mean: 0.5, std: 2 }),
    colourPca: augment.colourPca(),
    randomBrightness: augment.randomBrightness({ amount: 0.2 }),
    compose: augment.compose(augment.randomShift({ pixels: 1 }), augment.gaussianNoise({ std: 0.1 })),
  };
  const images = arange(2 * 3 * 8 * 8)
    .to("float32")
    .reshape(2, 3, 8, 8)
    .div(384);

  it.each(Object.entries(all))(
    "%s gives the same for the same seed and leaves the images as they were",
    (_, change) => {
      const before = [...images.dataSync()];
      const changed = change(images, seeded());
      expect(changed.dtype).toBe("float32");
      expect(changed.shape.slice(0, 2)).toEqual([2, 3]);
      expect([...changed.dataSync()]).toEqual([...change(images, seeded()).dataSync()]);
      expect([...images.dataSync()]).toEqual(before);
    },
  );

  it.each(Object.entries(all))("%s wants images", (_, change) => {
    expect(() => change(zeros([3, 8, 8]))).toThrow("expected images [N, C, H, W], got [3, 8, 8]");
  });

  it("gives each image random numbers of its own", () => {
    const shifted = augment
      .randomShift({ pixels: 2 })(dot.expand(50, 1, 5, 5), seeded())
      .reshape(50, 25);
    expect(new Set(shifted.argmax(1).dataSync()).size).toBeGreaterThan(15);
    expect(shifted.sum().itemSync()).toBe(50);
  });
});

describe("a random shift", () => {
  it("moves all channels alike, by all distances equally often", () => {
    const both = dot.expand(2500, 2, 5, 5);
    const shifted = augment.randomShift({ pixels: 1 })(both, seeded());
    expect(shifted.select(1, 0).sub(shifted.select(1, 1)).abs().sum().itemSync()).toBe(0);
    const places = shifted.select(1, 0).sum(0).toArraySync<number[][]>();
    expect(places[0]).toEqual([0, 0, 0, 0, 0]);
    for (const count of places.slice(1, 4).flatMap((row) => row.slice(1, 4))) {
      expect(Math.abs(count - 2500 / 9)).toBeLessThan(60);
    }
  });

  it("by nothing changes nothing; by a part of a pixel is refused", () => {
    expect(rowsOf(augment.randomShift({ pixels: 0 })(dot))).toEqual(rowsOf(dot));
    expect(() => augment.randomShift({ pixels: 0.5 })).toThrow("pixels must be whole and at least 0, got 0.5");
  });
});

describe("a random flip", () => {
  const pair = picture([
    [1, 2],
    [3, 4],
  ]);

  it("mirrors left and right, about as often as asked for", () => {
    expect(rowsOf(augment.randomHorizontalFlip({ probability: 1 })(pair))).toEqual([
      [2, 1],
      [4, 3],
    ]);
    expect(rowsOf(augment.randomHorizontalFlip({ probability: 0 })(pair))).toEqual(rowsOf(pair));
    const corner = augment.randomHorizontalFlip({ probability: 0.25 })(pair.expand(2000, 1, 2, 2), seeded());
    const flipped = corner.select(3, 0).select(2, 0).eq(2).sum().itemSync();
    expect(flipped / 2000).toBeCloseTo(0.25, 1);
  });

  it("wants a probability", () => {
    expect(() => augment.randomHorizontalFlip({ probability: 2 })).toThrow(
      "probability must be between 0 and 1, got 2",
    );
  });
});

describe("crops", () => {
  const board = arange(16).to("float32").reshape(1, 1, 4, 4);

  it("take the middle", () => {
    expect(rowsOf(augment.centreCrop({ size: 2 })(board))).toEqual([
      [5, 6],
      [9, 10],
    ]);
    expect(rowsOf(augment.centreCrop({ size: [1, 4] })(board))).toEqual([[4, 5, 6, 7]]);
  });

  it("take every window there is, with black around when there is padding", () => {
    const corners = (options: { size: number; padding?: number }) =>
      new Set(
        augment
          .randomCrop(options)(board.expand(400, 1, 4, 4), seeded())
          .select(3, 0)
          .select(2, 0)
          .dataSync(),
      );
    expect([...corners({ size: 2 })].sort((a, b) => a - b)).toEqual([0, 1, 2, 4, 5, 6, 8, 9, 10]);
    expect([...corners({ size: 4, padding: 1 })].sort((a, b) => a - b)).toEqual([0, 1, 4, 5]);
    const shape = augment.randomCrop({ size: 6, padding: 1 })(board).shape;
    expect(shape).toEqual([1, 1, 6, 6]);
  });

  it("do not fit into smaller images", () => {
    expect(() => augment.centreCrop({ size: 5 })(board)).toThrow("a window of 5 x 5 does not fit into 4 x 4");
    expect(() => augment.randomCrop({ size: 7, padding: 1 })(board)).toThrow("does not fit into 4 x 4 with padding 1");
    expect(() => augment.centreCrop({ size: 0 })(board)).toThrow("size must be whole and at least 1");
  });
});

describe("a rotation", () => {
  it("by nothing changes nothing", () => {
    expect(rowsOf(augment.randomRotation({ degrees: 0 })(dot))).toEqual(rowsOf(dot));
  });

  it("keeps the middle", () => {
    const turned = augment.randomRotation({ degrees: 180 })(dot.expand(20, 1, 5, 5), seeded());
    expect(turned.select(3, 2).select(2, 2).min().itemSync()).toBeCloseTo(1, 5);
  });

  it("turns by the angle that was drawn, counter-clockwise for positive ones", () => {
    // nextFloat() = 1 draws the largest angle.
    const largest = { nextFloat: () => 1 } as unknown as Generator;
    const right = picture([
      [0, 0, 0],
      [0, 0, 1],
      [0, 0, 0],
    ]);
    expect(rowsOf(augment.randomRotation({ degrees: 90 })(right, largest))).toEqual([
      [0, 1, 0],
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });
});

describe("changes of value", () => {
  it("noise has the deviation that was asked for", () => {
    const noisy = augment.gaussianNoise({ std: 0.5, mean: 1 })(zeros([10, 1, 40, 40]), seeded());
    const noise = [...noisy.dataSync()];
    const mean = noise.reduce((sum, value) => sum + value, 0) / noise.length;
    expect(mean).toBeCloseTo(1, 1);
    expect(Math.sqrt(noise.reduce((sum, value) => sum + (value - mean) ** 2, 0) / noise.length)).toBeCloseTo(0.5, 1);
    expect(() => augment.gaussianNoise({ std: -1 })).toThrow("std must be at least 0, got -1");
  });

  it("normalisation is per channel", () => {
    const images = tensor([1, 2, 3, 4]).reshape(1, 2, 1, 2);
    expect(
      augment
        .normalize({ mean: [1, 3], std: [1, 0.5] })(images)
        .flatten()
        .toArraySync(),
    ).toEqual([0, 1, 0, 2]);
    expect(() => augment.normalize({ mean: [1, 2, 3], std: 1 })(images)).toThrow("3 numbers for mean, 2 channels");
    expect(() => augment.normalize({ mean: 0, std: 0 })).toThrow("std must not be 0");
  });

  it("brightness multiplies all pixels of an image by one number", () => {
    const bright = augment
      .randomBrightness({ amount: 0.5 })(ones([100, 1, 2, 2]), seeded())
      .reshape(100, 4);
    expect(
      bright
        .sub(bright.narrow(1, 0, 1))
        .abs()
        .max()
        .itemSync(),
    ).toBe(0);
    expect(bright.min().itemSync()).toBeGreaterThanOrEqual(0.5);
    expect(bright.max().itemSync()).toBeLessThan(1.5);
  });
});

describe("the colour jitter of AlexNet", () => {
  it("adds one colour to all pixels of an image, mostly light and dark", () => {
    const changed = augment.colourPca({ std: 0.1 })(zeros([500, 3, 2, 2]), seeded());
    const colours = changed.select(3, 0).select(2, 0);
    expect(
      changed
        .sub(colours.reshape(500, 3, 1, 1))
        .abs()
        .max()
        .itemSync(),
    ).toBe(0);
    // The first component is grey with an eigenvalue of 0.2175: a deviation of 0.1 · 0.2175 · 0.57 in each channel.
    const reds = [...colours.select(1, 0).dataSync()];
    const std = Math.sqrt(reds.reduce((sum, value) => sum + value ** 2, 0) / reds.length);
    expect(std).toBeCloseTo(0.1 * 0.2175 * 0.5675, 2);
    expect(() => augment.colourPca()(zeros([1, 1, 2, 2]))).toThrow("expected three channels, got [1, 1, 2, 2]");
  });

  it("finds the components of other images: a known mixture comes out again", async () => {
    // Orange light of deviation 2 and blue light of deviation 0.5, independent of each other.
    const strength = new Float32Array(8000);
    seeded().fillNormal(strength);
    const pixels = Float32Array.from({ length: 12_000 }, (_, at) => {
      const [channel, pixel] = [Math.floor(at / 4000), at % 4000];
      return 2 * strength[pixel]! * [0.8, 0.6, 0][channel]! + 0.5 * strength[4000 + pixel]! * [0, 0, 1][channel]!;
    });
    const { values, vectors } = await augment.colourComponents(tensor(pixels, { shape: [1, 3, 40, 100] }));
    expect(values[0]).toBeCloseTo(4, 0);
    expect(values[1]).toBeCloseTo(0.25, 1);
    expect(values[2]).toBeCloseTo(0, 5);
    expect(vectors[0]!.map(Math.abs).map((share) => share.toFixed(1))).toEqual(["0.8", "0.6", "0.0"]);
    await expect(augment.colourComponents(zeros([1, 1, 4, 4]))).rejects.toThrow("expected colour images [N, 3, H, W]");
  });
});

describe("augmentation in a loader", () => {
  it("differs from epoch to epoch and agrees for the same seed", () => {
    const set = new data.TensorDataset(dot.expand(4, 1, 5, 5), arange(4));
    const epochs = (seed: number) => {
      const generator = seeded(seed);
      const shift = augment.randomShift({ pixels: 2 });
      const loader = new data.DataLoader(
        new data.TransformDataset(set, ([x, y]) => [shift(x, generator), y] as const),
        { batchSize: 4 },
      );
      return [1, 2].map(() => [...[...loader][0]![0].dataSync()]);
    };
    const [first, second] = epochs(3);
    expect(first).not.toEqual(second);
    expect(epochs(3)).toEqual([first, second]);
  });
});
