// One expression of TypeScript → JavaScript, for the debugger: watches, conditions, what is typed into its console.

import { parseCell } from "./parse-cell.ts";
import { stripTypes } from "./strip-types.ts";

/** `{ x: 1 }` is an object. Throws {@link CellSyntaxError}. */
export function compileExpression(text: string): string {
  return stripTypes(parseCell(text, "expression.ts").source).text.trim().replace(/;$/, "");
}
