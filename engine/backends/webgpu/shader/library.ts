// The WGSL functions that kernels may call by name: whatever a kernel's text names is put in front of it, with what that needs.

import { bitFunctions } from "./bits.ts";
import { elementaryFunctions } from "./math.ts";
import { periodicFunctions } from "./math-periodic.ts";
import { powerFunctions } from "./math-power.ts";

/** Text by the function's name. */
const library: Readonly<Record<string, string>> = {
  ...bitFunctions,
  ...elementaryFunctions,
  ...periodicFunctions,
  ...powerFunctions,
};

/** The functions that the text calls, directly or not, each before its callers. */
export function libraryFor(text: string): string {
  const found = new Set<string>();
  const visit = (code: string): void => {
    for (const [, name] of code.matchAll(/\b([A-Za-z]\w*)\(/g)) {
      const body = library[name!];
      if (body === undefined || found.has(name!)) continue;
      visit(body.slice(body.indexOf("{")));
      found.add(name!);
    }
  };
  visit(text);
  return [...found].map((name) => library[name]!.trim()).join("\n");
}
