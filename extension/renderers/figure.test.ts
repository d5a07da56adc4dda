import { describe, expect, it } from "vitest";
import { fitTo, marginOf, readFigure } from "./figure.ts";

describe("readFigure", () => {
  it("takes a figure without a layout", () => {
    expect(readFigure({ data: [{ y: [1, 2] }] })).toEqual({ data: [{ y: [1, 2] }], layout: {} });
  });

  it.each([null, [], "figure", {}, { data: {} }, { data: [1] }, { data: [], layout: [] }])("refuses %j", (json) => {
    expect(() => readFigure(json)).toThrow(/Expected/);
  });
});

describe("fitTo", () => {
  it("gives a figure without a width the space there is, up to a readable width", () => {
    expect(fitTo({}, 500)).toEqual({ width: 500, height: 380 });
    expect(fitTo({ height: 200 }, 5000)).toEqual({ width: 960, height: 200 });
  });

  it("keeps a figure's own size where it fits", () => {
    expect(fitTo({ width: 400, height: 300 }, 401)).toEqual({ width: 400, height: 300 });
  });

  it("shrinks a wider figure in proportion", () => {
    expect(fitTo({ width: 800, height: 600 }, 400)).toEqual({ width: 400, height: 300 });
  });
});

describe("marginOf", () => {
  it("leaves room for a title", () => {
    expect(marginOf({ title: { text: "Loss" } }).t).toBeGreaterThan(marginOf({}).t ?? 0);
  });

  it("leaves margins that the figure brings as they are", () => {
    expect(marginOf({ margin: { l: 1, r: 2, t: 3, b: 4 } })).toEqual({ l: 1, r: 2, t: 3, b: 4 });
  });
});
