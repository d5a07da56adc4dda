import { describe, expect, it } from "vitest";
import { compileCell } from "./compile-cell.ts";
import { CellPositions } from "./positions.ts";
import { stopsOf } from "./stops.ts";

/** `script:line:column` by the cell's own lines and columns. */
function stops(cell: string): string[] {
  const compiled = compileCell(cell, "cell-1.ts");
  return stopsOf(compiled, new CellPositions(compiled)).map(
    ({ script, line, column }) => `${script}:${line}:${column}`,
  );
}

describe("the places where a debugger can stop", () => {
  it("are statements and initial values, in the columns of the cell", () => {
    expect(stops("const a = 1, b: number = 2;\nlet c;\nfor (const x of [a, b]) {\n  c = x;\n}")).toEqual([
      "0:1:1",
      "0:1:26",
      "0:3:1",
      "0:4:3",
    ]);
  });

  it("are in the script of hoisted functions for what stands in a function, and only there", () => {
    expect(stops("f(1);\nfunction f(x: number) {\n  return x;\n}\nf(2);")).toEqual(["2:1:1", "1:3:3", "2:5:1"]);
  });

  it("are the bodies of arrow functions, too", () => {
    expect(stops("[1].map((x) =>\n  x * 2)")).toEqual(["0:1:1", "0:2:3"]);
  });

  it("are no types, no blank lines and no comments", () => {
    expect(stops("// note\n\ninterface A { a: 1 }\ntype B = A;\nlet c = 1 as unknown as B;")).toEqual(["0:5:1"]);
  });

  it("are mapped back in a cell that is transpiled", () => {
    expect(stops("enum Color { Red, Green }\n\nconst c = Color.Green;\nconsole.log(c);")).toEqual(
      expect.arrayContaining(["1:3:1", "1:4:1"]),
    );
  });
});
