import { expect, test } from "vitest";
import { createDisplay } from "./display.ts";
import { DISPLAY, toMimeBundle } from "./mime-bundle.ts";
import { RecordingSink, tensor } from "./test-host.ts";

test("what describes itself is shown as it says", async () => {
  const bundle = { "text/html": "<b>1</b>", "text/plain": "1" };
  expect(await toMimeBundle({ [DISPLAY]: () => bundle })).toEqual(bundle);
  expect(await toMimeBundle({ [DISPLAY]: async () => bundle })).toEqual(bundle);
});

test("the protocol is found under its registered symbol, and on functions too", async () => {
  const describesItself = Object.assign(() => 0, { [Symbol.for("Jupyter.display")]: () => ({ "text/plain": "f" }) });
  expect(await toMimeBundle(describesItself)).toEqual({ "text/plain": "f" });
});

test("a bundle without text gets one that names its types", async () => {
  expect(await toMimeBundle({ [DISPLAY]: () => ({ "text/html": "<b>1</b>" }) })).toEqual({
    "text/html": "<b>1</b>",
    "text/plain": "[text/html]",
  });
});

test("other values are printed as node's REPL prints them, without colours", async () => {
  expect(await toMimeBundle("it's")).toEqual({ "text/plain": `"it's"` });
  expect(await toMimeBundle({ a: [1, "two"] })).toEqual({ "text/plain": "{ a: [ 1, 'two' ] }" });
  expect(await toMimeBundle(undefined)).toEqual({ "text/plain": "undefined" });
  expect(await toMimeBundle(null)).toEqual({ "text/plain": "null" });
});

test("a tensor is shown as it prints itself", async () => {
  expect(await toMimeBundle(tensor([2, 2], () => 0))).toEqual({ "text/plain": "Tensor [2,2] float32" });
});

test("the handle of what was displayed is no result: it is on the page already", async () => {
  const { display } = createDisplay(new RecordingSink());
  expect(await toMimeBundle(display(1))).toBeUndefined();
});
