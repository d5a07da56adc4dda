// Jupyter's notebook file format 4.5, as far as it is read and written here. Source: nbformat, docs/format_description.rst.

/** Text in a notebook file: one string, or a list of lines that keep their line breaks. */
export type MultilineText = string | readonly string[];

export type Output =
  | { output_type: "stream"; name: "stdout" | "stderr"; text: MultilineText }
  | { output_type: "display_data"; data: Record<string, unknown>; metadata: Readonly<Record<string, unknown>> }
  | {
      output_type: "execute_result";
      execution_count: number;
      data: Record<string, unknown>;
      metadata: Readonly<Record<string, unknown>>;
    }
  | { output_type: "error"; ename: string; evalue: string; traceback: readonly string[] };

export interface CodeCell {
  readonly cell_type: "code";
  readonly id?: string;
  metadata: Record<string, unknown>;
  readonly source: MultilineText;
  execution_count: number | null;
  outputs: Output[];
}

export interface TextCell {
  readonly cell_type: "markdown" | "raw";
  readonly id?: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly source: MultilineText;
}

export type Cell = CodeCell | TextCell;

export interface Notebook {
  readonly cells: readonly Cell[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly nbformat: number;
  readonly nbformat_minor: number;
}

/** Jupyter's tags of a cell, such as "parameters" or "raises-exception". */
export function hasTag({ metadata }: Cell, tag: string): boolean {
  return Array.isArray(metadata?.tags) && metadata.tags.includes(tag);
}

export const toText = (text: MultilineText): string => (typeof text === "string" ? text : text.join(""));

/** As Jupyter writes text: a list of lines, which version control can compare. */
export const toLines = (text: string): string[] => text.split(/(?<=\n)/);
