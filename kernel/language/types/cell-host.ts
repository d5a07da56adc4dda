// What TypeScript's language service asks its host: which files there are, what they say, how imports resolve. Modules of cells
// come from memory, everything else from the disk; "lectern" is the same declarations from any folder.

import { join, sep } from "node:path";
import ts from "@typescript/typescript6";
import type { Cells } from "../cells/cells.ts";
import { type CellOptions, changedAt, findTsconfig, readCellOptions } from "./compiler-options.ts";
import type { TypeFiles } from "./type-files.ts";
import { VIRTUAL_FILES } from "./virtual-files.ts";

export interface CellHostOptions {
  readonly cells: Cells;
  readonly folder: string;
  readonly files: TypeFiles;
  /** Receives what is wrong with tsconfig.json, once each. */
  readonly onNotice: (sentence: string) => void;
}

export class CellHost implements ts.LanguageServiceHost {
  readonly #host: CellHostOptions;
  readonly #said = new Set<string>();
  /** Declarations do not change while the kernel runs: they are read once. */
  readonly #snapshots = new Map<string, ts.IScriptSnapshot>();
  #options: CellOptions;
  #optionsRead = "";
  #resolutions: ts.ModuleResolutionCache;

  constructor(options: CellHostOptions) {
    this.#host = options;
    for (const [name, text] of Object.entries(VIRTUAL_FILES)) {
      this.#snapshots.set(join(options.files.folder, name), ts.ScriptSnapshot.fromString(text));
    }
    this.#options = this.#readOptions();
    this.#resolutions = this.#newResolutions();
  }

  /** Called before each question: tsconfig.json may have changed. */
  refresh(): void {
    if (this.#optionsKey() === this.#optionsRead) return;
    this.#options = this.#readOptions();
    this.#resolutions = this.#newResolutions();
  }

  getCompilationSettings(): ts.CompilerOptions {
    return this.#options.options;
  }

  getScriptFileNames(): string[] {
    return [...this.#options.roots, ...this.#host.cells.modules.map(({ fileName }) => fileName)];
  }

  getScriptVersion(file: string): string {
    return this.#host.cells.find(file)?.version ?? (isFixed(file, this.#host.files) ? "" : String(changedAt(file)));
  }

  getScriptSnapshot(file: string): ts.IScriptSnapshot | undefined {
    const cell = this.#host.cells.find(file);
    if (cell) return cell.snapshot;
    const known = this.#snapshots.get(file);
    if (known) return known;
    const text = ts.sys.readFile(file);
    if (text === undefined) return undefined;
    const snapshot = ts.ScriptSnapshot.fromString(text);
    if (isFixed(file, this.#host.files)) this.#snapshots.set(file, snapshot);
    return snapshot;
  }

  getCurrentDirectory(): string {
    return this.#host.folder;
  }

  getDefaultLibFileName(): string {
    return join(this.#host.files.libraries, "lib.esnext.d.ts");
  }

  resolveModuleNameLiterals(
    literals: readonly ts.StringLiteralLike[],
    from: string,
    redirected: ts.ResolvedProjectReference | undefined,
    options: ts.CompilerOptions,
    source: ts.SourceFile,
  ): readonly ts.ResolvedModuleWithFailedLookupLocations[] {
    return literals.map((literal) => {
      const known = this.#knownModule(literal.text);
      if (known) {
        const extension = known.endsWith(".mts") ? ts.Extension.Mts : ts.Extension.Dts;
        return { resolvedModule: { resolvedFileName: known, extension, isExternalLibraryImport: false } };
      }
      const mode = ts.getModeForUsageLocation(source, literal, options);
      // What a cell imports may be installed, or written, in the next minute.
      const cache = this.#host.cells.find(from) ? undefined : this.#resolutions;
      return ts.resolveModuleName(literal.text, from, options, this, cache, redirected, mode);
    });
  }

  /** Not in TypeScript's types, but asked for: without it, each new program reads every package.json again. */
  getModuleResolutionCache(): ts.ModuleResolutionCache {
    return this.#resolutions;
  }

  fileExists(file: string): boolean {
    return this.#host.cells.find(file) !== undefined || this.#snapshots.has(file) || ts.sys.fileExists(file);
  }

  readFile(file: string): string | undefined {
    return this.#host.cells.find(file)?.moduleText ?? ts.sys.readFile(file);
  }

  readDirectory: NonNullable<ts.LanguageServiceHost["readDirectory"]> = ts.sys.readDirectory;
  directoryExists = (folder: string): boolean => ts.sys.directoryExists(folder);
  getDirectories = (folder: string): string[] => ts.sys.getDirectories(folder);
  realpath = (path: string): string => ts.sys.realpath?.(path) ?? path;
  useCaseSensitiveFileNames = (): boolean => ts.sys.useCaseSensitiveFileNames;

  /** The library, and the modules of cells, which import each other by their absolute paths. */
  #knownModule(specifier: string): string | undefined {
    const { files, cells } = this.#host;
    return files.modules.get(specifier) ?? cells.find(specifier)?.fileName;
  }

  #readOptions(): CellOptions {
    const { folder, files, onNotice } = this.#host;
    this.#optionsRead = this.#optionsKey();
    const options = readCellOptions(folder, files);
    for (const error of options.errors) if (!this.#said.has(error)) onNotice(error);
    for (const error of options.errors) this.#said.add(error);
    return options;
  }

  #optionsKey(): string {
    const path = findTsconfig(this.#host.folder);
    return `${path} ${changedAt(path)}`;
  }

  #newResolutions(): ts.ModuleResolutionCache {
    return ts.createModuleResolutionCache(this.#host.folder, (name) => name, this.#options.options);
  }
}

/** Whether the file stays what it is while the kernel runs: ours, and what is installed. */
function isFixed(file: string, { folder }: TypeFiles): boolean {
  return file.startsWith(folder) || file.includes(`${sep}node_modules${sep}`);
}
