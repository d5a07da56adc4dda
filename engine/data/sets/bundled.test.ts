import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { configureEngine } from "../../host.ts";
import { data, type Tensor } from "../../index.ts";
import { classesOf, numbersOf, parseTable } from "./asset.ts";

const assets = new URL("../assets/", import.meta.url);
beforeAll(() => configureEngine({ readAsset: (name) => readFile(new URL(name, assets)) }));

const counts = (labels: Tensor): number[] => {
  const perClass: number[] = [];
  for (const label of labels.dataSync()) perClass[label] = (perClass[label] ?? 0) + 1;
  return perClass;
};
const firstRow = ([x]: readonly Tensor[]) =>
  Array.from(x!.select(0, 0).dataSync(), (value) => Number(value.toFixed(2)));

describe("the bundled data", () => {
  it("are the files that the notice describes, by checksum and size", async () => {
    const notice = (await readFile(new URL("NOTICE.md", assets), "utf8")).replaceAll(/\s+/g, " ");
    const files = (await readdir(assets)).filter((name) => name !== "NOTICE.md");
    expect(files.length).toBe(10);
    for (const name of files) {
      const bytes = await readFile(new URL(name, assets));
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      expect(notice).toContain(`\`${sha256}\`, ${bytes.length.toLocaleString("en")} bytes`);
      expect(notice).toContain(name);
    }
  });

  it("are small enough to travel with the extension", async () => {
    const sizes = (await readdir(assets)).map(async (name) => (await readFile(new URL(name, assets))).length);
    expect((await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)).toBeLessThan(220_000);
  });
});

describe("iris", () => {
  it("is 150 flowers, 50 of each species", async () => {
    const iris = await data.iris();
    const [x, y] = iris.tensors;
    expect([x.shape, x.dtype, y.dtype, counts(y)]).toEqual([[150, 4], "float32", "int32", [50, 50, 50]]);
    expect(firstRow(iris.tensors)).toEqual([5.1, 3.5, 1.4, 0.2]);
    const means = x.mean(0).toArraySync<number[]>();
    expect(means.map((mean) => mean.toFixed(3))).toEqual(["5.843", "3.057", "3.758", "1.199"]);
  });
});

describe("penguins", () => {
  it("are 342 that were measured, of three species", async () => {
    const penguins = await data.penguins();
    expect(counts(penguins.tensors[1])).toEqual([151, 68, 123]);
    expect(firstRow(penguins.tensors)).toEqual([39.1, 18.7, 181, 3750]);
  });
});

describe("series", () => {
  it("sunspots have one number a year from 1700 to 2008", async () => {
    const { years, values } = await data.sunspots();
    expect(years.toArraySync()).toEqual(Array.from({ length: 309 }, (_, i) => 1700 + i));
    expect([years.dtype, values.shape, values.max().itemSync().toFixed(1)]).toEqual(["int32", [309], "190.2"]);
  });

  it("carbon dioxide rises, with five months missing", async () => {
    const { months, years, values, seasonallyAdjusted } = await data.co2();
    expect([months.length, months[0], years.shape, seasonallyAdjusted.shape]).toEqual([741, "1958-03", [741], [741]]);
    expect(years.select(0, 0).itemSync()).toBeCloseTo(1958 + 2.5 / 12, 3);
    expect([values.select(0, 0).itemSync(), values.select(0, -1).itemSync()]).toEqual([
      Math.fround(315.7),
      Math.fround(416.18),
    ]);
    const all = new Set(months);
    expect(all.size).toBe(741);
    expect(["1958-06", "1958-10", "1964-02", "1964-03", "1964-04"].filter((month) => all.has(month))).toEqual([]);
  });

  it("the weather of Seattle is rain or sun on 1,281 of 1,461 days", async () => {
    const weather = await data.weather();
    expect([weather.length, weather.features.length, weather.dates.at(-1)]).toEqual([1461, 4, "2015-12-31"]);
    expect(counts(weather.tensors[1])).toEqual([53, 101, 641, 26, 640]);
  });
});

describe("texts", () => {
  it("names are sorted lists without doubles", async () => {
    const [female, male, all] = await Promise.all([
      data.names({ kind: "female" }),
      data.names({ kind: "male" }),
      data.names(),
    ]);
    expect([female.length, male.length, all.length]).toEqual([4944, 3897, 8422]);
    expect(all).toEqual([...new Set(all)].sort());
    expect(all.every((name) => /^[A-Z][A-Za-z-]+$/.test(name))).toBe(true);
    await expect(data.names({ kind: "other" as never })).rejects.toThrow(
      "kind must be one of female, male, all, got other",
    );
  });

  it("Moby-Dick begins as everybody knows and ends with chapter 20", async () => {
    const text = await data.mobyDick();
    expect(text.length).toBe(201_723);
    expect(text.startsWith("CHAPTER 1. Loomings.\n\nCall me Ishmael.")).toBe(true);
    expect(text.match(/^CHAPTER \d+/gm)?.at(-1)).toBe("CHAPTER 20");
  });
});

describe("the photo", () => {
  it("is dark before white", async () => {
    const photo = await data.photo();
    expect([photo.shape, photo.dtype]).toEqual([[128, 128], "float32"]);
    expect(photo.select(0, 0).select(0, 0).itemSync()).toBeGreaterThan(0.8);
    expect(photo.min().itemSync()).toBeLessThan(0.1);
    expect(photo.max().itemSync()).toBeLessThanOrEqual(1);
  });

  it("is refused when it is something else", async () => {
    configureEngine({ readAsset: () => readFile(new URL("iris.csv.gz", assets)) });
    await expect(data.photo()).rejects.toThrow("not a PGM file of 128 x 128 pixels");
  });
});

describe("the karate club", () => {
  it("has 78 friendships, 16 of the instructor and 17 of the president", () => {
    const { edges, labels } = data.karateClub();
    const degrees = new Array(34).fill(0);
    for (const member of edges.dataSync()) degrees[member]++;
    expect([edges.shape, degrees[0], degrees[33], Math.min(...degrees)]).toEqual([[78, 2], 16, 17, 1]);
    expect(new Set(edges.toArraySync<number[][]>().map(String)).size).toBe(78);
    expect([labels.select(0, 0).itemSync(), labels.select(0, 33).itemSync(), counts(labels)]).toEqual([0, 1, [17, 17]]);
  });
});

describe("a table", () => {
  const table = parseTable("test", "a,b\n1,x\n2,y\n");

  it("gives columns as numbers and as classes", () => {
    expect([...numbersOf("test", table, ["a"])]).toEqual([1, 2]);
    expect([...classesOf("test", table, "b", ["y", "x"])]).toEqual([1, 0]);
  });

  it("is refused when a cell is not what it is taken for", () => {
    expect(() => parseTable("test", "a,b\n1\n")).toThrow("line 2 has 1 cells, the header has 2");
    expect(() => numbersOf("test", table, ["b"])).toThrow('line 2 has no number for b, got "x"');
    expect(() => numbersOf("test", table, ["c"])).toThrow('line 2 has no number for c, got ""');
    expect(() => classesOf("test", table, "b", ["x"])).toThrow('line 3: b is "y", none of x');
  });
});
