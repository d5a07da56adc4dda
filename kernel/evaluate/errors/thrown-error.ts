// Anything that a cell can throw → what the kernel process tells of it.

import { inspect } from "node:util";
import type { ThrownError } from "../../session/engine-messages.ts";

/** Causes that are told; a chain may be a circle. */
const DEEPEST_CAUSE = 5;

/** JavaScript can throw anything; what is no Error is shown as it is. */
export function toThrownError(thrown: unknown, depth = 0): ThrownError {
  if (thrown instanceof Error) {
    const { name, message, stack, cause } = thrown;
    const hasCause = cause instanceof Error && depth < DEEPEST_CAUSE;
    return { name, message, stack: String(stack ?? ""), ...(hasCause && { cause: toThrownError(cause, depth + 1) }) };
  }
  return { name: "Thrown", message: typeof thrown === "string" ? thrown : inspect(thrown), stack: "" };
}
