// What may be written at a position: what TypeScript knows there and, with an import to add, the names of "lectern" that no cell
// has imported yet.

import ts from "@typescript/typescript6";
import type { Completion, CompletionDetails } from "#protocol";
import { toMarkdown, toSignature } from "./documentation.ts";
import { importEdit } from "./import-edit.ts";
import { inModule, type Place } from "./place.ts";

/** A name that an import would bring. */
export interface Importable {
  readonly name: string;
  readonly kind: string;
}

const PREFERENCES: ts.GetCompletionsAtPositionOptions = {
  includeCompletionsWithInsertText: true,
  includeCompletionsWithSnippetText: false,
  includeCompletionsForModuleExports: false,
};

/** Behind everything that is in sight already: TypeScript's own order for what has to be imported. */
const NEEDS_IMPORT = "16";

export function completionsAt(place: Place, importable: readonly Importable[]): readonly Completion[] | null {
  const found = place.service.getCompletionsAtPosition(...inModule(place), PREFERENCES);
  if (!found) return null;
  const word = wordBefore(place);
  const own = found.entries.flatMap((entry): Completion[] => {
    const range = entry.replacementSpan ? place.module.toCellRange(entry.replacementSpan) : word;
    if (!range || entry.kind === ts.ScriptElementKind.warning) return [];
    return [
      {
        ...range,
        name: entry.name,
        kind: kindOf(entry),
        sortText: entry.sortText,
        ...(entry.insertText !== undefined && { insertText: entry.insertText }),
        ...(entry.kindModifiers?.includes("deprecated") && { isDeprecated: true }),
      },
    ];
  });
  if (!found.isGlobalCompletion) return own;
  const inSight = new Set(own.map(({ name }) => name));
  const others = importable.filter(({ name }) => !inSight.has(name));
  return [
    ...own,
    ...others.map(({ name, kind }) => ({ ...word, name, kind, sortText: NEEDS_IMPORT, source: "lectern" })),
  ];
}

export function completionDetailsAt(place: Place, name: string): CompletionDetails | null {
  const details = place.service.getCompletionEntryDetails(
    ...inModule(place),
    name,
    undefined,
    undefined,
    PREFERENCES,
    undefined,
  );
  return details ? { ...toDetails(details), edits: [] } : null;
}

/** Details of a name that "lectern" exports: `place` is where the library can be asked. */
export function importableDetailsAt(library: Place, name: string, cell: string): CompletionDetails | null {
  const details = completionDetailsAt(library, name);
  return details && { ...details, edits: [importEdit(cell, name, "lectern")] };
}

function toDetails({ displayParts, documentation, tags }: ts.CompletionEntryDetails) {
  return { signature: toSignature(displayParts), documentation: toMarkdown(documentation, tags) };
}

/** Of a name from another cell TypeScript says "alias"; what it is there stands in its details. */
const kindOf = ({ kind, symbol }: ts.CompletionEntry): string =>
  kind === ts.ScriptElementKind.alias && symbol === undefined ? ts.ScriptElementKind.variableElement : kind;

/** The part of a name that stands before the position. */
function wordBefore({ module, offset }: Place) {
  const [word] = /[\p{ID_Continue}$\u200c\u200d]*$/u.exec(module.text.slice(0, offset)) ?? [""];
  return { start: offset - word.length, length: word.length };
}
