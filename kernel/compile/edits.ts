// Replacements in a text, collected in any order and applied at once.

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

  apply(source: string): string {
    const ordered = this.#edits.toSorted((a, b) => a.start - b.start || a.end - b.end);
    let result = "";
    let position = 0;
    for (const { start, end, text } of ordered) {
      if (start < position) continue; // inside a range that is already replaced
      result += source.slice(position, start) + text;
      position = end;
    }
    return result + source.slice(position);
  }
}

export const blanks = (text: string): string => text.replace(/[^\r\n]/g, " ");
