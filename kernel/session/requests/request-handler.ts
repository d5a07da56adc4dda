// What a request handler is: the shape of the content that it accepts, when it is answered, and the answer. Session does the rest,
// which is the same for all: checks the content, says busy and idle, replies. New requests are new files and a line in a table.

import * as v from "valibot";
import type { Header, Message } from "#protocol";
import type { Answer } from "../engine-messages.ts";
import type { Question } from "../task-listeners.ts";

/** Content of a reply; `status: "ok"` is added where it says no other. */
export type Reply = Readonly<Record<string, unknown>>;

export interface MessageExtras {
  readonly metadata?: Message["metadata"];
  readonly buffers?: Message["buffers"];
}

/** The request as its handler sees it, and what a handler may do besides answering. */
export interface RequestContext {
  readonly header: Header;
  readonly metadata: Message["metadata"];
  readonly buffers: readonly Uint8Array[];
  /** Broadcasts on iopub, with this request as the parent. Also after the answer. */
  readonly publish: (type: string, content: object, extras?: MessageExtras) => void;
  /** Asks the person at the client that sent this request; only clients that allow it answer. */
  readonly ask: (question: Question) => Promise<Answer>;
  /** Answers the cells that wait with `aborted`. */
  readonly abortQueued: (where: QueueScope) => void;
  /** Calls back when reply and idle are out. */
  readonly afterwards: (callback: () => void | Promise<void>) => void;
}

/** The request's own shell, a subshell by its id, or all. */
export type QueueScope = "shell" | "everywhere" | { readonly subshell: string | null };

/** `in order`: behind the cells of its shell. `at once`: also while a cell runs. On the control channel, everything is at once. */
export type Turn = "in order" | "at once";

export interface RequestHandler<Schema extends ContentSchema = ContentSchema> {
  readonly turn: Turn | ((content: v.InferOutput<Schema>) => Turn);
  readonly content: Schema;
  /** `undefined`: a message that has no reply. What it throws becomes an error reply. */
  answer(content: v.InferOutput<Schema>, request: RequestContext): Reply | undefined | Promise<Reply | undefined>;
}

export type ContentSchema = v.GenericSchema<unknown, object>;

/** `msg_type` → handler. Several are joined by spreading: `{ ...jupyterRequests(parts), ...languageRequests(service) }`. */
export type RequestTable = Readonly<Record<string, RequestHandler>>;

/** A row of a table; infers the type of the content from its schema. */
export function defineRequest<Schema extends ContentSchema>(handler: RequestHandler<Schema>): RequestHandler {
  return handler as unknown as RequestHandler;
}

/** The content, checked, with defaults; or what is wrong with it, in a sentence. */
export function checkContent({ content }: RequestHandler, { header, content: given }: Message): object | string {
  const result = v.safeParse(content, given);
  if (result.success) return result.output;
  const problems = result.issues.map(
    (issue) => `${v.getDotPath(issue) ?? "content"}: expected ${issue.expected}, got ${issue.received}`,
  );
  return `${header.msg_type}: ${problems.join("; ")}`;
}
