// The language service of one notebook: what may be written, what a name is, what is wrong, semantic across cells. Plain calls,
// answered at once; the thread around it is language-thread.ts. Runs no cell.

import ts from "@typescript/typescript6";
import type { CellDiagnostic, LanguageMethod, LanguageMethods } from "#protocol";
import { completionDetailsAt, completionsAt, type Importable, importableDetailsAt } from "./answers/completion.ts";
import { diagnosticsOf, typeErrorsOf } from "./answers/diagnostics.ts";
import { hoverAt } from "./answers/hover.ts";
import { definitionAt, renameAt, renamedAt } from "./answers/locations.ts";
import type { Place } from "./answers/place.ts";
import { signatureHelpAt } from "./answers/signature-help.ts";
import { Cells } from "./cells/cells.ts";
import type { Execution, ExecutionEnd } from "./thread/thread-messages.ts";
import { CellHost } from "./types/cell-host.ts";
import type { TypeFiles } from "./types/type-files.ts";

export interface LanguageOptions {
  /** The notebook's folder: imports of cells resolve from there, and its tsconfig.json is honoured. */
  readonly folder: string;
  readonly files: TypeFiles;
  /** Receives what is wrong with tsconfig.json, once each. */
  readonly onNotice?: (sentence: string) => void;
}

/** The answers to what editors ask; each row is one method of the protocol. */
type Answers = {
  readonly [M in LanguageMethod]: (params: LanguageMethods[M]["params"]) => LanguageMethods[M]["result"] | null;
};

export class Language {
  readonly #cells: Cells;
  readonly #host: CellHost;
  readonly #service: ts.LanguageService;
  #importable: readonly Importable[] | undefined;

  constructor({ folder, files, onNotice = () => {} }: LanguageOptions) {
    this.#cells = new Cells(folder);
    this.#host = new CellHost({ cells: this.#cells, folder, files, onNotice });
    this.#service = ts.createLanguageService(this.#host, ts.createDocumentRegistry());
  }

  readonly answers: Answers = {
    notebook: ({ cells }) => {
      this.#cells.setNotebook(cells.map(({ cell, text }) => ({ id: cell, text })));
      return true;
    },
    cell: ({ cell, text }) => {
      this.#cells.setCell({ id: cell, text });
      return true;
    },
    completion: ({ cell, offset }) => {
      this.#cells.work(cell);
      return this.#at(cell, offset, (place) => completionsAt(place, this.#importables()));
    },
    completionDetails: ({ cell, offset, name, source }) =>
      this.#at(cell, offset, (place) => {
        if (source === undefined) return completionDetailsAt(place, name);
        return importableDetailsAt(this.#library(), name, place.module.text);
      }),
    hover: ({ cell, offset }) => this.#at(cell, offset, hoverAt),
    signatureHelp: ({ cell, offset }) => this.#at(cell, offset, signatureHelpAt),
    definition: ({ cell, offset }) => this.#at(cell, offset, definitionAt),
    renamed: ({ cell, offset }) => this.#at(cell, offset, renamedAt),
    rename: ({ cell, offset }) => this.#at(cell, offset, renameAt),
    diagnostics: ({ cell }) => this.#at(cell, 0, diagnosticsOf),
  };

  // Executed view --------------------------------------------------------------------------------------------------

  /** A cell is being executed: later ones see its names. With `isChecked`, returns its type errors. */
  execute({ execution, text, isChecked }: Execution): readonly CellDiagnostic[] {
    const errors = isChecked ? this.check(text) : [];
    this.#cells.execute(text, execution);
    return errors;
  }

  /** An executed cell has ended. With a result, that is `_` from now on. */
  ended({ execution, hasResult }: ExecutionEnd): void {
    this.#cells.ended(execution, hasResult);
  }

  /** The type errors that a cell would have if it were executed now. */
  check(text: string): readonly CellDiagnostic[] {
    return typeErrorsOf(this.console(text, 0));
  }

  /** The engine is a fresh one: nothing was executed yet. */
  restart(): void {
    this.#cells.restart();
  }

  /** A position in a text that is about to be executed. */
  console(text: string, offset: number): Place {
    this.#host.refresh();
    return { service: this.#service, cells: this.#cells, module: this.#cells.console(text), offset };
  }

  /** Answers one question, so that the next ones find everything read and compiled. */
  warmUp(): void {
    const text = 'import { tensor } from "lectern";\nconst warm = tensor([1]);\nwarm.';
    const place = this.console(text, text.length);
    typeErrorsOf(place);
    completionsAt(place, []);
    this.#importables();
  }

  #at<Result>(cell: string, offset: number, answer: (place: Place) => Result): Result | null {
    this.#host.refresh();
    const module = this.#cells.cell(cell);
    return module ? answer({ service: this.#service, cells: this.#cells, module, offset }) : null;
  }

  #library(): Place {
    const module = this.#cells.library;
    return { service: this.#service, cells: this.#cells, module, offset: module.text.length };
  }

  #importables(): readonly Importable[] {
    this.#importable ??= (completionsAt(this.#library(), []) ?? []).map(({ name, kind }) => ({ name, kind }));
    return this.#importable;
  }
}
