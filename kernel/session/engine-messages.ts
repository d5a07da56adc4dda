// What kernel process and engine process say to each other. Commands go down the control pipe, which the supervisor
// thread reads even while a cell holds the main thread; events come up the output pipe, in the order in which they
// happened. Only the debugger's messages come back up the control pipe. Output keeps Jupyter's own types.

import type { CellOutput, CommMessage, MimeBundle } from "#protocol";
import type { Moves } from "../compile/positions.ts";

/** File descriptors of the engine process. 0-2 are the usual ones. */
export const CONTROL_FD = 3;
export const OUTPUT_FD = 4;

/** Written to the plain stdout and stderr of the engine process after a cell, so that the kernel knows it has read all.
 * Framed by private-use characters, which programs do not print. */
export const endOfCellMark = (cell: number): string => `\ue000end of cell ${cell}\ue001`;

/** What scripts of a cell are called in stacks. */
export const cellName = (executionCount: number): string => `cell-${executionCount}.ts`;

export interface CellScripts {
  /** Run in order. */
  readonly scripts: readonly string[];
  /** From places in the scripts to those in the cell. */
  readonly moves: Moves;
  /** Whether the last script ends in an expression whose value is the cell's result. */
  readonly showsResult: boolean;
}

/**
 * What the engine process is to do, each with a number of its own (`cell`), to which its output belongs. Several are under way at
 * once where they wait: cells of subshells, comm messages.
 */
export type EngineTask =
  | ({
      readonly type: "execute";
      readonly executionCount: number;
      readonly allowsInput: boolean;
      /** `user_expressions`, evaluated when the cell has succeeded. */
      readonly expressions: Readonly<Record<string, readonly string[]>>;
    } & CellScripts)
  /** A comm message of the front end; its buffers are those of the frame. */
  | { readonly type: "comm"; readonly message: CommMessage };

/** The answer to a question (`input_request`). */
export type Answer = { readonly value: string | null } | { readonly problem: string };

export type EngineCommand =
  | (EngineTask & { readonly cell: number })
  /** Stops every task up to this number. */
  | { readonly type: "interrupt"; readonly cell: number }
  | { readonly type: "answer"; readonly question: number; readonly answer: Answer }
  /** A call of V8's inspector. */
  | { readonly type: "inspect"; readonly id: number; readonly method: string; readonly params: object };

/** What the supervisor thread itself sends, up the control pipe: the debugger is answered while a cell is paused. */
export type SupervisorEvent =
  | { readonly type: "inspected"; readonly id: number; readonly result?: object; readonly error?: string }
  | { readonly type: "notification"; readonly method: string; readonly params: object };

/** A thrown value, as the cell sees it. */
export interface ThrownError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  /** `error.cause`, if it is an error itself. */
  readonly cause?: ThrownError;
}

export type EngineEvent =
  | { readonly type: "ready" }
  | { readonly type: "output"; readonly cell: number; readonly output: CellOutput }
  /** An error that nobody awaits, in code that the cell has started. */
  | { readonly type: "stray error"; readonly cell: number; readonly what: string; readonly error: ThrownError }
  /** The cell has called `process.exit()`: it wants to be stopped. */
  | { readonly type: "leave"; readonly cell: number }
  /** The cell's thread waits until an `answer` with the same number comes. */
  | {
      readonly type: "question";
      readonly cell: number;
      readonly question: number;
      readonly prompt: string;
      readonly password: boolean;
    }
  /** For the pager of the front end. */
  | { readonly type: "page"; readonly cell: number; readonly data: MimeBundle }
  /** A comm message of a cell; its buffers are those of the frame. */
  | { readonly type: "comm"; readonly cell: number; readonly message: CommMessage }
  /** Cells listen now, or no longer, for comms of this target. */
  | { readonly type: "comm target"; readonly name: string; readonly isKnown: boolean }
  /** `device`: where new tensors live now, in words. */
  | { readonly type: "done"; readonly cell: number; readonly outcome: CellOutcome; readonly device: string };

export type ExpressionOutcome =
  | { readonly status: "ok"; readonly data: MimeBundle }
  | { readonly status: "error"; readonly error: ThrownError };

export type CellOutcome =
  | {
      readonly status: "ok";
      readonly expressions: Readonly<Record<string, ExpressionOutcome>>;
      /** The cell gave a value, which is `_` now. */
      readonly hasResult: boolean;
    }
  | { readonly status: "error"; readonly error: ThrownError }
  | { readonly status: "interrupted" }
  /** By `process.exit()`. */
  | { readonly status: "left"; readonly exitCode: number };
