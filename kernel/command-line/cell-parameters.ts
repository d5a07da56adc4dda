// `lectern run -p name=value`: values for a notebook from outside, by papermill's convention. The cell tagged "parameters"
// holds the defaults; a cell tagged "injected-parameters" behind it gives the names their new values.
// Source: https://papermill.readthedocs.io/en/latest/usage-parameterize.html

import { type Cell, type CodeCell, hasTag, type Notebook, toText } from "../notebook/nbformat.ts";

export type CellParameters = Readonly<Record<string, unknown>>;

const DEFAULTS_TAG = "parameters";
const INJECTED_TAG = "injected-parameters";

/** What was asked for on the command line cannot be given to this notebook. */
export class ParameterError extends Error {
  override readonly name = "ParameterError";
}

/**
 * `name=value` added to `others`: the value is JSON where it can be read so (`3`, `true`, `[1, 2]`), otherwise the text itself.
 * Throws {@link ParameterError} when there is no `=` or the name is none of TypeScript's.
 */
export function parseParameter(argument: string, others: CellParameters = {}): CellParameters {
  const at = argument.indexOf("=");
  const name = argument.slice(0, Math.max(at, 0));
  if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)) {
    throw new ParameterError(`-p ${argument}: expected name=value, for example -p epochs=3`);
  }
  return { ...others, [name]: toValue(argument.slice(at + 1)) };
}

/**
 * The notebook with the parameters in it; a cell that an earlier run has injected is replaced. Throws {@link ParameterError}
 * when no cell is tagged "parameters", or that cell does not mention a name.
 */
export function injectParameters(notebook: Notebook, parameters: CellParameters): Notebook {
  const names = Object.keys(parameters);
  if (names.length === 0) return notebook;
  const cells = notebook.cells.filter((cell) => !hasTag(cell, INJECTED_TAG));
  const at = cells.findIndex((cell) => hasTag(cell, DEFAULTS_TAG));
  const defaults = cells[at];
  if (!defaults) {
    throw new ParameterError(
      `-p ${names[0]}: no cell is tagged "${DEFAULTS_TAG}"; give that tag to the cell of defaults`,
    );
  }
  for (const name of names) failUnlessMentioned(name, defaults);
  const lines = names.map((name) => `let ${name} = ${JSON.stringify(parameters[name])};`);
  const injected: CodeCell = {
    cell_type: "code",
    ...(defaults.id !== undefined && { id: INJECTED_TAG }),
    metadata: { tags: [INJECTED_TAG] },
    source: lines.join("\n"),
    execution_count: null,
    outputs: [],
  };
  return { ...notebook, cells: cells.toSpliced(at + 1, 0, injected) };
}

function toValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A name that the defaults do not know is a slip of the pen, and would change nothing. */
function failUnlessMentioned(name: string, defaults: Cell): void {
  const words: readonly string[] = toText(defaults.source).match(/[\p{ID_Continue}$]+/gu) ?? [];
  if (words.includes(name)) return;
  throw new ParameterError(`-p ${name}: the cell tagged "${DEFAULTS_TAG}" does not declare ${name}`);
}
