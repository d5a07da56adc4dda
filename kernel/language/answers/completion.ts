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
  includeSymbol: true,
};

/** A name that is in sight, and what TypeScript knows of it. */
export interface NameInSight {
  readonly completion: Completion;
  readonly symbol: ts.Symbol | undefined;
}

export interface NamesInSight {
  readonly names: readonly NameInSight[];
  /** Of what stands before a point. */
  readonly areMembers: boolean;
}

/** Behind everything that is in sight already: TypeScript's own order for what has to be imported. */
const NEEDS_IMPORT = "16";

/** What is in sight, and what an import would bring. */
export function completionsAt(place: Place, importable: readonly Importable[]): readonly Completion[] | null {
  const found = namesInSightAt(place);
  if (!found) return null;
  const own = found.names.map(({ completion }) => completion);
  const inSight = new Set(own.map(({ name }) => name));
  // Where any name may stand, this one is among them. TypeScript's `isGlobalCompletion` means the start of a statement.
  if (found.areMembers || !inSight.has("globalThis")) return own;
  const word = wordBefore(place);
  const others = importable.filter(({ name }) => !inSight.has(name));
  return [
    ...own,
    ...others.map(({ name, kind }) => ({ ...word, name, kind, sortText: NEEDS_IMPORT, source: "lectern" })),
  ];
}

export function namesInSightAt(place: Place): NamesInSight | null {
  const found = place.service.getCompletionsAtPosition(...inModule(place), PREFERENCES);
  if (!found) return null;
  const word = wordBefore(place);
  const checker = checkerOf(place);
  const names = found.entries.flatMap((entry): NameInSight[] => {
    const range = entry.replacementSpan ? place.module.toCellRange(entry.replacementSpan) : word;
    if (!range || entry.kind === ts.ScriptElementKind.warning) return [];
    const completion = {
      ...range,
      name: entry.name,
      kind: kindOf(entry, checker),
      sortText: entry.sortText,
      ...(entry.insertText !== undefined && { insertText: entry.insertText }),
      ...(entry.kindModifiers?.includes("deprecated") && { isDeprecated: true }),
    };
    return [{ completion, symbol: entry.symbol }];
  });
  return { names, areMembers: found.isMemberCompletion };
}

/** `name(parameter: type): type`, for what can be called. Asking for a completion's details takes thirty times as long. */
export function signatureOf(place: Place, { completion, symbol }: NameInSight): string | undefined {
  const checker = checkerOf(place);
  if (!symbol || !checker) return undefined;
  const signatures = checker.getTypeOfSymbol(aliased(symbol, checker)).getCallSignatures();
  const [first, ...more] = signatures;
  if (!first) return undefined;
  const overloads = more.length === 0 ? "" : ` (+${more.length} overload${more.length === 1 ? "" : "s"})`;
  return `${completion.name}${checker.signatureToString(first)}${overloads}`;
}

const checkerOf = ({ service }: Place): ts.TypeChecker | undefined => service.getProgram()?.getTypeChecker();

const aliased = (symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;

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

/** Of a name from another cell TypeScript says "alias": here, what it is there. */
function kindOf({ kind, symbol }: ts.CompletionEntry, checker: ts.TypeChecker | undefined): string {
  if (kind !== ts.ScriptElementKind.alias || !symbol || !checker || !(symbol.flags & ts.SymbolFlags.Alias)) return kind;
  const { flags, valueDeclaration } = aliased(symbol, checker);
  for (const [flag, word] of KINDS) if (flags & flag) return word;
  const isConst = valueDeclaration && ts.getCombinedNodeFlags(valueDeclaration) & ts.NodeFlags.Const;
  return isConst ? ts.ScriptElementKind.constElement : ts.ScriptElementKind.letElement;
}

const KINDS: readonly (readonly [ts.SymbolFlags, string])[] = [
  [ts.SymbolFlags.Function, ts.ScriptElementKind.functionElement],
  [ts.SymbolFlags.Class, ts.ScriptElementKind.classElement],
  [ts.SymbolFlags.Enum, ts.ScriptElementKind.enumElement],
  [ts.SymbolFlags.Interface, ts.ScriptElementKind.interfaceElement],
  [ts.SymbolFlags.TypeAlias, ts.ScriptElementKind.typeElement],
  [ts.SymbolFlags.Module, ts.ScriptElementKind.moduleElement],
];

/** The part of a name that stands before the position. */
function wordBefore({ module, offset }: Place) {
  const [word] = /[\p{ID_Continue}$\u200c\u200d]*$/u.exec(module.text.slice(0, offset)) ?? [""];
  return { start: offset - word.length, length: word.length };
}
