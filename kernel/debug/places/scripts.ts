// Scripts that V8 has parsed → what the user knows of them: a cell, a file of their own, or nothing (node, packages, this program).
// "Just my code": the debugger shows and enters only the first two.

import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { ScriptParsed } from "../v8/inspector.ts";
import type { CellSources, RunCell } from "./cell-sources.ts";

/** A place in V8's words, from 0. */
export interface ScriptPlace {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber?: number | undefined;
}

/** A place in the user's words, from 1. */
export interface UserPlace {
  readonly source: DebugProtocol.Source;
  readonly line: number;
  readonly column: number;
  readonly cell?: RunCell;
}

export class Scripts {
  readonly #cells: CellSources;
  readonly #ownFolder: string;
  readonly #urls = new Map<string, string>();
  readonly #hashes = new Map<string, string>();

  /** `ownFolder` is the URL of the folder with the kernel's and the engine's bundles. */
  constructor(cells: CellSources, ownFolder: string) {
    this.#cells = cells;
    this.#ownFolder = ownFolder;
  }

  /** For V8: what stepping passes over. */
  get foreign(): string[] {
    return ["^node:", "^wasm:", "/node_modules/", `^${escapeRegExp(this.#ownFolder)}`];
  }

  add({ scriptId, url, hash }: ScriptParsed): void {
    if (!this.#isOwn(url)) return;
    this.#urls.set(scriptId, url);
    this.#hashes.set(scriptId, hash);
  }

  clear(): void {
    this.#urls.clear();
    this.#hashes.clear();
  }

  /** Files of the user that are loaded. */
  files(): readonly { readonly name: string; readonly path: string }[] {
    const paths = [...this.#urls.values()].filter((url) => url.startsWith("file:")).map(pathOf);
    return [...new Set(paths)].map((path) => ({ name: basename(path), path }));
  }

  /** undefined for what is not the user's, and for the end of a cell's script. */
  placeOf(place: ScriptPlace): UserPlace | undefined {
    const url = this.#urls.get(place.scriptId);
    if (url === undefined) return undefined;
    const cell = this.#cells.ofScript(url);
    if (!cell) {
      const path = pathOf(url);
      const column = (place.columnNumber ?? 0) + 1;
      return { source: { name: basename(path), path }, line: place.lineNumber + 1, column };
    }
    const position = cell.positionOf(place);
    return position && { ...position, source: { name: cell.name, path: cell.path }, cell };
  }

  /** Whether nothing of the cell comes behind this script. */
  isLastOfCell({ scriptId }: ScriptPlace): boolean {
    const cell = this.#cells.ofScript(this.#urls.get(scriptId) ?? "");
    return cell?.lastHash === this.#hashes.get(scriptId);
  }

  isOfUser({ scriptId }: ScriptPlace): boolean {
    return this.#urls.has(scriptId);
  }

  #isOwn(url: string): boolean {
    if (this.#cells.ofScript(url)) return true;
    return url.startsWith("file:") && !url.includes("/node_modules/") && !url.startsWith(this.#ownFolder);
  }
}

/** Local files are loaded again when they have changed, under another query. */
const pathOf = (url: string): string => fileURLToPath(url.replace(/\?.*$/, ""));

export const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
