// Door of the cell compiler.

import ts from "@typescript/typescript6";

export { boundNames } from "./bound-names.ts";
export { CellSyntaxError } from "./cell-syntax-error.ts";
export { type CompiledCell, compileCell } from "./compile-cell.ts";
export { compileExpression } from "./compile-expression.ts";
export { isComplete } from "./is-complete.ts";
export { isInTry } from "./is-in-try.ts";
export { CellPositions, type Position, PROLOGUE_COLUMNS } from "./positions.ts";
export { resultOf } from "./result-of.ts";
export { type Stop, stopsOf } from "./stops.ts";

/** Version of the TypeScript that cells are compiled with. */
export const TYPESCRIPT_VERSION: string = ts.version;
