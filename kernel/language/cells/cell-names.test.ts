import ts from "@typescript/typescript6";
import { expect, it } from "vitest";
import { namesOf } from "./cell-names.ts";

/** "a" for a name that the cell declares, "export a" for one that it exports itself. */
function declared(text: string): string[] {
  const source = ts.createSourceFile("cell.mts", text, ts.ScriptTarget.ESNext, false, ts.ScriptKind.TS);
  return [...namesOf(source).declared].map(([name, { isExported }]) => (isExported ? `export ${name}` : name));
}

it.each([
  ["const { a, b: [c, , ...d], ...e } = o", ["a", "c", "d", "e"]],
  ["export const a = 1, [b] = [2]; let c", ["export a", "export b", "c"]],
  ["export var { a, b: { c } } = o, d = 1", ["export a", "export c", "export d"]],
  ["if (o) { var { a } = o; let b } function f() { var c }", ["f", "a"]],
  ["import a, { b as c } from 'm'; export class D {} enum E {}", ["a", "c", "export D", "E"]],
  ["const { } = o; let = 1; function () {}", []],
])("of %s are known", (text, names) => {
  expect(declared(text)).toEqual(names);
});
