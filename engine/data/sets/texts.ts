// Text for language models: first names and twenty chapters of Moby-Dick. Sources and licences: assets/NOTICE.md.

import { ArgumentError } from "../../core/errors.ts";
import { readAssetText } from "./asset.ts";

const files = {
  female: ["female-names.txt.gz"],
  male: ["male-names.txt.gz"],
  all: ["female-names.txt.gz", "male-names.txt.gz"],
} as const;

export interface NamesOptions {
  /** 4,944 female names, 3,897 male ones, or the 8,422 of both lists. Default: all. */
  readonly kind?: keyof typeof files;
}

/**
 * First names that are common in English-speaking countries, sorted: letters A to Z, a to z, and a hyphen in a few. 420 are
 * in both lists.
 *
 * G. Ward, Moby Word II, http://www.gutenberg.org/files/3201/3201.txt, public domain
 *
 * @example
 * const names = await data.names({ kind: "male" });
 * [names.length, names[0], names.at(-1)]; // [3897, Aaron, Zolly]
 */
export async function names({ kind = "all" }: NamesOptions = {}): Promise<string[]> {
  if (!Object.hasOwn(files, kind)) {
    throw new ArgumentError("names", `kind must be one of ${Object.keys(files).join(", ")}, got ${kind}`);
  }
  const lists = await Promise.all(files[kind].map((file) => readAssetText("names", file)));
  return [...new Set(lists.flatMap((text) => text.trimEnd().split("\n")))].sort();
}

/**
 * Chapters 1 to 20 of Moby-Dick, 201,723 characters with line breaks, typographic quotes and dashes.
 *
 * H. Melville, Moby-Dick; or, The Whale, 1851, public domain
 *
 * @example
 * const text = await data.mobyDick();
 * text.slice(22, 38); // Call me Ishmael.
 */
export function mobyDick(): Promise<string> {
  return readAssetText("mobyDick", "moby-dick.txt.gz");
}
