// When a breakpoint stops: the condition, count and message that a client gives it, as something that V8 can evaluate in place.

import type { DebugProtocol } from "@vscode/debugprotocol";
import { toJavaScript } from "../expression.ts";

export interface BreakpointRule {
  /** JavaScript; V8 stops where it is true. */
  readonly condition?: string;
  /** Whether it stops when it is reached for the n-th time. */
  readonly isDue: (hits: number) => boolean;
  /** What is wrong with what was asked for. */
  readonly problem?: string;
}

/** `hitCondition`: a number, or one behind `>=`, `>`, `=`, `<=`, `<`, `%`. Alone, it means "from the n-th time on", as in DAP's clients. */
const COUNTS: Readonly<Record<string, (hits: number, n: number) => boolean>> = {
  "": (hits, n) => hits >= n,
  ">=": (hits, n) => hits >= n,
  ">": (hits, n) => hits > n,
  "=": (hits, n) => hits === n,
  "==": (hits, n) => hits === n,
  "<=": (hits, n) => hits <= n,
  "<": (hits, n) => hits < n,
  "%": (hits, n) => hits % n === 0,
};

const ALWAYS = () => true;

export function toRule(asked: DebugProtocol.SourceBreakpoint): BreakpointRule {
  const { condition = "", hitCondition = "", logMessage = "" } = asked;
  try {
    if (hitCondition && logMessage) throw new SyntaxError("a breakpoint has a hit count or a message, not both");
    const isDue = toCount(hitCondition);
    const parts = [condition && `(${toJavaScript(condition)})`, logMessage && toLogging(logMessage)].filter(Boolean);
    return parts.length > 0 ? { condition: parts.join("&&"), isDue } : { isDue };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { isDue: ALWAYS, problem: error.message };
  }
}

function toCount(hitCondition: string): BreakpointRule["isDue"] {
  if (hitCondition.trim() === "") return ALWAYS;
  const [, sign = "", number = ""] = /^(>=|<=|==|=|>|<|%|)\s*(\d+)$/.exec(hitCondition.trim()) ?? [];
  const count = COUNTS[sign];
  if (!count || number === "")
    throw new SyntaxError(`hit count: expected a number such as 5, >= 5 or % 5, got "${hitCondition}"`);
  return (hits) => count(hits, Number(number));
}

/** A message with `{expressions}` is printed by the cell, which goes on. */
function toLogging(message: string): string {
  const parts = message.split(/\{([^{}]+)\}/);
  const values = parts.map((part, index) => (index % 2 === 0 ? JSON.stringify(part) : `(${toJavaScript(part)})`));
  const format = "%s".repeat(values.length);
  return `(console.log(${[JSON.stringify(format), ...values].join(",")}),false)`;
}
