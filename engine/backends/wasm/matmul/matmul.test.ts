import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gemm, Workspace } from "../../cpu/gemm.ts";
import {
  lhsFor,
  type Matmul,
  type MatmulPlan,
  matmulModule,
  noEpilogue,
  planFor,
  scratchBytesOf,
  tiles,
} from "./matmul.ts";
import type { Epilogue, TileShape } from "./register-tile.ts";

const pages = 64;
const type = { initialPages: pages, maximumPages: pages, shared: true };

interface Case {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  /** Elements between the rows of a matrix as it lies, and between its elements. */
  readonly gap: number;
  readonly step: number;
  readonly accumulate: boolean;
}

/** Small blocks, so that small matrices cross their borders. */
const small = (tile: TileShape, epilogue: Epilogue = noEpilogue): MatmulPlan => ({
  tile,
  epilogue,
  lhs: "packed",
  blocking: { mc: tile.rows * 2, nc: tile.vectors * 8, kc: 7 },
});

function matmulOf(plan: MatmulPlan) {
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const module = new WebAssembly.Module(matmulModule(type, plan));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return { matmul: exports.matmul as Matmul, floats: new Float32Array(memory.buffer), plan };
}

/** Runs one case in both ways: what the kernel leaves in C and around it, and what it should. */
function runBoth({ matmul, floats, plan }: ReturnType<typeof matmulOf>, { m, n, k, ...c }: Case, bias?: Float32Array) {
  let next = 0;
  /** Numbers that are sums of few powers of two: every product and sum is exact. */
  const place = (rows: number, columns: number) => {
    const start = next;
    const size = ((rows - 1) * (columns * c.step + c.gap) + columns) * c.step + 1;
    next += Math.max(size, 0) + 16;
    return { start, rowStride: columns * c.step + c.gap, columnStride: c.step };
  };
  const turn = ({ start, rowStride, columnStride }: ReturnType<typeof place>, transposed: boolean) =>
    transposed ? { start, rowStride: columnStride, columnStride: rowStride } : { start, rowStride, columnStride };
  const a = turn(c.transposeA ? place(k, m) : place(m, k), c.transposeA);
  const b = turn(c.transposeB ? place(n, k) : place(k, n), c.transposeB);
  const at = next;
  const biasAt = at + m * n + 16;
  const scratch = biasAt + Math.max(m, n) + 64;
  for (let i = 0; i < scratch; i++) floats[i] = ((i * 37) % 17) - 8;
  floats.fill(Number.NaN, scratch, scratch + scratchBytesOf(plan) / 4);
  if (bias !== undefined) floats.set(bias, biasAt);
  const expected = floats.slice(0, scratch);
  gemm(
    { m, n, k },
    { values: expected, offset: a.start, rowStride: a.rowStride, columnStride: a.columnStride },
    { values: expected, offset: b.start, rowStride: b.rowStride, columnStride: b.columnStride },
    { values: expected, offset: at, accumulate: c.accumulate },
    new Workspace(),
  );
  const [aAt, bAt, cAt] = [a.start * 4, b.start * 4, at * 4];
  matmul(
    ...([1, 0, 0, 0, 1, 0, 0, 0, m, n, k, aAt, a.rowStride, a.columnStride, bAt, b.rowStride, b.columnStride] as const),
    ...([cAt, n, Number(c.accumulate), biasAt * 4, scratch * 4] as const),
  );
  return { actual: floats.slice(0, scratch), expected, at };
}

const size = fc.oneof(fc.constantFrom(0, 1), fc.integer({ min: 0, max: 40 }));
const anyCase: fc.Arbitrary<Case> = fc.record({
  ...{ m: size, n: size, k: size },
  ...{ transposeA: fc.boolean(), transposeB: fc.boolean(), accumulate: fc.boolean() },
  gap: fc.integer({ min: 0, max: 3 }),
  step: fc.constantFrom(1, 1, 2),
});

describe("a generated matmul", () => {
  const shapes: readonly TileShape[] = [
    tiles.plain,
    tiles.revectorized,
    { rows: 4, vectors: 4 },
    { rows: 8, vectors: 1 },
  ];

  it.each(shapes)("with tiles of $rows × 4 · $vectors equals the plain one, and touches nothing else", (tile) => {
    const kernel = matmulOf(small(tile));
    fc.assert(
      fc.property(anyCase, (c) => {
        const { actual, expected } = runBoth(kernel, c);
        expect(actual).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it.each(["rows", "columns"] as const)("reads the %s of an A where they lie", (lhs) => {
    const kernel = matmulOf({ ...small(tiles.revectorized), lhs });
    fc.assert(
      fc.property(anyCase, (c) => {
        const { actual, expected } = runBoth(kernel, { ...c, transposeA: lhs === "columns", step: 1 });
        expect(actual).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it("packs an A that meets many columns, or whose elements lie apart", () => {
    const tile = tiles.revectorized;
    const [rows, columns] = [
      { rowStride: 99, columnStride: 1 },
      { rowStride: 1, columnStride: 99 },
    ];
    expect([128, 129].map((n) => lhsFor(tile, n, rows))).toEqual(["rows", "packed"]);
    expect([128, 129].map((n) => lhsFor(tile, n, columns))).toEqual(["columns", "packed"]);
    expect(lhsFor(tile, 1, { rowStride: 99, columnStride: 2 })).toBe("packed");
  });

  it("crosses the borders of the blocks it will run with", () => {
    const kernel = matmulOf(planFor(tiles.revectorized));
    const c: Case = {
      m: 150,
      n: 1030,
      k: 260,
      transposeA: false,
      transposeB: true,
      gap: 0,
      step: 1,
      accumulate: false,
    };
    const { actual, expected } = runBoth(kernel, c);
    expect(actual).toEqual(expected);
  });

  it.each(["row", "column"] as const)("adds a bias to each %s and applies an activation, once", (bias) => {
    const relu: Epilogue = { bias, activation: (x) => x.pmax(0) };
    const kernel = matmulOf(small(tiles.revectorized, relu));
    fc.assert(
      fc.property(anyCase, (c) => {
        const terms = new Float32Array(Math.max(c.m, c.n)).map((_, i) => i - 20);
        const { actual, expected, at } = runBoth(kernel, c, terms);
        for (let i = 0; i < c.m * c.n; i++) {
          const term = terms[bias === "row" ? Math.floor(i / c.n) : i % c.n]!;
          expected[at + i] = Math.max(expected[at + i]! + term, 0);
        }
        expect(actual).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });

  it("keeps NaN where it belongs", () => {
    const { matmul, floats } = matmulOf(planFor(tiles.plain));
    floats.set([1, 2, Number.NaN, 4]);
    matmul(1, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 0, 2, 1, 0, 0, 0, 64, 1, 0, 0, 1024);
    expect([...floats.slice(16, 18)]).toEqual([3, Number.NaN]);
  });

  it("refuses a tile of nothing", () => {
    expect(() => matmulModule(type, small({ rows: 4, vectors: 0 }))).toThrow("matmul: a tile of 4 rows and 0 vectors");
    expect(() => matmulModule(type, small({ rows: 3, vectors: 2 }))).toThrow("panels of 3 lines, at least 4");
  });
});
