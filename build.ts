// Bundles what runs: the command line, the kernel process, the engine process with its supervisor thread, the library, the extension
// host and the renderers; and the declarations for the language service. `npm run build`. Types are checked elsewhere (`npm run check`).

import { cp, mkdir, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { buildTypes } from "./build-types.ts";

const outdir = "dist";

/** What CommonJS packages inside an ESM bundle (cli-progress) expect to be there. */
const commonJs = `import { createRequire as createRequireOfBundle } from "node:module";
import { fileURLToPath as pathOfBundle } from "node:url";
const require = createRequireOfBundle(import.meta.url), __filename = pathOfBundle(import.meta.url);
const __dirname = pathOfBundle(new URL(".", import.meta.url));`;

/** One TypeScript in the bundles, loaded by kernel/process/typescript.ts: also for ts-blank-space, which asks for "typescript", here version 7 without an API. */
const ownTypescript: Plugin = {
  name: "own-typescript",
  setup: ({ onResolve }) =>
    onResolve({ filter: /^(@typescript\/typescript6|typescript)$/ }, () => ({
      path: resolve("kernel/process/typescript.ts"),
    })),
};

const node: BuildOptions = {
  platform: "node",
  format: "esm",
  target: "node22",
  banner: { js: commonJs },
  // These carry native code: they stay real dependencies, loaded only when a Jupyter client, or a GPU, is asked for.
  external: ["zeromq", "webgpu"],
  splitting: true,
  plugins: [ownTypescript],
};

const bundles: readonly BuildOptions[] = [
  {
    ...node,
    entryPoints: {
      lectern: "kernel/process/lectern.ts",
      kernel: "kernel/process/kernel.ts",
      engine: "kernel/process/engine.ts",
      supervisor: "kernel/process/supervisor.ts",
      language: "kernel/process/language.ts",
      library: "kernel/process/library.ts",
      follower: "kernel/process/follower.ts",
      "gpu-thread": "kernel/process/gpu-thread.ts",
    },
  },
  {
    entryPoints: { typescript: "@typescript/typescript6" },
    platform: "node",
    format: "cjs",
    target: "node22",
    outExtension: { ".js": ".cjs" },
  },
  {
    entryPoints: { extension: "extension/extension.ts" },
    platform: "node",
    format: "cjs",
    target: "node22",
    external: ["vscode"],
    outExtension: { ".js": ".cjs" },
  },
  // A plugin of VS Code's TypeScript server is what its module exports, and lies in a package; test/package.ts makes it one.
  {
    entryPoints: { "typescript-plugin": "extension/typescript-plugin/silence-cells.ts" },
    platform: "node",
    format: "cjs",
    target: "node20",
    footer: { js: "module.exports = module.exports.silenceCells;" },
    outExtension: { ".js": ".cjs" },
  },
  // Plotly is a chunk of its own, loaded when the first figure is drawn.
  {
    entryPoints: { plotly: "extension/renderers/plotly.ts" },
    platform: "browser",
    format: "esm",
    target: "es2022",
    splitting: true,
    outdir: `${outdir}/renderers`,
  },
];

await rm(outdir, { recursive: true, force: true });
await mkdir(`${outdir}/assets`, { recursive: true });
await Promise.all([
  ...bundles.map((options) =>
    build({
      bundle: true,
      outdir,
      // Names stay: people see those of classes. Keeping them by keepNames would cost every call that makes a function.
      minifyWhitespace: true,
      minifySyntax: true,
      // An error that nobody catches prints the line that threw it.
      lineLimit: 200,
      legalComments: "none",
      logLevel: "warning",
      // The importer loads modules that are known only when a cell asks for them.
      logOverride: { "unsupported-dynamic-import": "silent" },
      ...options,
    }),
  ),
  buildTypes(`${outdir}/types`),
  cp("engine/data/assets", `${outdir}/assets`, { recursive: true }),
  cp("node_modules/@resvg/resvg-wasm/index_bg.wasm", `${outdir}/assets/resvg.wasm`),
  cp("kernel/display/assets", `${outdir}/assets`, { recursive: true }),
]);
