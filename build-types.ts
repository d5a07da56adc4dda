// Puts the declarations that cells are checked against into dist/types: those of "lectern", made of the sources, which start
// half a second faster than the sources themselves; those of JavaScript and of Node as they are. Called by build.ts.

import { spawnSync } from "node:child_process";
import { cp, readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";

/** Where TypeScript 7 writes the declarations of the project; see the tsconfig.json of its folders. */
const emitted = resolve(".cache/types");
const LIBRARY = join(emitted, "kernel/process/library.d.ts");
const DOORS: Readonly<Record<string, string>> = {
  "#engine": "engine/index.d.ts",
  "#protocol": "kernel/protocol/index.d.ts",
};

export async function buildTypes(outdir: string): Promise<void> {
  await Promise.all([copyLibrary(join(outdir, "lectern")), copyJavaScript(join(outdir, "lib")), copyNode(outdir)]);
}

/** The declarations that library.ts needs, in the folders of their sources. */
async function copyLibrary(outdir: string): Promise<void> {
  // Type errors are the business of `npm run check`: the declarations are written all the same.
  const tsc = resolve("node_modules/typescript/bin/tsc");
  spawnSync(process.execPath, [tsc, "-b", "kernel"], { stdio: ["ignore", "ignore", "inherit"] });
  const needed = new Set<string>();
  const need = async (file: string): Promise<void> => {
    if (needed.has(file)) return;
    needed.add(file);
    const specifiers = [...(await readFile(file, "utf8")).matchAll(/\b(?:from|import) ?\(?"([^"]+)"/g)].map(
      ([, text]) => text!,
    );
    await Promise.all(specifiers.map((specifier) => declarationsOf(specifier, file)).map((path) => path && need(path)));
  };
  await need(LIBRARY);
  await Promise.all([...needed].map((file) => cp(file, join(outdir, relative(emitted, file)))));
}

/** Declarations import each other by the names of the sources, and through the doors of package.json. */
function declarationsOf(specifier: string, importer: string): string | undefined {
  const door = DOORS[specifier];
  if (door) return join(emitted, door);
  return specifier.startsWith(".") ? resolve(dirname(importer), specifier.replace(/\.ts$/, ".d.ts")) : undefined;
}

/** TypeScript's own, without those of web workers and of the Windows Script Host. */
async function copyJavaScript(outdir: string): Promise<void> {
  const typescript = createRequire(createRequire(import.meta.url).resolve("@typescript/typescript6"));
  const folder = dirname(typescript.resolve("@typescript/old"));
  const names = (await readdir(folder)).filter((name) => /^lib\.(?!webworker|scripthost).*\.d\.ts$/.test(name));
  await Promise.all(names.map((name) => cp(join(folder, name), join(outdir, name))));
}

/** `@types/node` for a TypeScript as new as ours, and what it imports. */
async function copyNode(outdir: string): Promise<void> {
  const filter = (path: string) => !/ts5\.\d$|\.(md|json)$/.test(path);
  const copy = (name: string, to: string) => cp(`node_modules/${name}`, join(outdir, to), { recursive: true, filter });
  await Promise.all([copy("@types/node", "node"), copy("undici-types", "undici-types")]);
}
