// An environment variable that says something impossible: its user can mend it.

export class SettingError extends Error {
  override readonly name = "SettingError";

  constructor(variable: string, expected: string, value: string) {
    super(`${variable}: expected ${expected}, got ${JSON.stringify(value)}`);
  }
}
