// What `lectern_language_request` asks and `lectern_language_reply` answers: Lectern's own addition to the Jupyter messages, for
// editors that know the whole notebook. Content: `{ method, params }` → `{ status: "ok", result }`. On the control channel it
// is answered while a cell runs. Offsets and lengths count UTF-16 code units, as editors do; `cell` is the editor's id of a cell.

/** Content of a `lectern_language_request`. */
export interface LanguageRequest<M extends LanguageMethod = LanguageMethod> {
  readonly method: M;
  readonly params: LanguageMethods[M]["params"];
}

/** Content of a `lectern_language_reply`. `null`: nothing to say, or the question was overtaken by a newer one. */
export interface LanguageReply<M extends LanguageMethod = LanguageMethod> {
  readonly status: "ok";
  readonly result: LanguageMethods[M]["result"] | null;
}

export type LanguageMethod = keyof LanguageMethods;

export interface LanguageMethods {
  /** The notebook's code cells from top to bottom. Sent first, and whenever cells come, go or move. */
  readonly notebook: { readonly params: { readonly cells: readonly CellText[] }; readonly result: true };
  /** One cell's new text. */
  readonly cell: { readonly params: CellText; readonly result: true };
  readonly completion: { readonly params: CellPosition; readonly result: readonly Completion[] };
  /** What is too slow to say of every completion. */
  readonly completionDetails: {
    readonly params: CellPosition & Pick<Completion, "name" | "source">;
    readonly result: CompletionDetails;
  };
  readonly hover: { readonly params: CellPosition; readonly result: Hover };
  readonly signatureHelp: { readonly params: CellPosition; readonly result: SignatureHelp };
  readonly definition: { readonly params: CellPosition; readonly result: readonly CodeLocation[] };
  /** What would be renamed at the position; rejects what cannot be. */
  readonly renamed: { readonly params: CellPosition; readonly result: TextRange & { readonly name: string } };
  /** Every place that a new name has to be written to. */
  readonly rename: { readonly params: CellPosition; readonly result: readonly CodeLocation[] };
  readonly diagnostics: { readonly params: { readonly cell: string }; readonly result: readonly CellDiagnostic[] };
}

export interface CellText {
  readonly cell: string;
  readonly text: string;
}

export interface CellPosition {
  readonly cell: string;
  readonly offset: number;
}

export interface TextRange {
  readonly start: number;
  readonly length: number;
}

/** In a cell of the notebook, or in a file with an absolute path. */
export type CodeLocation = TextRange & ({ readonly cell: string } | { readonly path: string });

export interface Completion extends TextRange {
  readonly name: string;
  /** TypeScript's word: "function", "method", "const", "class", "property", "keyword", … */
  readonly kind: string;
  readonly insertText?: string;
  readonly sortText: string;
  /** The module that has to be imported with it. */
  readonly source?: string;
  readonly isDeprecated?: boolean;
}

export interface CompletionDetails {
  /** As TypeScript would write it: `function tensor(data: …): Tensor`. */
  readonly signature: string;
  /** Markdown. */
  readonly documentation: string;
  /** What to write elsewhere in the cell, such as the import. */
  readonly edits: readonly (TextRange & { readonly text: string })[];
}

export interface Hover extends TextRange {
  readonly signature: string;
  /** Markdown. */
  readonly documentation: string;
}

export interface SignatureHelp {
  readonly signatures: readonly Signature[];
  readonly activeSignature: number;
  readonly activeParameter: number;
}

export interface Signature {
  readonly label: string;
  /** Markdown. */
  readonly documentation: string;
  readonly parameters: readonly {
    /** Where in the label it stands: [from, to). */
    readonly label: readonly [number, number];
    readonly documentation: string;
  }[];
}

export interface CellDiagnostic extends TextRange {
  /** Counts from 1. */
  readonly line: number;
  readonly message: string;
  /** TypeScript's number of the message. */
  readonly code: number;
  readonly severity: "error" | "warning" | "hint";
  readonly isDeprecation: boolean;
  readonly isUnnecessary: boolean;
}
