// Whether a text is a whole cell, as consoles ask before they run it (`is_complete_request`).

import ts from "@typescript/typescript6";

export type Completeness =
  | { readonly status: "complete" }
  | { readonly status: "invalid" }
  | { readonly status: "incomplete"; readonly indent: string };

export function isComplete(code: string): Completeness {
  const { diagnostics = [] } = ts.transpileModule(code, { reportDiagnostics: true });
  if (diagnostics.length === 0) return { status: "complete" };
  // An error at the very end means that the parser wanted more.
  const end = code.trimEnd().length;
  const wantsMore = diagnostics.every(({ start = 0, length = 0 }) => start + length >= end);
  if (!wantsMore) return { status: "invalid" };
  const lastLine = code.slice(code.lastIndexOf("\n") + 1);
  const indent = (/^\s*/.exec(lastLine)?.[0] ?? "") + (/[{([]\s*$/.test(lastLine) ? "  " : "");
  return { status: "incomplete", indent };
}
