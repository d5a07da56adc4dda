// The error of this folder: a picture was asked for with numbers that it cannot show.

/** Says what was expected and what came, for example `viz.filters: expected [out, in, kH, kW], got [10, 84]`. */
export class DisplayError extends Error {
  override readonly name = "DisplayError";
  readonly operation: string;
  readonly expected: string;
  readonly got: string;

  constructor(operation: string, expected: string, got: string, hint?: string) {
    super(`${operation}: expected ${expected}, got ${got}${hint === undefined ? "" : `\n  hint: ${hint}`}`);
    this.operation = operation;
    this.expected = expected;
    this.got = got;
  }
}
