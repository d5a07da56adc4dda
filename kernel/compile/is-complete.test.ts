import { expect, it } from "vitest";
import { isComplete } from "./is-complete.ts";

it.each([
  ["", "complete"],
  ["1 + 1", "complete"],
  ["await fetch('x')", "complete"],
  ["let x: number = 1 as any", "complete"],
  ["class A { #x = 1; static { } }", "complete"],
  ["{ x: 1 }", "complete"],
  ["for (;;) {", "incomplete"],
  ["for (;;) {\n\n", "incomplete"],
  ["f(1,", "incomplete"],
  ["const a =", "incomplete"],
  ["x.", "incomplete"],
  ["if (a)", "incomplete"],
  ["`text ${1 +", "incomplete"],
  ["`several\nlines", "incomplete"],
  ["/* a comment", "incomplete"],
  ["function f(a: number): string", "incomplete"],
  ["const a = ;\nconst b = 1", "invalid"],
  ["1 }", "invalid"],
  ["f(1))", "invalid"],
  ['"no end', "invalid"],
  ["declare function f(): void", "complete"],
  ["const a = <b>c</b>", "invalid"],
  ["let 1x", "invalid"],
])("%j is %s", (code, status) => {
  expect(isComplete(code).status).toBe(status);
});

it.each([
  ["if (a) {\n  for (;;) {", "    "],
  ["if (a) {\n  b();\n", "  "],
  ["const f = () =>", "  "],
  ["f(\n  1,", "  "],
])("indents what follows %j", (code, indent) => {
  expect(isComplete(code)).toEqual({ status: "incomplete", indent });
});
