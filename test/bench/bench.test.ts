// The parts of the benchmark that are no measurements: counting, arithmetic of results, text, and the ceiling's module.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  B_OFFSET,
  C_OFFSET,
  DEPTH,
  flopsPerRepeat,
  innerProduct,
  innerProductModule,
  TILES,
} from "./ceiling/inner-product.ts";
import { PEER_NAMES } from "./contenders.ts";
import { flopsOf } from "./flops.ts";
import type { Outcome } from "./measure.ts";
import { type Result, resultsOf } from "./results.ts";
import { median, spread } from "./statistics.ts";
import { MICRO, scaling } from "./suites.ts";
import { formatGoal, formatMs, formatTable, RESULT_HEAD, resultRows } from "./table.ts";
import { matmul, WORKLOADS } from "./workloads.ts";

const measured = (name: string, ms: number): Outcome => ({ name, version: "1", ms, spread: 0.1, peakBytes: 2 ** 20 });
/** 50 GFLOP/s a core. */
const ceiling = measured("ceiling", 20);

describe("statistics", () => {
  it("take the middle run, or the mean of the middle two", () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 2, 100])).toBe(3);
    expect(median([])).toBeNaN();
  });

  it("are not moved by one disturbed run", () => {
    expect(median([1, 1, 1, 1, 1000])).toBe(1);
    expect(spread([1, 1, 1, 1, 1000])).toBe(0);
  });

  it("give a median between the extremes, whatever the order", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 }), (values) => {
        expect(median(values)).toBe(median(values.toReversed()));
        expect(median(values)).toBeGreaterThanOrEqual(Math.min(...values));
        expect(median(values)).toBeLessThanOrEqual(Math.max(...values));
      }),
    );
  });
});

describe("operations", () => {
  const flops = (name: string): number | undefined => flopsOf(WORKLOADS.find((each) => each.name === name)!.spec);

  it("of an inner product are two per multiply-add", () => {
    expect(flopsOf(matmul(512))).toBe(2 * 512 ** 3);
  });

  it("of a training step are three passes, without the gradient of data", () => {
    expect(flops("mlp")).toBe(64 * 2 * (2 * 784 * 256 + 3 * 256 * 128 + 3 * 128 * 10));
    const [c1, rest] = [28 * 28 * 6 * 25, 100 * 16 * 150 + 400 * 120 + 120 * 84 + 84 * 10];
    expect(flops("lenet")).toBe(64 * 2 * (2 * c1 + 3 * rest));
    expect(flops("gru")).toBe(32 * 64 * 6 * (3 * 160 * 128 + 128 * 65));
  });

  it("are not counted where nothing is multiplied and added", () => {
    expect(MICRO.filter(({ spec }) => flopsOf(spec) !== undefined).map(({ name }) => name.split(" ")[0])).toEqual([
      ...["matmul", "matmul", "matmul", "conv2d", "conv2d", "conv2d"],
    ]);
  });
});

describe("workloads", () => {
  it("have a name each", () => {
    const names = [...WORKLOADS, ...MICRO, ...scaling(4)].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it("scale over the powers of two up to the threads that are there", () => {
    const threads = scaling(4).flatMap((each) => (each.name.startsWith("matmul") ? [each.threads] : []));
    expect(threads).toEqual([1, 2, 4]);
  });
});

describe("results", () => {
  const facts = { workload: "w", flops: 1e9, threads: 2 };
  const outcomes = [
    measured("ours", 20),
    measured("pytorch-2.x", 40),
    { name: "tfjs", reason: "no gradient" },
    ceiling,
  ];

  it("are ratios to each peer and shares of the ceiling", () => {
    const common = { workload: "w", oursMs: 20, ceilingShare: 0.5 };
    expect(resultsOf(facts, outcomes)).toEqual([
      { ...common, peer: "pytorch-2.x", peerMs: 40, ratio: 0.5 },
      { ...common, peer: "tfjs", peerMs: null, ratio: null },
      { ...common, peer: "ceiling", peerMs: 10, ratio: 2 },
    ]);
  });

  it("have the same keys in JSON, with null for what is not known", () => {
    const results = resultsOf({ ...facts, flops: undefined }, [{ name: "ours", reason: "broken" }, ceiling]);
    expect(JSON.parse(JSON.stringify(results))).toEqual([
      { workload: "w", peer: "ceiling", oursMs: null, peerMs: null, ratio: null, ceilingShare: null },
    ]);
  });

  it("fill a row of the table per peer, with reasons, peaks and goals", () => {
    const workload = { name: "w", goal: { ratio: 0.8, ceilingShare: 0.85 }, showMemory: true };
    const rows = resultRows(workload, resultsOf(facts, outcomes), outcomes);
    expect(rows.map((row) => row.length)).toEqual([RESULT_HEAD.length, RESULT_HEAD.length, RESULT_HEAD.length]);
    expect(rows.map((row) => row.at(-1))).toEqual(["peak RSS ours 1 MB, peer 1 MB", "tfjs cannot: no gradient", ""]);
    expect(rows.map((row) => row[RESULT_HEAD.indexOf("goal")])).toEqual(["≤ 0.8 ✓", "", "≥ 85 % ✗"]);
    const [alone] = resultRows(workload, [], [{ name: "ours", reason: "no GPU" }]);
    expect([alone!.length, alone![0], alone!.at(-1)]).toEqual([RESULT_HEAD.length, "w", "ours cannot: no GPU"]);
  });

  it("say that a goal is open while there is no number", () => {
    const unknown: Result = {
      workload: "w",
      peer: PEER_NAMES[0]!,
      oursMs: 1,
      peerMs: null,
      ratio: null,
      ceilingShare: null,
    };
    expect(formatGoal({ ratio: 0.8 }, unknown)).toBe("≤ 0.8 ?");
  });
});

describe("the table", () => {
  it("aligns words to the left and numbers to the right", () => {
    const rows = [
      ["a", "1.00 ms"],
      ["long", "–"],
      ["", "12.0 µs"],
    ];
    expect(formatTable(["name", "time"], rows).split("\n")).toEqual([
      "name     time",
      "────  ───────",
      "a     1.00 ms",
      "long        –",
      "      12.0 µs",
    ]);
  });

  it("writes times with three digits in a unit that fits", () => {
    const times = [0.0000123, 0.0123, 1.234, 12.34, 1234, 12_345, null];
    expect(times.map(formatMs)).toEqual(["12.3 ns", "12.3 µs", "1.23 ms", "12.3 ms", "1234 ms", "12.3 s", "–"]);
  });
});

describe.each(TILES)("the ceiling's module of $rows rows by $vectors vectors, pairs: $pairs", (tile) => {
  const columns = 4 * tile.vectors;

  it("is valid WebAssembly", () => {
    expect(WebAssembly.validate(innerProductModule(tile))).toBe(true);
  });

  it("multiplies and adds as often as it says", () => {
    const { memory, run } = innerProduct(tile);
    const a = new Float32Array(memory.buffer, 0, DEPTH * tile.rows);
    const b = new Float32Array(memory.buffer, B_OFFSET, DEPTH * columns);
    const c = new Float32Array(memory.buffer, C_OFFSET, tile.rows * columns).fill(5);
    for (const [i] of a.entries()) a[i] = (i % 7) - 3;
    for (const [i] of b.entries()) b[i] = (i % 5) - 2;
    run(3);
    const expected = Array.from(c, (_, i) => {
      const [row, column] = [Math.floor(i / columns), i % columns];
      return Array.from({ length: DEPTH }, (_, k) => a[k * tile.rows + row]! * b[k * columns + column]!).reduce(
        (sum, product) => sum + 3 * product,
        5,
      );
    });
    expect([...c]).toEqual(expected);
    expect(flopsPerRepeat(tile)).toBe(2 * tile.rows * columns * DEPTH);
  });
});
