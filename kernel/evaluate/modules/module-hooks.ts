// How node loads modules for cells and for the user's files that they import: "./net" finds net.ts, a file is loaded anew when it
// or what it imports has changed, enums and namespaces work in .ts files, and "lectern" is the engine of this process.
// Packages and our own bundles are left to node.

import {
  createRequire,
  type LoadFnOutput,
  type LoadHookSync,
  type ResolveHookSync,
  registerHooks,
  stripTypeScriptTypes,
} from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { LocalFiles } from "./local-files.ts";

export type Namespace = Readonly<Record<string, unknown>>;

export interface ModuleHooksOptions {
  readonly files: LocalFiles;
  /** Modules of this process, by the name under which they are imported. */
  readonly builtIn: Readonly<Record<string, Namespace>>;
  /** URL of the folder of our own bundles. */
  readonly ownFolder: string;
}

const PROTOCOL = "lectern:";
/** Where the modules that stand for built-in ones find them. */
const BUILT_IN = Symbol.for("lectern.modules");

/** Returns a function that has CommonJS forget a file, and what it requires, where that has changed: call it before `require`. */
export function installModuleHooks({ files, builtIn, ownFolder }: ModuleHooksOptions): (path: string) => void {
  Reflect.set(globalThis, BUILT_IN, builtIn);
  const versions = new Map<string, string>();
  const isLocal = (url: string | undefined): url is string =>
    url?.startsWith("file:") === true && !url.startsWith(ownFolder) && !url.includes("/node_modules/");

  /** CommonJS asks nobody about a module that it remembers. */
  const forgetChanged = (path: string): void => {
    for (const part of files.parts(path)) {
      const version = files.version(part);
      if (versions.get(part) !== version) delete createRequire(part).cache[part];
      versions.set(part, version);
    }
  };

  /** `…/net.ts?v=3f…` */
  const versioned = (url: string): string => {
    const path = fileURLToPath(url);
    if (versions.get(path) !== files.version(path)) forgetChanged(path);
    return `${pathToFileURL(path).href}?v=${files.version(path)}`;
  };

  const resolve: ResolveHookSync = (specifier, context, nextResolve) => {
    const { parentURL, conditions } = context;
    // Resolved before; node would look for the file.
    if (specifier.startsWith("file:") && files.isCell(fileURLToPath(specifier))) {
      return { url: specifier, format: "module", shortCircuit: true };
    }
    if (!isLocal(parentURL)) return nextResolve(specifier, context);
    // A set in Node 22.
    const isRequire = new Set(conditions).has("require");
    if (Object.hasOwn(builtIn, specifier)) {
      return { url: PROTOCOL + specifier, format: isRequire ? "commonjs" : "module", shortCircuit: true };
    }
    const found = /^(\.{0,2}\/|file:)/.test(specifier) && files.locate(fileURLToPath(new URL(specifier, parentURL)));
    if (found && files.isCell(found)) {
      return { url: versioned(pathToFileURL(found).href), format: "module", shortCircuit: true };
    }
    const named = found ? (isRequire ? found : pathToFileURL(found).href) : specifier;
    const resolved = nextResolve(named, context);
    if (!isLocal(resolved.url)) return resolved;
    const url = versioned(resolved.url);
    // CommonJS knows its modules by their paths.
    return isRequire ? resolved : { ...resolved, url };
  };

  const load: LoadHookSync = (url, context, nextLoad) => {
    if (url.startsWith(PROTOCOL)) return standIn(url.slice(PROTOCOL.length), builtIn, context.format === "commonjs");
    return isLocal(url) && /\.[cm]?ts(\?|$)/.test(url) ? loadTypeScript(url, files) : nextLoad(url, context);
  };

  registerHooks({ resolve, load });
  return forgetChanged;
}

/** Types become blanks; a file with enums or namespaces is transformed. */
function loadTypeScript(url: string, files: LocalFiles): LoadFnOutput {
  const source = files.read(fileURLToPath(url));
  const isCommonJs =
    url.includes(".cts") ||
    (/\b(module\.exports|exports\.\w+)\s*=[^=]/.test(source) && !/^\s*(im|ex)port\b/m.test(source));
  return { format: isCommonJs ? "commonjs" : "module", source: toJavaScript(source), shortCircuit: true };
}

function toJavaScript(source: string): string {
  try {
    return stripTypeScriptTypes(source);
  } catch (error) {
    const isUnsupported =
      error instanceof Error && "code" in error && error.code === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX";
    if (!isUnsupported) throw error;
    return stripTypeScriptTypes(source, { mode: "transform" });
  }
}

function standIn(name: string, builtIn: ModuleHooksOptions["builtIn"], isCommonJs: boolean): LoadFnOutput {
  const found = `globalThis[Symbol.for(${JSON.stringify(BUILT_IN.description)})][${JSON.stringify(name)}]`;
  const names = Object.keys(builtIn[name]!);
  const source = isCommonJs ? `module.exports = ${found};` : `export const { ${names.join(", ")} } = ${found};`;
  return { format: isCommonJs ? "commonjs" : "module", source, shortCircuit: true };
}
