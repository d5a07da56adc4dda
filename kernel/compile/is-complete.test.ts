import { expect, it } from "vitest";
import { isComplete } from "./is-complete.ts";

it.each([
  ["1 + 1", "complete"],
  ["for (;;) {", "incomplete"],
  ["f(1,", "incomplete"],
  ["const a = ;\nconst b = 1", "invalid"],
  ["let x: number = 1 as any", "complete"],
])("%s is %s", (code, status) => {
  expect(isComplete(code).status).toBe(status);
});

it("indents after an opening bracket", () => {
  expect(isComplete("if (a) {\n  for (;;) {")).toEqual({ status: "incomplete", indent: "    " });
});
