// What the limits of text and of displays share: how much it is, and the ways to the client.

import type { CellOutput } from "#protocol";
import { SettingError } from "../settings/setting-error.ts";

/** 100,000 lines of 100 characters pass. Beyond that, editors crawl and notebook files cannot be shared. */
const DEFAULT_LIMIT_MB = 10;
/** Characters. */
export const MB = 1e6;

const VARIABLE = "LECTERN_OUTPUT_LIMIT_MB";
/** How a notice says what can be done. */
export const HINT = `(the variable ${VARIABLE} sets the limit)`;

export interface Limit {
  readonly limitMb: number;
  readonly send: (output: CellOutput) => void;
  /** Tells the user a sentence. */
  readonly say: (sentence: string) => void;
}

/** From the environment; throws {@link SettingError} for what is no number. */
export function outputLimitMb(text: string | undefined): number {
  if (text === undefined || text === "") return DEFAULT_LIMIT_MB;
  const limitMb = Number(text);
  if (limitMb > 0) return limitMb;
  throw new SettingError(VARIABLE, "a number of megabytes", text);
}
