// What a cell shows for values that describe themselves in no other way.

import { describe, expect, it } from "vitest";
import { inspectValue } from "./inspect-value.ts";
import { toMimeBundle } from "./mime-bundle.ts";
import { recordTable } from "./record-table.ts";

const circle: Record<string, unknown> = { name: "round" };
circle.self = circle;
const unfriendly = {
  [Symbol.for("nodejs.util.inspect.custom")]() {
    throw new Error("no");
  },
};

describe("inspectValue", () => {
  it.each<[string, unknown, string | RegExp]>([
    ["a typed array", new Float32Array([1, 2.5]), "Float32Array(2) [ 1, 2.5 ]"],
    ["a map", new Map([[1, { a: 2 }]]), "Map(1) { 1 => { a: 2 } }"],
    [
      "an instance",
      new (class Point {
        x = 1;
      })(),
      "Point { x: 1 }",
    ],
    ["a class", class Net extends Map {}, "[class Net extends Map]"],
    ["a function", function f() {}, "[Function: f]"],
    ["a bigint", 5n, "5n"],
    ["a symbol", Symbol("s"), "Symbol(s)"],
    ["minus zero", -0, "-0"],
    ["a circle", circle, "<ref *1> { name: 'round', self: [Circular *1] }"],
    [
      "a getter that throws",
      {
        get x() {
          throw new Error("no");
        },
      },
      "{ x: [Getter] }",
    ],
    [
      "a proxy that throws",
      new Proxy(
        {},
        {
          get() {
            throw new Error("no");
          },
        },
      ),
      "{}",
    ],
    ["what cannot be inspected", unfriendly, "[Object: inspecting it threw Error: no]"],
    ["a revoked proxy", revoked(), /Revoked Proxy/],
    ["a promise", Promise.resolve(1), "Promise { 1 }"],
    ["an error", new RangeError("far"), /^RangeError: far\n {4}at /],
    ["a huge array", new Array(1e6).fill(0), /999900 more items/],
    ["a long text", "x".repeat(1e6), /990000 more characters/],
    ["no prototype", Object.create(null), "[Object: null prototype] {}"],
  ])("shows %s", (_, value, text) => {
    if (typeof text === "string") expect(inspectValue(value)).toBe(text);
    else expect(inspectValue(value)).toMatch(text);
  });

  it("has no colours, and no more text than can be read", () => {
    expect(inspectValue({ a: [1, "b", null, true] })).not.toContain("\u001b");
    const wide = Object.fromEntries(Array.from({ length: 1e5 }, (_, i) => [`key${i}`, i]));
    expect(inspectValue(wide).length).toBeLessThan(101_000);
    expect(inspectValue(wide)).toMatch(/… \d+ more characters$/);
  });
});

describe("recordTable", () => {
  it("makes rows of records, with all their columns, and escapes what is in them", () => {
    const html = recordTable([
      { name: "<b>", n: 1 },
      { n: -0.5, late: new Date(0) },
    ]);
    expect(html).toContain("<th>name</th><th>n</th><th>late</th>");
    expect(html).toContain("<td>&lt;b&gt;</td><td>1</td><td></td>");
    expect(html).toContain("<td></td><td>-0.5</td><td>1970-01-01T00:00:00.000Z</td>");
  });

  it("cuts long arrays and says so", () => {
    const html = recordTable(Array.from({ length: 1000 }, (_, i) => ({ i })))!;
    expect(html.match(/<tr>/g)).toHaveLength(61);
    expect(html).toContain("940 more rows");
  });

  it.each([
    ["an empty array", []],
    ["numbers", [1, 2]],
    ["nested objects", [{ a: { b: 1 } }]],
    [
      "instances",
      [
        new (class {
          x = 1;
        })(),
      ],
    ],
    [
      "getters",
      [
        {
          get x() {
            throw new Error("called");
          },
        },
      ],
    ],
    ["empty objects", [{}]],
  ])("leaves %s alone", async (_, value) => {
    expect(recordTable(value)).toBeUndefined();
    expect(Object.keys((await toMimeBundle(value))!)).toEqual(["text/plain"]);
  });

  it("comes with the text that consoles show", async () => {
    expect(await toMimeBundle([{ a: 1 }])).toEqual({
      "text/html": expect.stringContaining("<table>"),
      "text/plain": "[ { a: 1 } ]",
    });
  });
});

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
