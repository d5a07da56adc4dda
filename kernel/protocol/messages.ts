// The Jupyter messages that Lectern speaks, as types. Source: jupyter_client, docs/messaging.rst, protocol 5.5.
// Types only: framing and signatures live in transport/, meaning lives in session/.

import type { MimeBundle } from "./mime.ts";

export const PROTOCOL_VERSION = "5.5";

export type Channel = "shell" | "control" | "iopub" | "stdin";

export interface Header {
  readonly msg_id: string;
  readonly session: string;
  readonly username: string;
  /** ISO 8601. */
  readonly date: string;
  readonly msg_type: string;
  readonly version: string;
  /** The subshell that the request is for; absent or null for the main shell (JEP 91). */
  readonly subshell_id?: string | null;
}

export interface Message<Content = unknown> {
  readonly header: Header;
  readonly parent_header: Header | Record<string, never>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly content: Content;
  /** Binary data behind the four parts; absent for none. */
  readonly buffers?: readonly Uint8Array[];
}

// Requests ------------------------------------------------------------------------------------------------------

export interface ExecuteRequest {
  readonly code: string;
  readonly silent: boolean;
  readonly store_history: boolean;
  readonly user_expressions: Readonly<Record<string, string>>;
  readonly allow_stdin: boolean;
  readonly stop_on_error: boolean;
}

export interface ErrorContent {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** A text for the pager. Payloads are deprecated, and still the only way to a pager. */
export interface PagePayload {
  readonly source: "page";
  readonly data: MimeBundle;
  readonly start: number;
}

/** `device` is ours, other front ends pass over it: where new tensors live now, in words; absent when no cell has run. */
export type ExecuteReply =
  | {
      readonly status: "ok";
      readonly execution_count: number;
      readonly device?: string;
      readonly user_expressions: Readonly<Record<string, unknown>>;
      readonly payload: readonly PagePayload[];
    }
  | ({ readonly status: "error"; readonly execution_count: number; readonly device?: string } & ErrorContent)
  | { readonly status: "aborted" };

// Output on iopub -----------------------------------------------------------------------------------------------

export interface StreamContent {
  readonly name: "stdout" | "stderr";
  readonly text: string;
}

export interface DisplayContent {
  readonly data: MimeBundle;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly transient: { readonly display_id?: string };
}

export interface ExecuteResultContent extends DisplayContent {
  readonly execution_count: number;
}

/** What a running cell sends on iopub, in the order in which it happened. */
export type CellOutput =
  | { readonly type: "stream"; readonly content: StreamContent }
  | { readonly type: "display_data"; readonly content: DisplayContent }
  | { readonly type: "update_display_data"; readonly content: DisplayContent }
  | { readonly type: "execute_result"; readonly content: ExecuteResultContent }
  | { readonly type: "error"; readonly content: ErrorContent }
  | { readonly type: "clear_output"; readonly content: { readonly wait: boolean } };

// Comms: channels between a cell and a widget of the front end, in both directions ---------------------------------

export interface CommMessage {
  readonly type: "comm_open" | "comm_msg" | "comm_close";
  readonly commId: string;
  /** Of `comm_open`: who is to answer. */
  readonly target?: string;
  readonly data: unknown;
  readonly metadata: Readonly<Record<string, unknown>>;
}
