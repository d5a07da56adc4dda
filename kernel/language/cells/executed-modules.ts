// The cells that were executed: what a name means after them, and what `_` is, the latest result. Keeps their modules as long as
// something can be reached through them: a kernel may run ten thousand cells. Knows no notebook.

import type { CellModule } from "./cell-module.ts";

/** As the engine process has it (kernel/evaluate/last-result.ts): who assigns to it has it for himself. */
export const LAST_RESULT = "_";

/**
 * Cells whose names were all declared again, and which later ones still need for the types of theirs. Two cells that need each
 * other's names, run in turns, would make an endless chain: beyond so many, what came from the oldest is `any`.
 */
const MAX_SUPERSEDED = 100;

export class ExecutedModules {
  /** By file name, the oldest first. */
  readonly #modules = new Map<string, CellModule>();
  /** Name → the cell that declared it last. */
  readonly #owners = new Map<string, CellModule>();
  /** Execution → a cell whose end is not known yet. */
  readonly #running = new Map<number, CellModule>();
  #result: CellModule | undefined;
  #isResultTaken = false;

  find(fileName: string): CellModule | undefined {
    return this.#modules.get(fileName);
  }

  /** Names that cells have declared. */
  get names(): Iterable<string> {
    return this.#owners.keys();
  }

  /** The cell from which a name comes: it declares it, or it has the result that `_` is. */
  owner(name: string): CellModule | undefined {
    return this.#owners.get(name) ?? (name === LAST_RESULT ? this.#result : undefined);
  }

  /** `module` begins to run: later cells see its names, and it keeps what other names meant then. */
  begin(module: CellModule, execution: number): void {
    this.#modules.set(module.fileName, module);
    this.#running.set(execution, module);
    for (const name of module.names.declared.keys()) this.#owners.set(name, module);
    if (module.names.assigned.has(LAST_RESULT)) this.#takeResult();
    this.#forgetUnneeded();
  }

  end(execution: number, hasResult: boolean): void {
    const module = this.#running.get(execution);
    this.#running.delete(execution);
    if (module && hasResult && !this.#isResultTaken) this.#result = module.exportsResult ? module : undefined;
    this.#forgetUnneeded();
  }

  /** The engine is a fresh one. */
  clear(): void {
    this.#modules.clear();
    this.#owners.clear();
    this.#running.clear();
    this.#result = undefined;
    this.#isResultTaken = false;
  }

  #takeResult(): void {
    this.#isResultTaken = true;
    this.#result = undefined;
  }

  #forgetUnneeded(): void {
    const roots = new Set([
      ...this.#owners.values(),
      ...this.#running.values(),
      ...(this.#result ? [this.#result] : []),
    ]);
    const needed = new Set<CellModule>();
    const need = (module: CellModule | undefined): void => {
      if (!module || needed.has(module)) return;
      needed.add(module);
      for (const imported of module.imports.keys()) need(this.#modules.get(imported));
    };
    for (const module of roots) need(module);
    for (const [fileName, module] of this.#modules) if (!needed.has(module)) this.#modules.delete(fileName);
    const superseded = [...this.#modules].filter(([, module]) => !roots.has(module));
    if (superseded.length > MAX_SUPERSEDED) this.#forget(superseded.slice(0, -MAX_SUPERSEDED).map(([file]) => file));
  }

  /** File names are used again: nobody may go on importing from them. */
  #forget(fileNames: readonly string[]): void {
    const gone = new Set(fileNames);
    for (const fileName of gone) this.#modules.delete(fileName);
    for (const module of this.#modules.values()) {
      const kept = [...module.imports].filter(([file]) => !gone.has(file));
      if (kept.length < module.imports.size) module.setImports(new Map(kept));
    }
  }
}
