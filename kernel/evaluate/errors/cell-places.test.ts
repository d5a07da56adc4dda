import { expect, it } from "vitest";
import { compileCell, PROLOGUE_COLUMNS } from "../../compile/index.ts";
import { CellPlaces } from "./cell-places.ts";

function remembering(name: string, text: string): CellPlaces {
  const places = new CellPlaces();
  places.remember(name, compileCell(text, name));
  return places;
}

it("takes the prologue off the columns of the first line", () => {
  const places = remembering("cell-1.ts", "throw new Error('x')\nf()");
  expect(places.toCells(`at cell-1.ts:1:${PROLOGUE_COLUMNS + 7}`)).toBe("at cell-1.ts:1:7");
  expect(places.toCells("at f (cell-1.ts:2:3)")).toBe("at f (cell-1.ts:2:3)");
});

it("maps the lines of a transpiled cell back", () => {
  const text = "enum Color { Red }\n\n\nthrow new Error('x')";
  const compiled = compileCell(text, "cell-1.ts").scripts.at(-1)!.split("\n");
  const line = compiled.findIndex((l) => l.startsWith("throw")) + 1;
  expect(remembering("cell-1.ts", text).toCells(`at cell-1.ts:${line}:7`)).toBe("at cell-1.ts:4:7");
});

it("takes the columns back that a quick loop was moved by", () => {
  const text = "let s = 0; for (let i = 0; i < 3; i++) s += i; throw new Error('x')";
  const script = compileCell(text, "cell-1.ts").scripts.at(-1)!;
  const column = script.indexOf("new Error") + 1;
  expect(column).toBeGreaterThan(text.indexOf("new Error") + 1 + PROLOGUE_COLUMNS);
  const frame = remembering("cell-1.ts", text).toCells(`at async cell-1.ts:1:${column}`);
  expect(frame).toBe(`at async cell-1.ts:1:${text.indexOf("new Error") + 1}`);
});

it("changes nothing in cells that are not known, and in files that have a cell's name", () => {
  const places = remembering("cell-1.ts", "f()");
  for (const frame of ["at cell-2.ts:1:20", "at f (/home/me/cell-1.ts:1:20)", "at f (file:///cell-1.ts:1:20)"])
    expect(places.toCells(frame)).toBe(frame);
});
