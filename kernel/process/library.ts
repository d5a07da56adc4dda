// What `import { tensor, nn, … } from "lectern"` gives outside of notebooks, in a plain Node script: the same engine and the
// same display functions, as a cell has them. Output is text on stdout: a figure's description once, and of what is updated
// in place the last state, when the script ends.

import "./require-node.ts";
import * as engine from "#engine";
import { configureEngine } from "#engine/host";
import { nodeDevices } from "../compute/node-devices.ts";
import { createDisplayApi, type DisplaySink } from "../display/index.ts";
import { Comms } from "../evaluate/comms.ts";
import type { FrontEnd } from "../evaluate/front-end.ts";
import { downloadLines } from "../files/download-lines.ts";
import { nodeFiles } from "../files/node-files.ts";
import { PrintedDisplays } from "../output/printed-displays.ts";
import { restoreClassNames } from "./class-names.ts";
import { evaluate } from "./evaluate.ts";

restoreClassNames(engine);
const displays = new PrintedDisplays();
const lastStates = new Map<string, string>();
process.once("beforeExit", () => {
  for (const text of lastStates.values()) console.log(text);
});

const sink: DisplaySink = {
  display(bundle, { displayId = "", update = false } = {}) {
    const text = displays.take(bundle, displayId, update);
    if (text !== undefined) console.log(text);
    else if (update) lastStates.set(displayId, String(bundle["text/plain"]));
  },
};
const files = nodeFiles({ assets: new URL("./assets/", import.meta.url) });
const threads = (file: string) => new URL(file, import.meta.url);
const devices = nodeDevices({ follower: threads("./follower.js"), gpuThread: threads("./gpu-thread.js") });
configureEngine({ ...files, ...devices, showProgress: downloadLines(sink) });

export const { display, newDisplay, viz } = createDisplayApi({ readAsset: files.readAsset, sink, evaluate });
const noFrontEnd = () => {
  throw new Error("comms.open: a script has no front end to speak to; run this in a cell of a notebook");
};
/** Of a terminal nothing is cleared, and what is paged is printed. */
const frontEnd: FrontEnd = {
  comms: new Comms(noFrontEnd, () => {}),
  clearOutput() {},
  page: (text) => console.log(typeof text === "string" ? text : displays.take(text, undefined, false)),
};
export const { comms, clearOutput, page } = frontEnd;
export * from "#engine";
export type { Comm, CommData, CommExtras, CommListener, CommsApi } from "../evaluate/comms.ts";
