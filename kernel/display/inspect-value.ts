// Any JavaScript value → text, as node's console has it, but without colours, of bounded length, and never failing: what cannot be
// inspected says so. Tensors and pictures describe themselves elsewhere.

import { inspect } from "node:util";

/** More than anybody reads; an object with a million keys would be 20 MB. */
const MAX_CHARACTERS = 100_000;

export function inspectValue(value: unknown): string {
  let text: string;
  try {
    text = inspect(value, { colors: false });
  } catch (error) {
    return `[${kindOf(value)}: inspecting it threw ${String(error)}]`;
  }
  if (text.length <= MAX_CHARACTERS) return text;
  return `${text.slice(0, MAX_CHARACTERS)}\n… ${text.length - MAX_CHARACTERS} more characters`;
}

function kindOf(value: unknown): string {
  try {
    return Object.prototype.toString.call(value).slice("[object ".length, -1);
  } catch {
    return typeof value;
  }
}
