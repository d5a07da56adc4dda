// Which cells there are, and what a name means in each of them. Two views. Executed: the latest cell that ran and declared the
// name. Notebook: the nearest cell above that declares it, else the nearest below, else what was executed. Knows no types.

import { join } from "node:path";
import { CellModule } from "./cell-module.ts";
import { ExecutedModules, LAST_RESULT } from "./executed-modules.ts";

export interface NotebookCell {
  readonly id: string;
  readonly text: string;
}

/** Modules to Node, whatever the folder's package.json says. */
const EXTENSION = ".mts";
const LIBRARY = 'import * as lectern from "lectern"; lectern.';

export class Cells {
  readonly #folder: string;
  /** Where the exports of "lectern" can be asked for. */
  readonly library: CellModule;
  readonly #executed = new ExecutedModules();
  #notebook: { readonly id: string; module: CellModule }[] = [];
  /** Ids of the notebook's cells in which somebody writes. */
  readonly #worked = new Set<string>();
  #console: CellModule;
  #serial = 0;

  /** `folder` is the notebook's: imports of cells resolve from there. */
  constructor(folder: string) {
    this.#folder = folder;
    this.library = this.#newModule(LIBRARY);
    this.#console = this.#newModule("");
  }

  /** Every module that is part of the program by itself; executed ones are as far as others import them. */
  get modules(): readonly CellModule[] {
    return [this.library, this.#console, ...this.#notebook.map(({ module }) => module)];
  }

  find(fileName: string): CellModule | undefined {
    if (!fileName.endsWith(EXTENSION)) return undefined;
    return this.#executed.find(fileName) ?? this.modules.find((module) => module.fileName === fileName);
  }

  /** The id of the notebook's cell with this module. */
  idOf(fileName: string): string | undefined {
    return this.#notebook.find(({ module }) => module.fileName === fileName)?.id;
  }

  // Executed view --------------------------------------------------------------------------------------------------

  /** A cell was executed: later cells see its names, and it keeps what other names meant then. */
  execute(text: string, execution: number): void {
    const module = new CellModule(this.#freeFileName(), text, ++this.#serial, { offersResult: true });
    this.#importInto(module, (name) => this.#executed.owner(name), module.names.mentioned);
    this.#executed.begin(module, execution);
    this.#arrange();
  }

  /** An executed cell has ended; with a result, that is `_` to later cells. */
  ended(execution: number, hasResult: boolean): void {
    this.#executed.end(execution, hasResult);
    this.#notebook.forEach(({ module }, index) => {
      if (module.names.mentioned.has(LAST_RESULT)) this.#arrangeCell(index);
    });
  }

  /** Nothing was executed yet: the engine has restarted. */
  restart(): void {
    this.#executed.clear();
    this.#arrange();
  }

  /** The module of a cell that is about to be executed, with every executed name in sight. */
  console(text: string): CellModule {
    if (this.#console.text !== text) this.#console = this.#newModule(text, this.#console.fileName);
    const wanted = [...this.#executed.names, ...this.#console.names.mentioned];
    this.#importInto(this.#console, (name) => this.#executed.owner(name), wanted);
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

  /** The module of a notebook's cell. */
  cell(id: string): CellModule | undefined {
    return this.#notebook.find((cell) => cell.id === id)?.module;
  }

  /** Somebody writes in the cell: from now on it imports every visible name, so that completion offers them. */
  work(id: string): void {
    if (this.#worked.has(id)) return;
    this.#worked.add(id);
    this.#arrange();
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
    const owner = (name: string) => visible.get(name) ?? this.#executed.owner(name);
    const offered = this.#worked.has(id) ? [...visible.keys(), ...this.#executed.names] : [];
    this.#importInto(module, owner, [...offered, ...module.names.mentioned]);
  }

  #importInto(module: CellModule, owner: (name: string) => CellModule | undefined, wanted: Iterable<string>): void {
    const imports = new Map<string, string[]>();
    for (const name of new Set(wanted)) {
      const from = owner(name);
      if (!from || from === module || module.names.declared.has(name)) continue;
      imports.set(from.fileName, [...(imports.get(from.fileName) ?? []), from.importOf(name)]);
    }
    module.setImports(imports);
  }

  #newModule(text: string, fileName = this.#fileName(`cell-${this.#serial}`)): CellModule {
    return new CellModule(fileName, text, ++this.#serial);
  }

  /** Names are used again: a program of the same files is made anew in half the time. */
  #freeFileName(): string {
    for (let number = 0; ; number++) {
      const fileName = this.#fileName(`run-${number}`);
      if (!this.#executed.find(fileName)) return fileName;
    }
  }

  /** In the notebook's folder, from where its imports resolve; no such file exists. */
  readonly #fileName = (name: string): string => join(this.#folder, `lectern-${name}${EXTENSION}`);
}
