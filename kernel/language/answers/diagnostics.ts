// What TypeScript has against a cell, without what is right in a notebook although it would be wrong in a module.

import ts from "@typescript/typescript6";
import type { CellDiagnostic, TextRange } from "#protocol";
import { toSignature } from "./documentation.ts";
import type { Place } from "./place.ts";

type CellPlace = Omit<Place, "offset">;

/** "Cannot assign to 'n' because it is an import.": in a notebook it is the variable of an earlier cell. */
const ASSIGNS_TO_IMPORT = 2632;
const ASSIGNS_TO_CONSTANT = 2588;

/** None for a cell that is no TypeScript: it is told of its syntax first. */
export function typeErrorsOf(place: CellPlace): readonly CellDiagnostic[] {
  if (place.module.syntaxErrors.length > 0) return [];
  return inCell(place, place.service.getSemanticDiagnostics(place.module.fileName));
}

export function diagnosticsOf(place: CellPlace): readonly CellDiagnostic[] {
  const { service, module } = place;
  if (module.syntaxErrors.length > 0) {
    const { length: end } = module.text;
    return module.syntaxErrors.map((error) => {
      const start = Math.min(error.start, end);
      return toProtocol(module.text, error, { start, length: Math.min(error.length, end - start) });
    });
  }
  const suggestions = service.getSuggestionDiagnostics(module.fileName);
  const marks = suggestions.filter((mark) => mark.reportsDeprecated ?? mark.reportsUnnecessary);
  return [...typeErrorsOf(place), ...inCell(place, marks)];
}

function inCell(place: CellPlace, diagnostics: readonly ts.Diagnostic[]): CellDiagnostic[] {
  return diagnostics.flatMap((diagnostic) => {
    const { start = 0, length = 0 } = diagnostic;
    const range = place.module.toCellRange({ start, length });
    if (!range) return [];
    if (diagnostic.code !== ASSIGNS_TO_IMPORT) return toProtocol(place.module.text, diagnostic, range);
    if (!isConstant(place, start)) return [];
    const told = toProtocol(place.module.text, diagnostic, range);
    return { ...told, code: ASSIGNS_TO_CONSTANT, message: told.message.replace("an import", "a constant") };
  });
}

function toProtocol(text: string, diagnostic: ts.Diagnostic, range: TextRange): CellDiagnostic {
  return {
    ...range,
    line: text.slice(0, range.start).split("\n").length,
    message: ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n"),
    code: diagnostic.code,
    severity: SEVERITIES[diagnostic.category],
    isDeprecation: diagnostic.reportsDeprecated !== undefined,
    isUnnecessary: diagnostic.reportsUnnecessary !== undefined,
  };
}

/** Whether the other cell says `const`, a function, a class, … of it: only variables may be assigned to. */
function isConstant({ service, module }: CellPlace, position: number): boolean {
  return !/^(let|var) /.test(toSignature(service.getQuickInfoAtPosition(module.fileName, position)?.displayParts));
}

const SEVERITIES: Readonly<Record<ts.DiagnosticCategory, CellDiagnostic["severity"]>> = {
  [ts.DiagnosticCategory.Error]: "error",
  [ts.DiagnosticCategory.Warning]: "warning",
  [ts.DiagnosticCategory.Suggestion]: "hint",
  [ts.DiagnosticCategory.Message]: "hint",
};
