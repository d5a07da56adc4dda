// A setting that is one of a few words.

import { SettingError } from "./setting-error.ts";

const list = new Intl.ListFormat("en-GB", { type: "disjunction" });

/** Undefined where the variable is not set, or is empty. Throws {@link SettingError} for anything but one of the words. */
export function choiceOf<Word extends string>(
  variable: string,
  words: readonly Word[],
  value: string | undefined,
): Word | undefined {
  if (value === undefined || value === "") return undefined;
  const word = words.find((known) => known === value);
  if (word !== undefined) return word;
  throw new SettingError(variable, list.format(words), value);
}
