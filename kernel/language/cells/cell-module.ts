// A cell as a module that TypeScript can check: in front of its text a line that imports what other cells declare, behind it
// a line that exports what it declares itself. The text between stays as it is, so a position moves by the header's length.

import ts from "@typescript/typescript6";
import { type CellNames, namesOf } from "./cell-names.ts";

/** What a module imports: file name of the other cell's module → names. */
export type Imports = ReadonlyMap<string, readonly string[]>;

export class CellModule {
  /** Absolute path of the module; no such file exists. */
  readonly fileName: string;
  readonly text: string;
  readonly names: CellNames;
  readonly #isObject: boolean;
  #imports: Imports = new Map();
  readonly #revision: number;
  #header = "";
  #headers = 0;

  /** `revision` tells two texts of one file apart. */
  constructor(fileName: string, text: string, revision: number) {
    this.#revision = revision;
    this.fileName = fileName;
    this.text = text;
    const source = ts.createSourceFile(fileName, text, ts.ScriptTarget.ESNext, false, ts.ScriptKind.TS);
    this.names = namesOf(source);
    this.#isObject = isObjectLiteral(text);
  }

  get imports(): Imports {
    return this.#imports;
  }

  setImports(imports: Imports): void {
    const lines = [...imports].map(([file, names]) => `import { ${names.join(", ")} } from ${JSON.stringify(file)};`);
    const header = `${lines.join(" ")}\n${this.#isObject ? "(" : ""}`;
    this.#imports = imports;
    if (header === this.#header) return;
    this.#header = header;
    this.#headers++;
  }

  /** Different whenever the module's text is. */
  get version(): string {
    return `${this.#revision}.${this.#headers}`;
  }

  get moduleText(): string {
    const exported = [...this.names.declared].filter(([, { isExported }]) => !isExported).map(([name]) => name);
    return `${this.#header}${this.text}${this.#isObject ? ")" : ""}\n;export { ${exported.join(", ")} };\n`;
  }

  /** What is wrong with the text by itself, whatever stands around it. Positions are those of the text. */
  get syntaxErrors(): readonly ts.DiagnosticWithLocation[] {
    if (this.#isObject) return [];
    const { diagnostics = [] } = ts.transpileModule(this.text, { fileName: this.fileName, reportDiagnostics: true });
    return diagnostics.filter((diagnostic): diagnostic is ts.DiagnosticWithLocation => diagnostic.start !== undefined);
  }

  toModuleOffset(offset: number): number {
    return this.#header.length + Math.max(0, Math.min(offset, this.text.length));
  }

  /** The range in the cell's text, or undefined for what lies in header or footer. */
  toCellRange({ start, length }: ts.TextSpan): ts.TextSpan | undefined {
    const moved = start - this.#header.length;
    if (moved < 0 || moved > this.text.length) return undefined;
    return { start: moved, length: Math.min(length, this.text.length - moved) };
  }
}

/** `{ x: 1 }` as a whole cell is an object, and not a block with a label in it. */
function isObjectLiteral(text: string): boolean {
  if (!/^\s*\{[\s\S]*\}\s*$/.test(text)) return false;
  const { diagnostics = [] } = ts.transpileModule(`(${text})`, { reportDiagnostics: true });
  return diagnostics.length === 0;
}
