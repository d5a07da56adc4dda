// A cell as a module that TypeScript can check: in front of its text a line that imports what other cells declare, behind it
// a line that exports what it declares itself. The text between stays as it is, so a position moves by the header's length.

import ts from "@typescript/typescript6";
import { type CellNames, namesOf } from "./cell-names.ts";

/** What a module imports: file name of the other cell's module → names, as they stand in an import's braces. */
export type Imports = ReadonlyMap<string, readonly string[]>;

/** The names under which a module has its cell's result, and under which it exports it. */
const RESULT = "$lecternValue";
const EXPORTED_RESULT = "$lecternResult";

export class CellModule {
  /** Absolute path of the module; no such file exists. */
  readonly fileName: string;
  readonly text: string;
  readonly names: CellNames;
  /** Whether other modules can import the cell's result. */
  readonly exportsResult: boolean;
  readonly #isObject: boolean;
  #imports: Imports = new Map();
  readonly #revision: number;
  #header = "";
  #headers = 0;
  #snapshot: ts.IScriptSnapshot | undefined;

  /** `revision` tells two texts of one file apart. With `offersResult`, a result of the cell is exported, too. */
  constructor(fileName: string, text: string, revision: number, { offersResult = false } = {}) {
    this.#revision = revision;
    this.fileName = fileName;
    this.text = text;
    const source = ts.createSourceFile(fileName, text, ts.ScriptTarget.ESNext, false, ts.ScriptKind.TS);
    this.names = namesOf(source);
    this.#isObject = isObjectLiteral(text);
    this.exportsResult = offersResult && (this.#isObject || this.names.result !== undefined);
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
    this.#snapshot = undefined;
  }

  /** Different whenever the module's text is. */
  get version(): string {
    return `${this.#revision}.${this.#headers}`;
  }

  /** What TypeScript reads; the same object until it changes. */
  get snapshot(): ts.IScriptSnapshot {
    this.#snapshot ??= ts.ScriptSnapshot.fromString(this.moduleText);
    return this.#snapshot;
  }

  get moduleText(): string {
    const exported = [...this.names.declared].filter(([, { isExported }]) => !isExported).map(([name]) => name);
    const text = `${this.#header}${this.text}${this.#isObject ? ")" : ""}`;
    return `${text}\n;export { ${exported.join(", ")} };\n${this.#resultExport}`;
  }

  /** How an import's braces name what this module has to give: a name that it declares, or its result. */
  importOf(name: string): string {
    return this.names.declared.has(name) ? name : `${EXPORTED_RESULT} as ${name}`;
  }

  /** Whether the name is the result of another cell, which has no declaration. */
  isLastResult(name: string): boolean {
    return [...this.#imports.values()].some((names) => names.includes(`${EXPORTED_RESULT} as ${name}`));
  }

  /** The expression once more, since its statement has no name. A promise is awaited, and undefined is no result. */
  get #resultExport(): string {
    if (!this.exportsResult) return "";
    const { pos, end } = this.names.result ?? { pos: 0, end: this.text.length };
    const expression = this.#isObject ? this.text : this.text.slice(pos, end);
    return `let ${RESULT} = await (${expression});
export let ${EXPORTED_RESULT} = ${RESULT} as Exclude<typeof ${RESULT}, undefined>;
`;
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
