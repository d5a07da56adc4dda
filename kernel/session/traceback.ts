// Thrown errors → Jupyter `error` messages that point at the cell's line. Frames of the kernel's and the engine's own
// code are left out; positions of transpiled cells are mapped back. Remembers the text of the cells that it may quote.

import type { CellDiagnostic, ErrorContent } from "#protocol";
import { forgetOldest } from "../bounds/forget-oldest.ts";
import { CellPositions, type CellSyntaxError, type CompiledCell, type Position } from "../compile/index.ts";
import { typeErrorLine } from "./cell-types.ts";
import type { ThrownError } from "./engine-messages.ts";

interface KnownCell {
  readonly text: string;
  readonly positions: CellPositions | undefined;
}

interface Frame extends Position {
  readonly cellNumber: number;
  readonly where: string;
}

/** How many cells can still be quoted in a traceback. */
const MEMORY = 2000;
const CELL_FRAME = /^\s*at (?:(.*) \()?cell-(\d+)\.ts:(\d+):(\d+)\)?$/;
const NODE_FRAME = /\bnode:|<anonymous>\)?$/;

export const cellName = (cellNumber: number): string => `cell-${cellNumber}.ts`;

export class Tracebacks {
  readonly #ownFolder: string;
  readonly #cells = new Map<number, KnownCell>();

  /** `ownFolder` is the URL of the folder with the kernel's and the engine's bundles. */
  constructor(ownFolder: string) {
    this.#ownFolder = ownFolder;
  }

  remember(cellNumber: number, text: string, compiled?: CompiledCell): void {
    const positions = compiled && new CellPositions(compiled);
    this.#cells.set(cellNumber, { text, positions });
    forgetOldest(this.#cells, MEMORY);
  }

  ofThrown({ name, message, stack, cause }: ThrownError): ErrorContent {
    const frames = this.#frames(stack);
    const first = frames.find((frame): frame is Frame => typeof frame !== "string");
    const traceback = [`${name}: ${message}`];
    if (first) traceback.push(...this.#quote(first));
    if (frames.length > 1) traceback.push(...frames.map((f) => (typeof f === "string" ? f : `    at ${f.where}`)));
    if (cause) traceback.push(...this.#ofCause(cause));
    return { ename: name, evalue: message, traceback };
  }

  /** What led to the error, where that is in a cell: causes inside of node help nobody. */
  #ofCause({ message, stack, cause }: ThrownError): string[] {
    const place = this.#frames(stack).find((frame): frame is Frame => typeof frame !== "string");
    const own = place ? [`Cause: ${message}`, ...this.#quote(place)] : [];
    return cause ? [...own, ...this.#ofCause(cause)] : own;
  }

  ofSyntaxError(cellNumber: number, { name, message, line, column }: CellSyntaxError): ErrorContent {
    const where = this.#quote({ cellNumber, line, column, where: "" });
    return { ename: name, evalue: message, traceback: [`${name}: ${message}`, ...where] };
  }

  /** A cell that is not run because of its types. The first error is quoted, the others are named. */
  ofTypeErrors(cellNumber: number, errors: readonly CellDiagnostic[]): ErrorContent {
    const [first, ...others] = errors;
    const text = this.#cells.get(cellNumber)?.text.slice(0, first?.start) ?? "";
    const column = text.length - text.lastIndexOf("\n");
    const evalue = first?.message ?? "";
    const traceback = [
      `TypeCheckError: ${evalue}`,
      ...this.#quote({ cellNumber, line: first?.line ?? 1, column, where: "" }),
      ...others.map((error) => typeErrorLine(cellNumber, error)),
    ];
    return { ename: "TypeCheckError", evalue, traceback };
  }

  /** The frames that a user can do something about: cells and modules of their own. */
  #frames(stack: string): (Frame | string)[] {
    const frames: (Frame | string)[] = [];
    for (const line of stack.split("\n")) {
      const match = CELL_FRAME.exec(line);
      if (match) {
        const cellNumber = Number(match[2]);
        const place = { line: Number(match[3]), column: Number(match[4]) };
        const { line: l, column: c } = this.#cells.get(cellNumber)?.positions?.toCell(place) ?? place;
        const inFunction = match[1] ? ` in ${match[1].replace(/^async /, "")}` : "";
        frames.push({
          cellNumber,
          line: l,
          column: c,
          where: `Cell ${cellNumber}, line ${l}, column ${c}${inFunction}`,
        });
      } else if (/^\s*at /.test(line) && !NODE_FRAME.test(line) && !line.includes(this.#ownFolder)) frames.push(line);
    }
    return frames;
  }

  /** "Cell 3, line 2, column 5" and the line with a mark below. */
  #quote({ cellNumber, line, column }: Frame): string[] {
    const text = this.#cells.get(cellNumber)?.text.split(/\r?\n/)[line - 1];
    const place = `Cell ${cellNumber}, line ${line}, column ${column}`;
    if (text === undefined) return [place];
    const gutter = `  ${line} | `;
    return [place, gutter + text, `${" ".repeat(gutter.length + column - 1)}^`];
  }
}
