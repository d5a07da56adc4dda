// The user's own files beside the notebook: which file "./net" means, and a version that changes when the file, or any other
// local file that it imports, directly or not, has changed. Packages are not looked at; nothing is loaded here.

import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { dirname, resolve, sep } from "node:path";

const EXTENSIONS = [".ts", ".mts", ".cts", ".js", ".mjs", ".cjs", ".json"] as const;

interface Scan {
  readonly stamp: string;
  readonly imports: readonly string[];
}

/** Relative imports in all their forms. One in a comment only makes a file look at one more file. */
const RELATIVE_IMPORT = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*["'](\.{1,2}\/[^"'\n]*)["']/g;

export class LocalFiles {
  readonly #scans = new Map<string, Scan>();
  /** Files that are cells: their texts by path. */
  readonly #cells = new Map<string, string>();

  /** From now on there is a file at `path`, and `text` is in it. */
  define(path: string, text: string): void {
    this.#cells.set(path, text);
  }

  isCell(path: string): boolean {
    return this.#cells.has(path);
  }

  read(path: string): string {
    return this.#cells.get(path) ?? readFileSync(path, "utf8");
  }

  /** The path of the file that an import of `path` means, as TypeScript's bundler resolution has it, or undefined. */
  locate(path: string): string | undefined {
    const candidates = [
      path,
      ...EXTENSIONS.map((extension) => path + extension),
      // TypeScript's own convention: the import says what the file is compiled to.
      path.replace(/\.([cm]?)js$/, ".$1ts"),
      ...EXTENSIONS.map((extension) => `${path}${sep}index${extension}`),
    ];
    return candidates.find((candidate) => this.isCell(candidate) || isFile(candidate));
  }

  /** A short text; equal as long as nothing has changed that the file at `path` consists of. */
  version(path: string): string {
    const stamps = [...this.#stamps(path)].map((entry) => entry.join("\n")).sort();
    return createHash("sha1").update(stamps.join("\n")).digest("hex").slice(0, 12);
  }

  /** The file at `path` and all that it imports, directly or not. */
  parts(path: string): string[] {
    return [...this.#stamps(path).keys()];
  }

  #stamps(path: string): Map<string, string> {
    const stamps = new Map<string, string>();
    const visit = (file: string): void => {
      if (stamps.has(file)) return;
      const { stamp, imports } = this.#scan(file);
      stamps.set(file, stamp);
      for (const imported of imports) {
        const found = this.locate(resolve(dirname(file), imported));
        if (found !== undefined) visit(found);
      }
    };
    visit(path);
    return stamps;
  }

  #scan(file: string): Scan {
    const stamp = this.#cells.get(file) ?? modified(file);
    const known = this.#scans.get(file);
    if (known?.stamp === stamp) return known;
    const text = /\.[cm]?[jt]s$/.test(file) ? this.read(file) : "";
    const scan = { stamp, imports: [...text.matchAll(RELATIVE_IMPORT)].map(([, specifier]) => specifier!) };
    this.#scans.set(file, scan);
    return scan;
  }
}

function modified(file: string): string {
  const { mtimeMs, size } = statSync(file);
  return `${mtimeMs} ${size}`;
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
