import { expect, test } from "vitest";
import { createDisplay } from "./display.ts";
import { DISPLAY } from "./mime-bundle.ts";
import { RecordingSink } from "./test-host.ts";

function host() {
  const sink = new RecordingSink();
  return { sink, ...createDisplay(sink) };
}

/** A picture that is drawn when the test says so. */
function slowPicture() {
  const { promise, resolve, reject } = Promise.withResolvers<Record<string, unknown>>();
  return { picture: { [DISPLAY]: () => promise }, resolve, reject };
}

test("a plain value is shown at once", () => {
  const { sink, display } = host();
  display([1, 2]);
  expect(sink.last).toEqual({ "text/plain": "[ 1, 2 ]" });
});

test("a value is replaced in place under its id", () => {
  const { sink, display } = host();
  const handle = display("first", { displayId: "mine" });
  handle.update("second");
  expect(sink.shown.map(({ bundle, displayId, update }) => [bundle["text/plain"], displayId, update])).toEqual([
    ["'first'", "mine", false],
    ["'second'", "mine", true],
  ]);
});

test("two displays without an id have different ones", () => {
  const { display } = host();
  expect(display(1).displayId).not.toBe(display(2).displayId);
});

test("HTML, Markdown and SVG are sent as text, bitmaps as base64", () => {
  const { sink, display } = host();
  display.html("<b>1</b>");
  display.markdown("# 1");
  display.svg("<svg/>");
  display.png(Uint8Array.of(1, 2, 3));
  display.raw("application/json", { a: 1 });
  expect(sink.shown.map(({ bundle }) => bundle)).toEqual([
    { "text/html": "<b>1</b>" },
    { "text/markdown": "# 1" },
    { "image/svg+xml": "<svg/>" },
    { "image/png": "AQID" },
    { "application/json": { a: 1 } },
  ]);
});

test("newDisplay shows first and replaces afterwards, as tslab's does", () => {
  const { sink, newDisplay } = host();
  const output = newDisplay();
  expect(sink.shown).toEqual([]);
  output.html("1");
  output.html("2");
  expect(sink.shown.map(({ update }) => update)).toEqual([false, true]);
  expect(new Set(sink.shown.map(({ displayId }) => displayId)).size).toBe(1);
});

test("a picture that takes time keeps its place in the output", async () => {
  const { sink, display, settled } = host();
  const { picture, resolve } = slowPicture();
  const { displayId } = display(picture);
  display("after");
  resolve({ "text/plain": "picture" });
  await settled();
  expect(sink.shown.map(({ bundle }) => bundle["text/plain"])).toEqual(["drawing …", "'after'", "picture"]);
  expect(sink.shown[2]).toMatchObject({ displayId, update: true });
});

test("a slow picture does not overwrite what has replaced it", async () => {
  const { sink, display, settled } = host();
  const { picture, resolve } = slowPicture();
  const handle = display(picture);
  handle.update("newer");
  resolve({ "text/plain": "older" });
  await settled();
  expect(sink.last).toEqual({ "text/plain": "'newer'" });
});

test("a picture that cannot be drawn says why, and the cell hears of it once", async () => {
  const { sink, display, settled } = host();
  const { picture, reject } = slowPicture();
  const handle = display(picture);
  reject(new Error("no font"));
  await expect(handle.shown).rejects.toThrow("no font");
  expect(sink.last).toEqual({ "text/plain": "Error: no font" });
  await expect(settled()).rejects.toThrow("no font");
  await settled();
});
