// Declarations of what only cells have, as files that exist in memory: the globals that the engine process adds to Node's, and the
// module "tslab", whose notebooks run unchanged (kernel/display/tslab.ts).

const CELL_GLOBALS = `/** The result of the last cell that had one. */
declare var _: any;
/** Asks the person in front of the notebook; \`preset\` for no answer, null when the dialog was cancelled. \`password\` hides what is typed. */
declare function prompt(message?: string, preset?: string, options?: { readonly password?: boolean }): string | null;
/** Asks the person in front of the notebook: whether the answer was y or yes. */
declare function confirm(message?: string): boolean;
/** Shows a message and waits until it was read. */
declare function alert(message?: string): void;
`;

const TSLAB = `import type { Tslab } from "./lectern/kernel/display/tslab.d.ts";
export declare const display: Tslab["display"];
export declare const newDisplay: Tslab["newDisplay"];
export declare const versions: Tslab["versions"];
`;

/** File name in `dist/types` → text. */
export const VIRTUAL_FILES = { "cell-globals.d.ts": CELL_GLOBALS, "tslab.d.ts": TSLAB } as const;
