// What the `import`s of a cell turn into: a call that loads a module as if the importing file lay in the notebook's
// folder. "lectern" is the engine and the display functions of this process; everything else is node's own resolution.

import { statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export type Namespace = Readonly<Record<string, unknown>>;

/** `load(specifier, names)`: names are the imported names that must exist. The name is six letters long, as `import` is. */
export type Load = (specifier: string, names?: readonly string[], attributes?: ImportAttributes) => Promise<Namespace>;

type ImportAttributes = Readonly<Record<string, string>>;

export function createLoad(folder: string, builtIn: Readonly<Record<string, Namespace>>): Load {
  const importer = pathToFileURL(join(folder, "notebook.ts")).href;

  const locate = (specifier: string): string => {
    const url = import.meta.resolve(specifier, importer);
    if (!specifier.startsWith(".")) return url;
    // Local files are read again when they have changed.
    return `${url}?v=${statSync(fileURLToPath(url)).mtimeMs}`;
  };

  return async function load(specifier, names = [], attributes = undefined) {
    const caller = new Error("import");
    try {
      const known = builtIn[specifier];
      const namespace = known ?? (await importUrl(locate(specifier), attributes));
      for (const name of names) {
        if (!(name in namespace)) throw new SyntaxError(missingName(specifier, name));
      }
      return namespace;
    } catch (error) {
      throw withCallerStack(toImportError(error, specifier, folder), caller);
    }
  };
}

async function importUrl(url: string, attributes: ImportAttributes | undefined): Promise<Namespace> {
  return (attributes ? await import(url, { with: attributes }) : await import(url)) as Namespace;
}

function missingName(specifier: string, name: string): string {
  return `"${specifier}" exports no "${name}"; if ${name} is a type, write import type { ${name} }`;
}

function toImportError(error: unknown, specifier: string, folder: string): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code !== "ERR_MODULE_NOT_FOUND" && code !== "ENOENT") return error;
  const isPath = /^[./]/.test(specifier);
  const hint = isPath
    ? "check the path, with its extension"
    : `run: npm install ${packageName(specifier)}, in that folder`;
  const found = new Error(`cannot find "${specifier}", imported from ${folder}; ${hint}`, { cause: error });
  found.name = "ImportError";
  return found;
}

const packageName = (specifier: string): string => specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");

/** An error of module loading has no frame of the cell; the call has. */
function withCallerStack(error: unknown, caller: Error): unknown {
  if (error instanceof Error) {
    const frames = caller.stack?.split("\n").slice(2).join("\n") ?? "";
    error.stack = `${error.name}: ${error.message}\n${frames}`;
  }
  return error;
}
