import { expect, it } from "vitest";
import { isInTry } from "./is-in-try.ts";

/** The place is marked by `▮`. */
function caught(marked: string): boolean {
  const before = marked.slice(0, marked.indexOf("▮")).split("\n");
  return isInTry(marked.replace("▮", ""), { line: before.length, column: before.at(-1)!.length + 1 });
}

it("an error is caught in a try that catches, and only there", () => {
  expect(caught("▮f();")).toBe(false);
  expect(caught("try {\n  ▮f();\n} catch {}")).toBe(true);
  expect(caught("try {\n  for (;;) { ▮f(); }\n} catch {}")).toBe(true);
  expect(caught("try { ▮f(); } finally {}")).toBe(false);
  expect(caught("try { try { ▮f(); } finally {} } catch {}")).toBe(true);
  expect(caught("try { f(); } catch { ▮g(); }")).toBe(false);
});

it("a function in a try is not: who calls it catches, or not", () => {
  expect(caught("try { h = () => { ▮f(); }; } catch {}")).toBe(false);
});
