// The compiler options that cells are checked with: those of the tsconfig.json in the notebook's folder or above it, as far as
// they say how to check; how cells are run is not theirs to say.

import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "@typescript/typescript6";
import type { TypeFiles } from "./type-files.ts";

export interface CellOptions {
  readonly options: ts.CompilerOptions;
  /** What is wrong with tsconfig.json, as sentences. */
  readonly errors: readonly string[];
  /** Declarations that belong to every program. */
  readonly roots: readonly string[];
}

/** Cells are modules that Node runs, without anything being written; nothing here depends on taste. */
const HOW_CELLS_RUN: ts.CompilerOptions = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  moduleDetection: ts.ModuleDetectionKind.Force,
  allowImportingTsExtensions: true,
  allowJs: true,
  resolveJsonModule: true,
  experimentalDecorators: false,
  isolatedModules: false,
  verbatimModuleSyntax: false,
  erasableSyntaxOnly: false,
  noEmit: true,
  composite: false,
  incremental: false,
  declaration: false,
  // Names that a cell does not use may be for later cells.
  noUnusedLocals: false,
  noUnusedParameters: false,
  skipLibCheck: true,
};

/** A cell is a sketch: without a tsconfig.json, nothing is said of what may be undefined, and parameters need no types. */
const WITHOUT_TSCONFIG: ts.CompilerOptions = {
  strict: false,
  strictBindCallApply: true,
  strictFunctionTypes: true,
};
const EVERYWHERE: ts.CompilerOptions = { lib: ["lib.esnext.d.ts"] };

export function readCellOptions(folder: string, files: TypeFiles): CellOptions {
  const path = findTsconfig(folder);
  const { options, errors } = path ? readTsconfig(path) : { options: WITHOUT_TSCONFIG, errors: [] };
  const { jsx: _, ...kept } = options;
  // A folder's own declarations of Node are those of its Node.
  const hasNodeTypes = ancestors(folder).some((ancestor) => existsSync(join(ancestor, "node_modules/@types/node")));
  const types = [...new Set([...(options.types ?? []), ...(hasNodeTypes ? ["node"] : [])])];
  return {
    options: { ...EVERYWHERE, ...kept, ...HOW_CELLS_RUN, types },
    errors,
    roots: [files.cellGlobals, ...(hasNodeTypes ? [] : [files.node])],
  };
}

export const findTsconfig = (folder: string): string | undefined => ts.findConfigFile(folder, ts.sys.fileExists);

/** When the file was last changed, in milliseconds since 1970; 0 without one. */
export const changedAt = (path: string | undefined): number =>
  (path && statSync(path, { throwIfNoEntry: false })?.mtimeMs) || 0;

/** "No inputs were found": of no interest, cells are no files of the project. */
const NO_INPUTS = 18003;

function readTsconfig(path: string): { readonly options: ts.CompilerOptions; readonly errors: readonly string[] } {
  const { config, error } = ts.readConfigFile(path, ts.sys.readFile);
  const host: ts.ParseConfigHost = { ...ts.sys, readDirectory: () => [] };
  const parsed = ts.parseJsonConfigFileContent(config ?? {}, host, dirname(path), undefined, path);
  const errors = [...(error ? [error] : []), ...parsed.errors].filter(
    ({ code }) => code !== NO_INPUTS && code !== 18002,
  );
  return {
    options: parsed.options,
    errors: errors.map(({ messageText }) => `${path}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`),
  };
}

function ancestors(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}
