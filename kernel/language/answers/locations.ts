// Where a name is declared, and everywhere it stands: places in cells and in files.

import type ts from "@typescript/typescript6";
import type { CodeLocation, TextRange } from "#protocol";
import type { Cells } from "../cells/cells.ts";
import { inModule, type Place } from "./place.ts";

export function definitionAt(place: Place): readonly CodeLocation[] {
  const found = place.service.getDefinitionAtPosition(...inModule(place)) ?? [];
  return found.flatMap((span) => toLocation(span, place.cells));
}

/** What would be renamed. Throws a sentence when it is not the notebook's to rename. */
export function renamedAt(place: Place): TextRange & { readonly name: string } {
  const info = place.service.getRenameInfo(...inModule(place), {});
  if (!info.canRename) throw new RenameError(info.localizedErrorMessage);
  const range = place.module.toCellRange(info.triggerSpan);
  const foreign = spans(place).find(({ fileName }) => isDeclarationFile(fileName));
  if (!range) throw new RenameError("There is no name here.");
  const name = place.module.text.slice(range.start, range.start + range.length);
  if (place.module.isLastResult(name)) {
    throw new RenameError(`${name} is the last result and cannot be renamed: declare a name for it.`);
  }
  if (foreign) throw new RenameError(`${name} is declared by a library, and cannot be renamed here.`);
  return { ...range, name };
}

export function renameAt(place: Place): readonly CodeLocation[] {
  renamedAt(place);
  return spans(place).flatMap((span) => toLocation(span, place.cells));
}

export class RenameError extends Error {
  override readonly name = "RenameError";
}

/** Without aliases: the name that a cell imports from another cell changes with it. */
const spans = ({ service, ...place }: Place): readonly ts.RenameLocation[] =>
  service.findRenameLocations(...inModule({ service, ...place }), false, false, {
    providePrefixAndSuffixTextForRename: false,
  }) ?? [];

/** Nothing for imports and exports that stand in no cell, and for cells that are no longer in the notebook. */
function toLocation({ fileName, textSpan }: ts.DocumentSpan, cells: Cells): CodeLocation[] {
  const module = cells.find(fileName);
  if (!module) return [{ path: fileName, ...textSpan }];
  const cell = cells.idOf(fileName);
  const range = module.toCellRange(textSpan);
  return cell === undefined || !range ? [] : [{ cell, ...range }];
}

const isDeclarationFile = (file: string): boolean => /\.d\.[cm]?ts$/.test(file) || file.includes("/node_modules/");
