// Thrown errors → Jupyter `error` messages that point at the cell's line. Frames of the kernel's and the engine's own code are left
// out. Remembers the text of the cells that it may quote. Places come as those of the cells: kernel/evaluate/errors/cell-places.ts.

import type { CellDiagnostic, ErrorContent } from "#protocol";
import { forgetOldest } from "../bounds/forget-oldest.ts";
import type { CellSyntaxError, Position } from "../compile/index.ts";
import { typeErrorLine } from "./cell-types.ts";
import type { ThrownError } from "./engine-messages.ts";

interface Place extends Position {
  readonly cellNumber: number;
}

interface Frame extends Place {
  readonly where: string;
}

/** How many cells can still be quoted in a traceback. */
const MEMORY = 2000;
const CELL_FRAME = /^\s*at (?:async )?(?:(.*) \()?cell-(\d+)\.ts:(\d+):(\d+)\)?$/;
const NODE_FRAME = /\bnode:|<anonymous>\)?$/;

export class Tracebacks {
  readonly #ownFolder: string;
  readonly #texts = new Map<number, string>();

  /** `ownFolder` is the URL of the folder with the kernel's and the engine's bundles. */
  constructor(ownFolder: string) {
    this.#ownFolder = ownFolder;
  }

  remember(cellNumber: number, text: string): void {
    this.#texts.set(cellNumber, text);
    forgetOldest(this.#texts, MEMORY);
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
    const where = this.#quote({ cellNumber, line, column });
    return { ename: name, evalue: message, traceback: [`${name}: ${message}`, ...where] };
  }

  /** A cell that is not run because of its types. The first error is quoted, the others are named. */
  ofTypeErrors(cellNumber: number, errors: readonly CellDiagnostic[]): ErrorContent {
    const [first, ...others] = errors;
    const text = this.#texts.get(cellNumber)?.slice(0, first?.start) ?? "";
    const column = text.length - text.lastIndexOf("\n");
    const evalue = first?.message ?? "";
    const traceback = [
      `TypeCheckError: ${evalue}`,
      ...this.#quote({ cellNumber, line: first?.line ?? 1, column }),
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
        const place = { cellNumber, line: Number(match[3]), column: Number(match[4]) };
        const inFunction = match[1] ? ` in ${match[1]}` : "";
        frames.push({ ...place, where: `${placeName(place)}${inFunction}` });
      } else if (/^\s*at /.test(line) && !NODE_FRAME.test(line) && !line.includes(this.#ownFolder)) frames.push(line);
    }
    return frames;
  }

  /** "Cell 3, line 2, column 5" and the line with a mark below. */
  #quote({ cellNumber, line, column }: Place): string[] {
    const text = this.#texts.get(cellNumber)?.split(/\r?\n/)[line - 1];
    const place = placeName({ cellNumber, line, column });
    if (text === undefined) return [place];
    const gutter = `  ${line} | `;
    return [place, gutter + text, `${" ".repeat(gutter.length + column - 1)}^`];
  }
}

const placeName = ({ cellNumber, line, column }: Place): string => `Cell ${cellNumber}, line ${line}, column ${column}`;
