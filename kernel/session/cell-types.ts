// What happens to a cell with type errors. `warn`: it runs, and a warning stands under it. `stop`: it does not run. `off`: nobody
// looks. A warning never holds a cell up: the check runs beside it, and what is not ready when the cell ends comes afterwards.
// Also tells the language service which cells were executed.

import type { CellDiagnostic } from "#protocol";
import type { LanguageThread } from "../language/thread/language-thread.ts";
import { choiceOf } from "../settings/choice-of.ts";

const MODES = ["warn", "stop", "off"] as const;
export type TypeErrorMode = (typeof MODES)[number];

/** The environment variable LECTERN_TYPE_ERRORS; without it, `warn`. */
export function typeErrorsWanted(value = process.env.LECTERN_TYPE_ERRORS): TypeErrorMode {
  return choiceOf("LECTERN_TYPE_ERRORS", MODES, value) ?? "warn";
}

/** A warning of more lines would hide what the cell has printed. */
const MAX_LINES = 5;
/** "Cannot find name": a cell that threw because of it has said so. */
const UNKNOWN_NAMES = new Set([2304, 2503, 2552, 2580, 2584]);

/** The check of a cell that is running. */
export interface RunningCheck {
  /** Called when the cell has ended. `warn` is called at once where the warning is ready, else when it is. */
  end(ending: CellEnding, warn: (text: string) => void): void;
}

export interface CellEnding {
  readonly status: "ok" | "error";
  /** The cell gave a value, which is `_` now. */
  readonly hasResult?: boolean;
}

export class CellTypes {
  readonly #mode: TypeErrorMode;
  readonly #language: LanguageThread;
  #executions = 0;

  constructor(mode: TypeErrorMode, language: LanguageThread) {
    this.#mode = mode;
    this.#language = language;
  }

  /** The errors for which a cell must not run. Waits for the language service, and does not stop a cell when that has failed. */
  async stop(code: string): Promise<readonly CellDiagnostic[] | undefined> {
    if (this.#mode !== "stop") return undefined;
    const errors = (await this.#language.ask("check", { text: code }).catch(() => null)) ?? [];
    return errors.length > 0 ? errors : undefined;
  }

  /** A cell begins to run: the cells after it know its names. `executionCount` 0 is a silent one. */
  begin(code: string, executionCount: number): RunningCheck {
    const execution = ++this.#executions;
    const ended = ({ hasResult = false }: CellEnding) => this.#language.tell("ended", { execution, hasResult });
    if (this.#mode !== "warn" || executionCount === 0) {
      this.#language.tell("execute", { execution, text: code, isChecked: false });
      return { end: ended };
    }
    let errors: readonly CellDiagnostic[] | undefined;
    const checked = this.#language.ask("execute", { execution, text: code, isChecked: true }).then(
      (found) => (errors = found ?? []),
      () => (errors = []),
    );
    const end: RunningCheck["end"] = (ending, warn) => {
      ended(ending);
      // Not earlier: the thread's start would be in the way of the first cell.
      this.#language.start();
      const tell = (found: readonly CellDiagnostic[]) => {
        const text = warningOf(found, executionCount, ending.status);
        if (text !== "") warn(text);
      };
      if (errors) tell(errors);
      else void checked.then(tell);
    };
    return { end };
  }

  /** The engine is a fresh one: no name is known. */
  forget(): void {
    this.#language.tell("restart", {});
  }
}

function warningOf(errors: readonly CellDiagnostic[], executionCount: number, status: "ok" | "error"): string {
  const told = errors.filter(({ code }) => status === "ok" || !UNKNOWN_NAMES.has(code));
  const lines = told.slice(0, MAX_LINES).map((error) => typeErrorLine(executionCount, error));
  if (told.length > MAX_LINES) lines.push(`… and ${told.length - MAX_LINES} more type errors`);
  return lines.map((line) => `${line}\n`).join("");
}

/** "Cell 3, line 2: Type 'number' is not assignable to type 'string'." */
export const typeErrorLine = (cellNumber: number, { line, message }: CellDiagnostic): string =>
  `Cell ${cellNumber}, line ${line}: ${message.split("\n")[0]}`;
