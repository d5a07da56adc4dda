// Packs what `npm run build` made into lectern-VERSION.vsix and looks inside. `npm run package`, and the workbench tests.
// Fails when the package holds what nobody should download: sources, source maps, npm packages, the command line.

import { cp, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { createVSIX, listFiles, PackageManager } from "@vscode/vsce";

export interface Package {
  readonly path: string;
  readonly sizeBytes: number;
  readonly fileCount: number;
}

const REQUIRED = [
  "dist/extension.cjs",
  "dist/kernel.js",
  "dist/engine.js",
  "dist/language.js",
  "dist/typescript.cjs",
  "dist/types/lectern/engine/index.d.ts",
  "dist/renderers/plotly.js",
];
/** Bundled by build.ts. */
const PLUGIN = "dist/typescript-plugin.cjs";
const FORBIDDEN = [
  /\.map$/,
  /(?<!^dist\/types\/.*)\.[cm]?ts$/,
  /(^|\/)node_modules\//,
  /(^|\/)\.[^/]*$/,
  /^(test|out)\//,
  /^dist\/(lectern|zeromq)/,
];

export async function packageExtension(root: string): Promise<Package> {
  const files = await listFiles({ cwd: root, packageManager: PackageManager.None });
  const missing = REQUIRED.filter((file) => !files.includes(file));
  if (missing.length > 0) throw new Error(`not in the package: ${missing.join(", ")}; run \`npm run build\` first`);
  const unwanted = files.filter((file) => FORBIDDEN.some((pattern) => pattern.test(file)));
  if (unwanted.length > 0) throw new Error(`not meant to be in the package: ${unwanted.join(", ")}`);

  const manifest = JSON.parse(await readFile(resolve(root, "package.json"), "utf8")) as Manifest;
  const path = resolve(root, `lectern-${manifest.version}.vsix`);
  const staged = await stage(root, files, manifest);
  // There is no public repository yet that relative links of the README could be rewritten to.
  const unpublished = { allowMissingRepository: true, rewriteRelativeLinks: false };
  await createVSIX({ cwd: staged, packagePath: path, ...unpublished });
  await rm(staged, { recursive: true });
  return { path, sizeBytes: (await stat(path)).size, fileCount: files.length };
}

interface Manifest {
  readonly version: string;
  readonly contributes: { readonly typescriptServerPlugins: readonly [{ readonly name: string }] };
}

/**
 * A folder with what is packed. The plugin of VS Code's TypeScript server becomes a package of its own there, the only dependency:
 * the server finds plugins nowhere but in node_modules.
 */
async function stage(root: string, files: readonly string[], manifest: Manifest): Promise<string> {
  const staged = await mkdtemp(join(tmpdir(), "lectern-package-"));
  const [{ name }] = manifest.contributes.typescriptServerPlugins;
  const { version } = manifest;
  const plugin = join(staged, "node_modules", name);
  const kept = files.filter((file) => file !== PLUGIN);
  await Promise.all(kept.map((file) => cp(resolve(root, file), join(staged, file))));
  await cp(resolve(root, PLUGIN), join(plugin, "index.js"));
  const write = (folder: string, content: object) =>
    writeFile(join(folder, "package.json"), JSON.stringify(content, null, 2));
  await write(plugin, { name, version, main: "index.js" });
  await write(staged, { ...manifest, dependencies: { [name]: version }, devDependencies: {}, scripts: {} });
  return staged;
}

if (import.meta.main) {
  const { path, sizeBytes, fileCount } = await packageExtension(resolve(import.meta.dirname, ".."));
  console.log(`${basename(path)}: ${(sizeBytes / 1e6).toFixed(1)} MB, ${fileCount} files`);
}
