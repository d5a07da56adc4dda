// A cell that is a module of its own, as tslab has them: with `/** @module net */` above its code, other cells and files import its
// exports from "./net". It is handed over as text: node strips its types, as it does of a file beside the notebook.

import ts from "@typescript/typescript6";

/** The name that a doc comment at the top of the cell gives, or undefined. */
export function moduleName(cell: string): string | undefined {
  const comments = ts.getLeadingCommentRanges(cell, 0) ?? [];
  const docs = comments.map(({ pos, end }) => cell.slice(pos, end)).filter((comment) => comment.startsWith("/**"));
  return docs.map((doc) => /@module\s+(\w+)\s*(?:\n|\*\/)/.exec(doc)?.[1]).find((name) => name !== undefined);
}

/** The script that makes the module known: the next import of it has the new text. */
export const defineModule = (name: string, cell: string): string =>
  `$module_(${JSON.stringify(name)},${JSON.stringify(cell)})`;
