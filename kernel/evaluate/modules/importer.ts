// What the `import`s of a cell turn into: a call that loads a module as if the importing file lay in the notebook's folder. Which file
// a specifier means, and in which version, is said by module-hooks.ts and by node.

import { createRequire } from "node:module";
import { join, resolve as resolvePath } from "node:path";
import { pathToFileURL } from "node:url";
import type { LocalFiles } from "./local-files.ts";
import type { Namespace } from "./module-hooks.ts";

type ImportAttributes = Readonly<Record<string, string>>;

/**
 * `load(specifier, names)`: names are the imported names that must exist; `load(specifier, { with })` is what `import()` becomes. The
 * name is six letters long, as `import` is.
 */
export type Load = (
  specifier: string,
  names?: readonly string[] | { readonly with?: ImportAttributes },
  attributes?: ImportAttributes,
) => Promise<Namespace>;

export interface Importer {
  readonly load: Load;
  /** `require` as a CommonJS file in the folder has it. */
  readonly require: NodeJS.Require;
  /** `import.meta` as a module in the folder has it. */
  readonly meta: Pick<ImportMeta, "url" | "dirname" | "filename" | "resolve">;
}

export interface ImporterOptions {
  /** The notebook's. */
  readonly folder: string;
  readonly files: LocalFiles;
  readonly builtIn: Readonly<Record<string, Namespace>>;
  /** See {@link installModuleHooks}. */
  readonly forgetChanged: (path: string) => void;
}

export function createImporter({ folder, files, builtIn, forgetChanged }: ImporterOptions): Importer {
  const filename = join(folder, "notebook.ts");
  const url = pathToFileURL(filename).href;
  const resolve = (specifier: string): string => import.meta.resolve(specifier, url);

  const load: Load = async (specifier, namesOrOptions = [], attributes) => {
    const caller = new Error("import");
    try {
      const isList = Array.isArray(namesOrOptions);
      const wanted = String(specifier);
      const given = isList ? attributes : (namesOrOptions as { with?: ImportAttributes }).with;
      const namespace = builtIn[wanted] ?? (await importUrl(resolve(wanted), given));
      for (const name of isList ? namesOrOptions : []) {
        if (!(name in namespace)) throw new SyntaxError(missingName(wanted, name));
      }
      return namespace;
    } catch (error) {
      throw withCallerStack(toImportError(error, String(specifier), folder), caller);
    }
  };

  const nodeRequire = createRequire(filename);
  const requireAnew = (id: string): unknown => {
    const file = isPath(id) && files.locate(resolvePath(folder, id));
    if (file) forgetChanged(file);
    return builtIn[id] ?? nodeRequire(id);
  };
  const require = Object.assign(requireAnew, nodeRequire);
  return { load, require, meta: { url, dirname: folder, filename, resolve } };
}

async function importUrl(url: string, attributes: ImportAttributes | undefined): Promise<Namespace> {
  // JSON without `with { type: "json" }`, as TypeScript's resolveJsonModule has it.
  const needed = attributes ?? (/\.json(\?|$)/.test(url) ? { type: "json" } : undefined);
  return (needed ? await import(url, { with: needed }) : await import(url)) as Namespace;
}

function missingName(specifier: string, name: string): string {
  return `"${specifier}" exports no "${name}"; if ${name} is a type, write import type { ${name} }`;
}

function toImportError(error: unknown, specifier: string, folder: string): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code !== "ERR_MODULE_NOT_FOUND" && code !== "ENOENT") return error;
  // A file was found, but not what it imports: node's message names both.
  const [, missing] = /'([^']+)'/.exec((error as Error).message) ?? [];
  if (missing !== (isPath(specifier) ? resolvePath(folder, specifier) : packageName(specifier))) return error;
  const hint = isPath(specifier) ? "check the path" : `run: npm install ${packageName(specifier)}, in that folder`;
  const found = new Error(`cannot find "${specifier}", imported from ${folder}; ${hint}`);
  found.name = "ImportError";
  return found;
}

const isPath = (specifier: string): boolean => /^\.{0,2}\//.test(specifier);

const packageName = (specifier: string): string => specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");

/** Behind the places of the module's own code, if it came so far, the place in the cell. */
function withCallerStack(error: unknown, caller: Error): unknown {
  if (error instanceof Error) {
    const frames = caller.stack?.split("\n").slice(1).join("\n") ?? "";
    const inModules = (error.stack ?? "").split("\n").filter((line) => /^\s*at .*file:\/\//.test(line));
    error.stack = [`${error.name}: ${error.message}`, ...inModules, frames].join("\n");
  }
  return error;
}
