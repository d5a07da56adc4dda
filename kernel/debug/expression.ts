// What a person types into a debugger, a watch or a condition: an expression of TypeScript → JavaScript for V8.

import { CellSyntaxError, compileExpression } from "../compile/index.ts";

/** Throws SyntaxError with a sentence. */
export function toJavaScript(typed: string): string {
  try {
    return compileExpression(typed);
  } catch (error) {
    if (error instanceof CellSyntaxError) throw new SyntaxError(`"${typed}": ${error.message}`);
    throw error;
  }
}
