import { describe, expect, it } from "vitest";
import { Tracebacks } from "./traceback.ts";

function remembering(cellNumber: number, text: string): Tracebacks {
  const tracebacks = new Tracebacks("file:///lectern/dist/");
  tracebacks.remember(cellNumber, text);
  return tracebacks;
}

describe("Tracebacks", () => {
  it("names cell, line and column and quotes the line", () => {
    const tracebacks = remembering(3, "const a = 1;\na.foo.bar");
    const stack = "TypeError: no\n    at cell-3.ts:2:7\n    at node:internal/x:1:1";
    expect(tracebacks.ofThrown({ name: "TypeError", message: "no", stack }).traceback).toEqual([
      "TypeError: no",
      "Cell 3, line 2, column 7",
      "  2 | a.foo.bar",
      "            ^",
    ]);
  });

  it("lists the calls between cells and leaves the kernel's own frames out", () => {
    const stack =
      "Error: x\n    at matmul (file:///lectern/dist/engine.js:9:9)\n    at f (cell-1.ts:2:3)\n    at async h (cell-1.ts:3:1)\n    at async cell-1.ts:4:1\n    at async g (/home/me/net.ts:5:1)";
    const { traceback } = remembering(1, "function f() {\n  g()\n}\nf()").ofThrown({
      name: "Error",
      message: "x",
      stack,
    });
    expect(traceback.slice(4)).toEqual([
      "    at Cell 1, line 2, column 3 in f",
      "    at Cell 1, line 3, column 1 in h",
      "    at Cell 1, line 4, column 1",
      "    at async g (/home/me/net.ts:5:1)",
    ]);
  });

  it("tells the causes that are in cells, and no others", () => {
    const tracebacks = remembering(2, "const y = x.sqrt();\ny.backward()");
    const deepest = { name: "Error", message: "inside", stack: "Error: inside\n    at node:internal/x:1:1" };
    const cause = {
      name: "Error",
      message: "sqrt was called here",
      stack: "Error\n    at cell-2.ts:1:11",
      cause: deepest,
    };
    const stack = "AnomalyError: NaN\n    at cell-2.ts:2:3";
    const { traceback } = tracebacks.ofThrown({ name: "AnomalyError", message: "NaN", stack, cause });
    expect(traceback.slice(4)).toEqual([
      "Cause: sqrt was called here",
      "Cell 2, line 1, column 11",
      "  1 | const y = x.sqrt();",
      "                ^",
    ]);
  });
});
