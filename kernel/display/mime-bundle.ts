// Any value → MIME bundle, the way a cell's last expression is shown. Pictures and tensors describe themselves through the
// symbol protocol that Deno's Jupyter kernel introduced; everything else is printed as node's REPL prints it.

import type { MimeBundle } from "#protocol";
import { inspectValue } from "./inspect-value.ts";
import { isTensorLike } from "./numbers.ts";
import { recordTable } from "./record-table.ts";

/** Method name of what can show itself: `[Symbol.for("Jupyter.display")]() → MimeBundle | Promise<MimeBundle>`. */
export const DISPLAY: unique symbol = Symbol.for("Jupyter.display") as never;

export interface Displayable {
  [DISPLAY](): MimeBundle | Promise<MimeBundle>;
}

export function isDisplayable(value: unknown): value is Displayable {
  return (
    ((typeof value === "object" && value !== null) || typeof value === "function") &&
    DISPLAY in value &&
    typeof value[DISPLAY] === "function"
  );
}

/** The bundle for any value; a promise only where the value has still to be drawn or read. */
export function describe(value: unknown): MimeBundle | Promise<MimeBundle> {
  if (!isDisplayable(value)) return plain(value);
  const bundle = value[DISPLAY]();
  return bundle instanceof Promise ? bundle.then(withText) : withText(bundle);
}

/** Marks what is on the page already, as the handle that `display` returns. */
export const SHOWN: unique symbol = Symbol("shown");

/**
 * What a cell shows for its last expression; undefined for what is on the page already. Strings are quoted, colours are left
 * out.
 */
export async function toMimeBundle(value: unknown): Promise<MimeBundle | undefined> {
  return typeof value === "object" && value !== null && SHOWN in value ? undefined : describe(value);
}

function plain(value: unknown): MimeBundle {
  if (isTensorLike(value)) return { "text/plain": value.toString() };
  const table = recordTable(value);
  return { ...(table !== undefined && { "text/html": table }), "text/plain": inspectValue(value) };
}

function withText(bundle: MimeBundle): MimeBundle {
  return "text/plain" in bundle ? bundle : { ...bundle, "text/plain": `[${Object.keys(bundle).join(", ")}]` };
}
