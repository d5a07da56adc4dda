// Where the declarations lie that cells are checked against: those of "lectern", of JavaScript and of Node. `npm run build`
// puts them into `dist/types`; see `build-types.ts`.

import { join } from "node:path";

export interface TypeFiles {
  readonly folder: string;
  /** Modules that are the same from everywhere: specifier → path. */
  readonly modules: ReadonlyMap<string, string>;
  /** What cells have without an import; a virtual file. */
  readonly cellGlobals: string;
  /** Node's own, for folders without `@types/node`. */
  readonly node: string;
  /** Folder of TypeScript's `lib.*.d.ts`. */
  readonly libraries: string;
}

export const typeFilesIn = (folder: string): TypeFiles => ({
  folder,
  modules: new Map([
    ["lectern", join(folder, "lectern", "kernel", "process", "library.d.ts")],
    // Doors of package.json, through which its declarations import each other.
    ["#engine", join(folder, "lectern", "engine", "index.d.ts")],
    ["#protocol", join(folder, "lectern", "kernel", "protocol", "index.d.ts")],
    ["tslab", join(folder, "tslab.d.ts")],
    ["undici-types", join(folder, "undici-types", "index.d.ts")],
  ]),
  cellGlobals: join(folder, "cell-globals.d.ts"),
  node: join(folder, "node", "index.d.ts"),
  libraries: join(folder, "lib"),
});
