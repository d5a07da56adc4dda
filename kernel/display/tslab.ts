// What `import { display, newDisplay, versions } from "tslab"` finds in a cell: tslab 1.0.22's whole public module, served by our
// display functions, so that its notebooks run unchanged. https://github.com/yunabe/tslab

import typescript from "@typescript/typescript6/package.json" with { type: "json" };
import type { DisplayFunctions, NewDisplay } from "./display.ts";

export interface Tslab {
  readonly display: NewDisplay;
  newDisplay(): NewDisplay;
  readonly versions: { readonly tslab: string; readonly typescript: string; readonly node: string };
}

/** The tslab whose notebooks run here. */
const TSLAB_VERSION = "1.0.22";

export function tslab({ display, newDisplay }: Pick<DisplayFunctions, "display" | "newDisplay">): Tslab {
  const versions = { tslab: TSLAB_VERSION, typescript: typescript.version, node: process.version };
  return { display, newDisplay, versions };
}
