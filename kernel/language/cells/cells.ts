// Which cells there are, and what a name means in each of them. Two views. Executed: the latest cell that ran and declared the
// name. Notebook: the nearest cell above that declares it, else the nearest below, else what was executed. Knows no types.

import { join } from "node:path";
import { CellModule } from "./cell-module.ts";

export interface NotebookCell {
  readonly id: string;
  readonly text: string;
}

export class Cells {
  readonly #folder: string;
  /** By file name. */
  readonly #executed = new Map<string, CellModule>();
  /** Name → the executed cell that declared it last. */
  readonly #owners = new Map<string, CellModule>();
  #notebook: { readonly id: string; module: CellModule }[] = [];
  /** Notebook cells that are worked in: they import every name, so that completion offers them. */
  readonly #worked = new Set<string>();
  #console: CellModule;
  /** The cell that was executed last. */
  #latest: CellModule | undefined;
  #serial = 0;

  /** `folder` is the notebook's: imports of cells resolve from there. */
  constructor(folder: string) {
    this.#folder = folder;
    this.#console = this.#newModule("");
  }

  /** Every module that is part of the program by itself. */
  get modules(): readonly CellModule[] {
    const latest = this.#latest ? [this.#latest] : [];
    return [...this.#notebook.map(({ module }) => module), this.#console, ...latest];
  }

  find(fileName: string): CellModule | undefined {
    return this.#executed.get(fileName) ?? this.modules.find((module) => module.fileName === fileName);
  }

  /** The id of the notebook's cell with this module. */
  idOf(fileName: string): string | undefined {
    return this.#notebook.find(({ module }) => module.fileName === fileName)?.id;
  }

  // Executed view --------------------------------------------------------------------------------------------------

  /** A cell was executed: later cells see its names. Returns its module, which keeps what its names meant then. */
  execute(text: string): CellModule {
    const module = this.#newModule(text);
    this.#importInto(module, (name) => this.#owners.get(name), module.names.mentioned);
    this.#executed.set(module.fileName, module);
    for (const name of module.names.declared.keys()) this.#owners.set(name, module);
    this.#latest = module;
    this.#forgetUnneeded(module);
    this.#arrange();
    return module;
  }

  /** Nothing was executed yet: the engine has restarted. */
  restart(): void {
    this.#executed.clear();
    this.#latest = undefined;
    this.#owners.clear();
    this.#arrange();
  }

  /** The module of a cell that is about to be executed, with every executed name in sight. */
  console(text: string): CellModule {
    if (this.#console.text !== text) this.#console = this.#newModule(text, this.#console.fileName);
    this.#importInto(this.#console, (name) => this.#owners.get(name), this.#owners.keys());
    return this.#console;
  }

  // Notebook view --------------------------------------------------------------------------------------------------

  /** All code cells of the notebook, from top to bottom. */
  setNotebook(cells: readonly NotebookCell[]): void {
    const known = new Map(this.#notebook.map((cell) => [cell.id, cell]));
    this.#notebook = cells.map(({ id, text }) => {
      const module = known.get(id)?.module;
      return { id, module: module?.text === text ? module : this.#newModule(text, module?.fileName) };
    });
    this.#arrange();
  }

  /** One cell's new text. */
  setCell({ id, text }: NotebookCell): void {
    this.setNotebook(
      this.#notebook.map((cell) => (cell.id === id ? { id, text } : { id: cell.id, text: cell.module.text })),
    );
  }

  /** The module of a notebook's cell in which somebody works: all visible names are imported. */
  cell(id: string): CellModule | undefined {
    const index = this.#notebook.findIndex((cell) => cell.id === id);
    if (index < 0) return undefined;
    if (!this.#worked.has(id)) {
      this.#worked.add(id);
      this.#arrangeCell(index);
    }
    return this.#notebook[index]!.module;
  }

  #arrange(): void {
    for (let index = 0; index < this.#notebook.length; index++) this.#arrangeCell(index);
  }

  #arrangeCell(index: number): void {
    const { id, module } = this.#notebook[index]!;
    const above = this.#notebook.slice(0, index).reverse();
    const below = this.#notebook.slice(index + 1);
    const visible = new Map<string, CellModule>();
    for (const other of [...above, ...below]) {
      for (const name of other.module.names.declared.keys()) {
        if (!visible.has(name)) visible.set(name, other.module);
      }
    }
    const owner = (name: string) => visible.get(name) ?? this.#owners.get(name);
    const wanted = this.#worked.has(id) ? [...visible.keys(), ...this.#owners.keys()] : module.names.mentioned;
    this.#importInto(module, owner, wanted);
  }

  #importInto(module: CellModule, owner: (name: string) => CellModule | undefined, wanted: Iterable<string>): void {
    const imports = new Map<string, string[]>();
    for (const name of new Set(wanted)) {
      const from = owner(name);
      if (!from || from === module || module.names.declared.has(name)) continue;
      imports.set(from.fileName, [...(imports.get(from.fileName) ?? []), name]);
    }
    module.setImports(imports);
  }

  /** Executed cells stay as long as a name of theirs can be reached: a kernel may run ten thousand. */
  #forgetUnneeded(latest: CellModule): void {
    const needed = new Set<string>();
    const need = (fileName: string): void => {
      if (needed.has(fileName)) return;
      needed.add(fileName);
      for (const imported of this.find(fileName)?.imports.keys() ?? []) need(imported);
    };
    need(latest.fileName);
    for (const owner of this.#owners.values()) need(owner.fileName);
    for (const fileName of this.#executed.keys()) if (!needed.has(fileName)) this.#executed.delete(fileName);
  }

  #newModule(text: string, fileName = join(this.#folder, `lectern-cell-${this.#serial + 1}.mts`)): CellModule {
    return new CellModule(fileName, text, ++this.#serial);
  }
}
