// Cells as sources of a debugger: a cell is known by a path that is made from its text, as JupyterLab makes it, too. No file lies
// there. Remembers the texts that clients have named and the scripts that have run.

import { createHash } from "node:crypto";
import { forgetOldest } from "../../bounds/forget-oldest.ts";
import { CellPositions, type CompiledCell, type Stop, stopsOf } from "../../compile/index.ts";
import type { ExecutedScripts } from "../../session/cell-runner.ts";
import { murmur2 } from "./murmur2.ts";

/** Any number would do: clients ask for it (`debugInfo`). */
export const HASH_SEED = 0xc70f6907;
export const PATH_SUFFIX = ".ts";

/** Older cells and texts are forgotten. */
const MEMORY = 2000;

/** A cell that has run. */
export class RunCell {
  readonly executionCount: number;
  readonly code: string;
  readonly path: string;
  readonly #compiled: CompiledCell;
  readonly #positions: CellPositions;
  #stops: readonly Stop[] | undefined;

  constructor({ executionCount, code, compiled }: ExecutedScripts, path: string) {
    this.executionCount = executionCount;
    this.code = code;
    this.path = path;
    this.#compiled = compiled;
    this.#positions = new CellPositions(compiled);
  }

  get name(): string {
    return `Cell ${this.executionCount}`;
  }

  get stops(): readonly Stop[] {
    this.#stops ??= stopsOf(this.#compiled, this.#positions);
    return this.#stops;
  }

  /** V8's hash of a script: sha256 of its UTF-8. It says which of the cell's scripts is meant, which all have one name. */
  hashOf({ script }: Pick<Stop, "script">): string {
    return createHash("sha256").update(this.#compiled.scripts[script]!).digest("hex");
  }

  get lastHash(): string {
    return this.hashOf({ script: this.#compiled.scripts.length - 1 });
  }

  /** A place that V8 tells of, which counts from 0; undefined behind the cell's last line, where its scripts end. */
  positionOf({ lineNumber, columnNumber = 0 }: { readonly lineNumber: number; readonly columnNumber?: number }) {
    const position = this.#positions.toCell({ line: lineNumber + 1, column: columnNumber + 1 });
    return position.line <= this.code.split("\n").length ? position : undefined;
  }
}

export class CellSources {
  /** Paths begin so. */
  readonly prefix: string;
  readonly #texts = new Map<string, string>();
  readonly #cells = new Map<number, RunCell>();

  constructor(prefix: string) {
    this.prefix = prefix;
  }

  /** Remembers a text and returns its path. */
  dump(code: string): string {
    const path = `${this.prefix}${murmur2(code, HASH_SEED)}${PATH_SUFFIX}`;
    this.#texts.set(path, code);
    forgetOldest(this.#texts, MEMORY);
    return path;
  }

  textOf(path: string): string | undefined {
    return this.#texts.get(path);
  }

  add(scripts: ExecutedScripts): RunCell {
    const cell = new RunCell(scripts, this.dump(scripts.code));
    this.#cells.delete(cell.executionCount);
    this.#cells.set(cell.executionCount, cell);
    forgetOldest(this.#cells, MEMORY);
    return cell;
  }

  /** Every run of the cell with this path. */
  runsOf(path: string): readonly RunCell[] {
    return [...this.#cells.values()].filter((cell) => cell.path === path);
  }

  /** `cell-3.ts`, as scripts are named → the cell. */
  ofScript(url: string): RunCell | undefined {
    const match = /^cell-(\d+)\.ts$/.exec(url);
    return match ? this.#cells.get(Number(match[1])) : undefined;
  }

  /** The engine process that ran them is gone. */
  forgetRuns(): void {
    this.#cells.clear();
  }
}
