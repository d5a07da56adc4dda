import { expect, it } from "vitest";
import { DRAWING_TEXT } from "#protocol";
import { PrintedDisplays } from "./printed-displays.ts";

it("prints each display once: at once, or when it is drawn", () => {
  const displays = new PrintedDisplays();
  const text = (value: string) => ({ "text/plain": value });
  expect(displays.take(text("a"), undefined, false)).toBe("a");
  expect(displays.take(text(DRAWING_TEXT), "x", false)).toBeUndefined();
  expect(displays.take(text("other"), "y", false)).toBe("other");
  expect(displays.take(text("picture"), "x", true)).toBe("picture");
  expect(displays.take(text("again"), "x", true)).toBeUndefined();
  expect(displays.take({ "image/png": "" }, undefined, false)).toBe("<image/png>");
});
