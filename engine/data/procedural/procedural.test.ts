import { describe, expect, it } from "vitest";
import { data, Generator } from "../../index.ts";

const { xor, xnor, circles, moons, spirals, gaussianBlobs, checkerboard } = data;
const rowsOf = (set: data.TabularDataset) => {
  const [x, y] = set.tensors;
  const labels = y.dataSync();
  return x.toArraySync<number[][]>().map(([x1, x2], i) => ({ x1: x1!, x2: x2!, label: labels[i]! }));
};

describe("logic gates", () => {
  it.each([
    ["and", [0, 0, 0, 1]],
    ["or", [0, 1, 1, 1]],
    ["nand", [1, 1, 1, 0]],
    ["nor", [1, 0, 0, 0]],
    ["xor", [0, 1, 1, 0]],
    ["xnor", [1, 0, 0, 1]],
  ] as const)("%s is %j", (name, targets) => {
    expect(data.logicGate(name).tensors[1].toArraySync()).toEqual(targets);
    const [x, y] = data.logicGate(name, { low: -1 }).tensors;
    expect(y.toArraySync()).toEqual(targets.map((target) => 2 * target - 1));
    expect(x.toArraySync()).toEqual([
      [-1, -1],
      [-1, 1],
      [1, -1],
      [1, 1],
    ]);
  });

  it("are no others", () => {
    expect(() => data.logicGate("maybe" as never)).toThrow("there is no gate maybe; there are and, or, nand");
  });
});

describe("points in the plane", () => {
  it.each(Object.entries({ xor, xnor, circles, moons, spirals, gaussianBlobs, checkerboard }))(
    "%s: the same seed gives the same points, another one others; half of them of each class",
    (_, make) => {
      const values = (seed: number) => [...make({ generator: new Generator(seed) }).tensors[0].dataSync()];
      expect(values(1)).toEqual(values(1));
      expect(values(1)).not.toEqual(values(2));
      const [x, y] = make({ samples: 1000, generator: new Generator(1) }).tensors;
      expect([x.shape, x.dtype, y.dtype]).toEqual([[1000, 2], "float32", "int32"]);
      expect(Math.abs(y.sum().itemSync() - 500)).toBeLessThan(50);
      expect(() => make({ samples: 0 })).toThrow("samples must be whole and at least 1, got 0");
    },
  );

  it("xor and xnor differ in nothing but the classes", () => {
    const seed = () => ({ generator: new Generator(5) });
    expect(rowsOf(xor(seed())).every(({ x1, x2, label }) => label === Number(x1 * x2 < 0))).toBe(true);
    expect(rowsOf(xnor(seed()))).toEqual(rowsOf(xor(seed())).map((row) => ({ ...row, label: 1 - row.label })));
  });

  it("circles have the radius of their class, and the noise that was asked for", () => {
    const radii = rowsOf(circles({ samples: 2000, factor: 0.3, noise: 0.02, generator: new Generator(1) })).map(
      ({ x1, x2, label }) => Math.hypot(x1, x2) - (label === 0 ? 1 : 0.3),
    );
    const std = Math.sqrt(radii.reduce((sum, error) => sum + error ** 2, 0) / radii.length);
    expect(std).toBeCloseTo(0.02, 2);
    expect(() => circles({ noise: -1 })).toThrow("noise must be at least 0, got -1");
  });

  it("moons lie on half circles", () => {
    for (const { x1, x2, label } of rowsOf(moons({ noise: 0 }))) {
      const radius = label === 0 ? Math.hypot(x1, x2) : Math.hypot(x1 - 1, x2 - 0.5);
      expect(radius).toBeCloseTo(1, 5);
      expect(label === 0 ? x2 >= 0 : x2 <= 0.5).toBe(true);
    }
  });

  it("spirals have as many arms as classes, each turned against the last", () => {
    const set = spirals({ samples: 300, classes: 3, noise: 0, turns: 0.5 });
    expect(set.classes).toEqual(["0", "1", "2"]);
    for (const { x1, x2, label } of rowsOf(set)) {
      const radius = Math.hypot(x1, x2);
      const angle = 2 * Math.PI * (0.5 * radius + label / 3);
      expect(x1).toBeCloseTo(radius * Math.sin(angle), 4);
    }
  });

  it("blobs lie about their centres", () => {
    const rows = rowsOf(
      gaussianBlobs({
        samples: 3000,
        centres: [
          [5, 1],
          [-5, 2],
        ],
        std: 0.5,
        generator: new Generator(2),
      }),
    );
    const first = rows.filter(({ label }) => label === 0);
    const mean = first.reduce((sum, { x1 }) => sum + x1, 0) / first.length;
    expect(mean).toBeCloseTo(5, 1);
    expect(Math.sqrt(first.reduce((sum, { x1 }) => sum + (x1 - mean) ** 2, 0) / first.length)).toBeCloseTo(0.5, 1);
  });

  it("a checkerboard of two squares is XOR", () => {
    const rows = rowsOf(checkerboard({ squares: 2, generator: new Generator(5) }));
    expect(rows.every(({ x1, x2, label }) => label === Number(x1 >= 0 !== x2 >= 0))).toBe(true);
  });
});

describe("sequences", () => {
  it("recall asks for the first symbol, all symbols equally often", () => {
    const [x, y] = data.recall({ samples: 4000, length: 3, generator: new Generator(1) }).tensors;
    expect(x.select(1, 0).toArraySync()).toEqual(y.toArraySync());
    const perSymbol = new Array(8).fill(0);
    for (const symbol of x.dataSync()) perSymbol[symbol]++;
    for (const count of perSymbol) expect(Math.abs(count - 1500)).toBeLessThan(150);
    expect(() => data.recall({ length: 0 })).toThrow("length must be whole and at least 1");
  });

  it("reversed digits are reversed row by row", () => {
    const [x, y] = data.reverseDigits({ samples: 50, length: 7, generator: new Generator(1) }).tensors;
    const [rows, targets] = [x.toArraySync<number[][]>(), y.toArraySync<number[][]>()];
    expect(targets).toEqual(rows.map((row) => row.toReversed()));
    expect([x.dtype, Math.max(...rows.flat())]).toEqual(["int32", 9]);
  });

  it("DNA has the motif where the label says so, and nowhere else", () => {
    const dna = data.dnaMotifs({ samples: 400, length: 30, motif: "ACG", generator: new Generator(1) });
    const [x, y] = dna.tensors;
    expect(dna.sequences.map((sequence) => Number(sequence.includes("ACG")))).toEqual(y.toArraySync());
    expect(
      x
        .sum(1)
        .toArraySync<number[][]>()
        .flat()
        .every((sum) => sum === 1),
    ).toBe(true);
    const letters = Array.from(x.select(0, 7).argmax(0).dataSync(), (letter) => dna.letters[letter]).join("");
    expect(letters).toBe(dna.sequences[7]);
    expect(() => data.dnaMotifs({ motif: "AXG" })).toThrow(
      'motif must be 3 to 40 of the letters A, C, G, T, got "AXG"',
    );
    expect(() => data.dnaMotifs({ motif: "AC" })).toThrow("dnaMotifs");
  });

  it("a noisy sine is a sine with noise", () => {
    const [x, y] = data.sine({ samples: 1000, noise: 0.1, generator: new Generator(1) }).tensors;
    const xs = x.dataSync();
    const std = Math.sqrt(
      Array.from(y.dataSync(), (v, i) => (v - Math.sin(xs[i]!)) ** 2).reduce((a, b) => a + b) / 1000,
    );
    expect(std).toBeCloseTo(0.1, 2);
  });
});

describe("films of a moving square", () => {
  it("show one square that goes where the class says", () => {
    const set = data.movingSquare({ samples: 40, frames: 4, size: 10, square: 2, generator: new Generator(1) });
    const [x, y] = set.tensors;
    expect(
      x
        .sum([2, 3, 4])
        .toArraySync<number[][]>()
        .flat()
        .every((ink) => ink === 4),
    ).toBe(true);
    const labels = y.dataSync();
    const films = x.toArraySync<number[][][][][]>();
    films.forEach((film, i) => {
      const corners = film.map(([picture]) => {
        const row = picture!.findIndex((line) => line.includes(1));
        return [row, picture![row]!.indexOf(1)] as const;
      });
      const [down, right] = [corners[1]![0] - corners[0]![0], corners[1]![1] - corners[0]![1]];
      const moved = { right: [0, 1], left: [0, -1], down: [1, 0], up: [-1, 0] }[set.classes[labels[i]!]!];
      expect([down, right]).toEqual(moved);
      expect(corners[3]).toEqual([corners[0]![0] + 3 * down, corners[0]![1] + 3 * right]);
    });
  });

  it("need room to move", () => {
    expect(() => data.movingSquare({ frames: 20, size: 10 })).toThrow(
      "a square of 3 that moves 19 pixels needs more than 10",
    );
  });
});

describe("drawn digits", () => {
  it("are ink on paper in the middle of the picture, no two alike", () => {
    const [images, labels] = data.strokeDigits({ samples: 60, generator: new Generator(1) }).tensors;
    expect(labels.narrow(0, 0, 12).toArraySync()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]);
    expect([images.min().itemSync(), images.max().itemSync()]).toEqual([0, 1]);
    expect(images.narrow(2, 0, 1).sum().itemSync()).toBe(0);
    expect(images.mean().itemSync()).toBeGreaterThan(0.08);
    expect(images.mean().itemSync()).toBeLessThan(0.25);
    expect(images.select(0, 0).sub(images.select(0, 10)).abs().sum().itemSync()).toBeGreaterThan(10);
  });

  it("can be told apart by the nearest mean picture", () => {
    const train = data.strokeDigits({ samples: 500, generator: new Generator(1) }).tensors[0].reshape(50, 10, 784);
    const means = train.mean(0);
    const [images, labels] = data.strokeDigits({ samples: 200, generator: new Generator(2) }).tensors;
    const distances = images.reshape(200, 1, 784).sub(means).pow(2).sum(2);
    const right = distances.neg().argmax(1).eq(labels).sum().itemSync();
    expect(right / 200).toBeGreaterThan(0.75);
  });
});
