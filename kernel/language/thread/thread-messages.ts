// What the kernel process and its language thread say to each other.

import type { CellDiagnostic, LanguageMethods } from "#protocol";
import type { CompleteReply, InspectReply } from "../console/console-replies.ts";

/** What the thread can be asked: what editors ask, what consoles ask, and what was executed. */
export interface ThreadMethods extends LanguageMethods {
  /** A position in code points, as Jupyter counts. */
  readonly complete: { readonly params: ConsolePosition; readonly result: CompleteReply };
  readonly inspect: {
    readonly params: ConsolePosition & { readonly detailLevel: number };
    readonly result: InspectReply;
  };
  /** A cell begins to run: makes its names known; its type errors, if they are asked for. */
  readonly execute: { readonly params: Execution; readonly result: readonly CellDiagnostic[] };
  /** An executed cell has ended. With a result, that is `_` now. */
  readonly ended: { readonly params: ExecutionEnd; readonly result: true };
  /** The type errors that a text would have as the next cell. */
  readonly check: { readonly params: { readonly text: string }; readonly result: readonly CellDiagnostic[] };
  /** Nothing was executed yet. */
  readonly restart: { readonly params: object; readonly result: true };
}

export type ThreadMethod = keyof ThreadMethods;

export interface Execution {
  /** Tells executions of one engine process apart. */
  readonly execution: number;
  readonly text: string;
  readonly isChecked: boolean;
}

export interface ExecutionEnd {
  readonly execution: number;
  /** The cell gave a value. */
  readonly hasResult: boolean;
}

export interface ConsolePosition {
  readonly code: string;
  readonly cursor: number;
}

export interface ThreadQuestion<M extends ThreadMethod = ThreadMethod> {
  readonly id: number;
  readonly method: M;
  readonly params: ThreadMethods[M]["params"];
}

export type ThreadNotice =
  | { readonly type: "ready" }
  /** A sentence for the log. */
  | { readonly type: "notice"; readonly sentence: string }
  | { readonly type: "answer"; readonly id: number; readonly result: unknown }
  | { readonly type: "refusal"; readonly id: number; readonly sentence: string };

export interface ThreadData {
  readonly folder: string;
  /** Folder of the declarations, `dist/types`. */
  readonly types: string;
}
