// Replacements in a text, collected in any order and applied at once, and what they do to columns.

/** From `column` on, until the line ends, columns of the edited text are greater by `by` than those of the original. From 0. */
export interface Shift {
  readonly line: number;
  readonly column: number;
  readonly by: number;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export class Edits {
  readonly #edits: Edit[] = [];

  replace(start: number, end: number, text: string): void {
    this.#edits.push({ start, end, text });
  }

  insert(at: number, text: string): void {
    this.replace(at, at, text);
  }

  /** Replaces the range by blanks; line breaks stay, and so does every position behind it. */
  blank(start: number, end: number, source: string): void {
    this.replace(start, end, blanks(source.slice(start, end)));
  }

  /** The edited text of a range of `source`; an edit belongs to the range in which it starts. */
  apply(source: string, from = 0, to = source.length): string {
    let result = "";
    let position = from;
    for (const { start, end, text } of this.#ordered()) {
      // At the range's end, what is inserted belongs to the next range, unless there is none.
      if (start < from || start > to || (start === to && to < source.length)) continue;
      result += source.slice(position, start) + text;
      position = end;
    }
    return result + source.slice(position, to);
  }

  /** Where the edited text has its columns, line by line. Edits keep the number of lines. */
  shifts(source: string): Shift[] {
    const shifts: Shift[] = [];
    let line = 0;
    let lineStart = 0;
    let by = 0;
    let position = 0;
    const advance = (to: number): void => {
      for (let next = source.indexOf("\n", position); next !== -1 && next < to; next = source.indexOf("\n", next + 1)) {
        line++;
        lineStart = next + 1;
        by = 0;
      }
      position = to;
    };
    for (const { start, end, text } of this.#ordered()) {
      advance(start);
      const column = start - lineStart + by;
      advance(end);
      const lastBreak = text.lastIndexOf("\n");
      const after = lastBreak === -1 ? column + text.length : text.length - lastBreak - 1;
      const moved = after - (end - lineStart);
      if (moved !== by) shifts.push({ line, column: after, by: moved });
      by = moved;
    }
    return shifts;
  }

  /** Without those inside of a range that is replaced already. */
  #ordered(): Edit[] {
    const ordered: Edit[] = [];
    let position = 0;
    for (const edit of this.#edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
      if (edit.start < position) continue;
      ordered.push(edit);
      position = edit.end;
    }
    return ordered;
  }
}

export const blanks = (text: string): string => text.replace(/[^\r\n]/g, " ");

/** A column of the edited text → the original's. Both from 0. */
export function unshift(shifts: readonly Shift[], line: number, column: number): number {
  const shift = shifts.findLast((s) => s.line === line && s.column <= column);
  // Inside of what was inserted there is no original: where it was inserted comes nearest.
  const next = shifts.find((s) => s.line === line && s.column > column);
  const original = column - (shift?.by ?? 0);
  return next ? Math.min(original, next.column - next.by) : original;
}
