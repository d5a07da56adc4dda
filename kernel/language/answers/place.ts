// A position in a cell, as the answers work with it: which cell's module, where in it, and whom to ask.

import type ts from "@typescript/typescript6";
import type { CellModule } from "../cells/cell-module.ts";
import type { Cells } from "../cells/cells.ts";

export interface Place {
  readonly service: ts.LanguageService;
  readonly cells: Cells;
  readonly module: CellModule;
  /** In the cell's text, UTF-16. */
  readonly offset: number;
}

/** File name and position, as TypeScript takes them. */
export const inModule = ({ module, offset }: Place): [string, number] => [
  module.fileName,
  module.toModuleOffset(offset),
];
