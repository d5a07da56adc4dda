// What a check of `lectern doctor` finds.

export interface Finding {
  /** `note`: works, but some users would want to know. `problem`: something that was asked for does not work. */
  readonly status: "ok" | "note" | "problem";
  /** One line each. */
  readonly lines: readonly string[];
  /** What the user can do: a command or a sentence. */
  readonly mend?: string;
}

export interface Check {
  readonly name: string;
  /** A rejection is a problem of its own. */
  run(): Finding | Promise<Finding>;
}

export const ok = (...lines: readonly string[]): Finding => ({ status: "ok", lines });
export const note = (mend: string, ...lines: readonly string[]): Finding => ({ status: "note", lines, mend });
export const problem = (mend: string, ...lines: readonly string[]): Finding => ({ status: "problem", lines, mend });
