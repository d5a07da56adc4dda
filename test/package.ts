// Packs what `npm run build` made into lectern-VERSION.vsix and looks inside. `npm run package`, and the workbench tests.
// Fails when the package holds what nobody should download: sources, source maps, npm packages, the command line.

import { readFile, stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
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
  "dist/types/lectern/engine/index.d.ts",
  "dist/renderers/plotly.js",
];
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

  const { version } = JSON.parse(await readFile(resolve(root, "package.json"), "utf8")) as { version: string };
  const path = resolve(root, `lectern-${version}.vsix`);
  // There is no public repository yet that relative links of the README could be rewritten to.
  const unpublished = { allowMissingRepository: true, rewriteRelativeLinks: false };
  await createVSIX({ cwd: root, packagePath: path, dependencies: false, ...unpublished });
  return { path, sizeBytes: (await stat(path)).size, fileCount: files.length };
}

if (import.meta.main) {
  const { path, sizeBytes, fileCount } = await packageExtension(resolve(import.meta.dirname, ".."));
  console.log(`${basename(path)}: ${(sizeBytes / 1e6).toFixed(1)} MB, ${fileCount} files`);
}
