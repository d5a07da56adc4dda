// Reading of the bundled files: their text, and their tables. Sources and licences: assets/NOTICE.md.

import { fileAccess } from "../../core/context.ts";
import { FormatError } from "../../core/errors.ts";
import { gunzip } from "../gunzip.ts";

/** No bundled file is larger than this, unpacked. */
const limitBytes = 2 ** 20;

/** The bytes of a bundled gzip file, unpacked. */
export async function readAssetBytes(caller: string, file: string): Promise<Uint8Array> {
  return gunzip(await fileAccess("readAsset", caller)(file), { caller, file, limitBytes });
}

/** The text of a bundled gzip file. */
export async function readAssetText(caller: string, file: string): Promise<string> {
  return new TextDecoder("utf-8", { fatal: true }).decode(await readAssetBytes(caller, file));
}

/** A comma-separated file with a header. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Cuts comma-separated lines; quotes are not known. Throws FormatError when a line has another number of cells than the header. */
export function parseTable(caller: string, text: string): Table {
  const [columns = [], ...rows] = text
    .trimEnd()
    .split("\n")
    .map((line) => line.split(","));
  const odd = rows.findIndex((row) => row.length !== columns.length);
  if (odd >= 0) {
    throw new FormatError(caller, `line ${odd + 2} has ${rows[odd]!.length} cells, the header has ${columns.length}`);
  }
  return { columns, rows };
}

/** The named columns as numbers, row by row. Throws FormatError for a cell that is no number. */
export function numbersOf(caller: string, { columns, rows }: Table, names: readonly string[]): Float32Array {
  const places = names.map((name) => columns.indexOf(name));
  const values = new Float32Array(rows.length * places.length);
  rows.forEach((row, r) => {
    places.forEach((place, p) => {
      const cell = row[place] ?? "";
      if (cell === "" || !Number.isFinite(Number(cell))) {
        throw new FormatError(caller, `line ${r + 2} has no number for ${names[p]}, got "${cell}"`);
      }
      values[r * places.length + p] = Number(cell);
    });
  });
  return values;
}

/** A column of words as class numbers, by the order of `classes`. Throws FormatError for another word. */
export function classesOf(
  caller: string,
  { columns, rows }: Table,
  name: string,
  classes: readonly string[],
): Int32Array {
  const place = columns.indexOf(name);
  return Int32Array.from(rows, (row, r) => {
    const label = classes.indexOf(row[place] ?? "");
    if (label < 0) throw new FormatError(caller, `line ${r + 2}: ${name} is "${row[place]}", none of ${classes}`);
    return label;
  });
}
