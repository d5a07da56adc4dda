// Breakpoints by source: what a client has asked for, and where V8 has them. A cell's are known before it runs and are set in every run
// of it; a file's find their place when the file is loaded.

import { pathToFileURL } from "node:url";
import type { DebugProtocol } from "@vscode/debugprotocol";
import {
  CellPositions,
  CellSyntaxError,
  type CompiledCell,
  compileCell,
  type Stop,
  stopsOf,
} from "../../compile/index.ts";
import type { Inspector } from "../v8/inspector.ts";
import { type BreakpointRule, toRule } from "./breakpoint-rule.ts";
import type { CellSources, RunCell } from "./cell-sources.ts";
import { escapeRegExp, type UserPlace } from "./scripts.ts";

export interface Breakpoint {
  readonly id: number;
  readonly path: string;
  readonly asked: DebugProtocol.SourceBreakpoint;
  readonly rule: BreakpointRule;
  /** Where it is, as far as known. */
  place: { readonly line: number; readonly column?: number } | undefined;
  /** How often it was reached. */
  hits: number;
}

export class Breakpoints {
  readonly #cells: CellSources;
  readonly #byPath = new Map<string, Breakpoint[]>();
  /** V8's id → ours. */
  readonly #placed = new Map<string, Breakpoint>();
  #ids = 0;

  constructor(cells: CellSources) {
    this.#cells = cells;
  }

  /** Replaces the breakpoints of a source. */
  async set(
    path: string,
    asked: readonly DebugProtocol.SourceBreakpoint[],
    inspector: Inspector,
  ): Promise<DebugProtocol.Breakpoint[]> {
    await this.#remove(path, inspector);
    const breakpoints = asked.map((one): Breakpoint => {
      return { id: ++this.#ids, path, asked: one, rule: toRule(one), place: undefined, hits: 0 };
    });
    if (breakpoints.length > 0) this.#byPath.set(path, breakpoints);
    const text = this.#cells.textOf(path);
    if (text === undefined) await this.#setInFile(path, inspector);
    else {
      const stops = stopsIn(text);
      for (const breakpoint of breakpoints) breakpoint.place = stopFor(breakpoint, stops);
      for (const run of this.#cells.runsOf(path)) await this.setIn(run, inspector);
    }
    return breakpoints.map(toProtocol);
  }

  /** Sets a cell's breakpoints in the scripts of one of its runs. */
  async setIn(cell: RunCell, inspector: Inspector): Promise<void> {
    const taken = new Set<Stop>();
    for (const breakpoint of this.#byPath.get(cell.path) ?? []) {
      const stop = stopFor(breakpoint, cell.stops);
      if (!stop || taken.has(stop) || breakpoint.rule.problem) continue;
      taken.add(stop);
      const { lineNumber, columnNumber } = stop;
      const where = { scriptHash: cell.hashOf(stop), lineNumber, columnNumber };
      await this.#place(breakpoint, where, inspector);
    }
  }

  /** Sets all in a fresh engine process, in which no cell has run. */
  async setAll(inspector: Inspector): Promise<void> {
    this.#placed.clear();
    for (const path of this.#byPath.keys()) {
      if (this.#cells.textOf(path) === undefined) await this.#setInFile(path, inspector);
    }
  }

  /** V8 has found a place for one. Returns it when that is news for the client. */
  resolved(v8Id: string, place: UserPlace | undefined): DebugProtocol.Breakpoint | undefined {
    const breakpoint = this.#placed.get(v8Id);
    if (!breakpoint || !place || breakpoint.place?.line === place.line) return undefined;
    breakpoint.place = place;
    return toProtocol(breakpoint);
  }

  /** Those that V8 says were reached. */
  reached(v8Ids: readonly string[] = []): readonly Breakpoint[] {
    return v8Ids.map((id) => this.#placed.get(id)).filter((breakpoint) => breakpoint !== undefined);
  }

  /** For `debugInfo`. */
  list(): readonly { readonly source: string; readonly breakpoints: readonly DebugProtocol.SourceBreakpoint[] }[] {
    return [...this.#byPath].map(([source, breakpoints]) => ({
      source,
      breakpoints: breakpoints.map(({ asked, place }) => ({ ...asked, line: place?.line ?? asked.line })),
    }));
  }

  clear(): void {
    this.#byPath.clear();
    this.#placed.clear();
  }

  async #setInFile(path: string, inspector: Inspector): Promise<void> {
    const urlRegex = `^${escapeRegExp(pathToFileURL(path).href)}(\\?.*)?$`;
    for (const breakpoint of this.#byPath.get(path) ?? []) {
      const { line, column = 1 } = breakpoint.asked;
      if (breakpoint.rule.problem) continue;
      const where = { urlRegex, lineNumber: line - 1, columnNumber: column - 1 };
      const [found] = await this.#place(breakpoint, where, inspector);
      if (found) breakpoint.place = { line: found.lineNumber + 1 };
    }
  }

  async #place(breakpoint: Breakpoint, where: object & { readonly lineNumber: number }, inspector: Inspector) {
    const condition = breakpoint.rule.condition;
    const parameters = { ...where, ...(condition !== undefined && { condition }) };
    const { breakpointId, locations } = await inspector.post("Debugger.setBreakpointByUrl", parameters);
    this.#placed.set(breakpointId, breakpoint);
    return locations;
  }

  async #remove(path: string, inspector: Inspector): Promise<void> {
    this.#byPath.delete(path);
    for (const [breakpointId, breakpoint] of this.#placed) {
      if (breakpoint.path !== path) continue;
      this.#placed.delete(breakpointId);
      await inspector.post("Debugger.removeBreakpoint", { breakpointId });
    }
  }
}

/** The first place at which V8 can stop, from the asked line on. */
export function stopFor({ asked: { line, column = 1 } }: Pick<Breakpoint, "asked">, stops: readonly Stop[]) {
  const later = stops.find((stop) => stop.line > line || (stop.line === line && stop.column >= column));
  // A column behind the line's last statement means that one.
  const before = stops.findLast((stop) => stop.line === line);
  return later?.line === line ? later : (before ?? later);
}

/** Of a cell that may not have run yet. */
export function stopsIn(code: string): readonly Stop[] {
  let compiled: CompiledCell;
  try {
    compiled = compileCell(code, "cell.ts", new Set(), { keepsLoops: true });
  } catch (error) {
    if (error instanceof CellSyntaxError) return [];
    throw error;
  }
  return stopsOf(compiled, new CellPositions(compiled));
}

function toProtocol({ id, path, asked, place, rule: { problem } }: Breakpoint): DebugProtocol.Breakpoint {
  const verified = place !== undefined && problem === undefined;
  const message =
    problem ?? (verified ? undefined : "nothing that runs stands at this line or behind it, or its file is not loaded");
  return { id, verified, line: place?.line ?? asked.line, source: { path }, ...(message && { message }) };
}
