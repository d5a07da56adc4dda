// Places in stacks as their reader means them: those of the cell's text, not of the scripts that the compiler made of it. Remembers how
// each cell was moved; the compiler itself stays in the kernel process.

import { forgetOldest } from "../../bounds/forget-oldest.ts";
import { CellPositions, type Moves } from "../../compile/positions.ts";

/** Cells whose errors may still come, as many as can be quoted in a traceback. */
const MEMORY = 2000;

/** `cell-3.ts:1:20`, as V8 writes it into a frame. A file of the user's with such a name has a folder in front of it. */
const PLACE = /(?<=^|[\s(])(cell-\d+\.ts):(\d+):(\d+)/g;

export class CellPlaces {
  readonly #cells = new Map<string, CellPositions>();

  /** `name` is that of the cell's scripts, `cell-3.ts`; a later cell of that name replaces it. */
  remember(name: string, moves: Moves): void {
    this.#cells.delete(name);
    this.#cells.set(name, new CellPositions(moves));
    forgetOldest(this.#cells, MEMORY);
  }

  /** A frame with places of scripts → with those of cells. */
  toCells(frame: string): string {
    return frame.replace(PLACE, (place, name: string, line: string, column: string) => {
      const inCell = this.#cells.get(name)?.toCell({ line: Number(line), column: Number(column) });
      return inCell ? `${name}:${inCell.line}:${inCell.column}` : place;
    });
  }
}
