// Answers for clients that know one text and a cursor: content of Jupyter's `complete_reply` and `inspect_reply`.
// https://jupyter-client.readthedocs.io/en/stable/messaging.html

import ts from "@typescript/typescript6";
import type { Completion, Hover } from "#protocol";
import { completionDetailsAt, namesInSightAt, signatureOf } from "../answers/completion.ts";
import { hoverAt } from "../answers/hover.ts";
import { inModule, type Place } from "../answers/place.ts";
import { toCodePointOffset, toUtf16Offset } from "./code-points.ts";

export interface CompleteReply {
  readonly status: "ok";
  readonly matches: readonly string[];
  /** Code points. */
  readonly cursor_start: number;
  readonly cursor_end: number;
  readonly metadata: { readonly _jupyter_types_experimental?: readonly TypedMatch[] };
}

/** What JupyterLab and VS Code's Jupyter extension show beside a match. */
export interface TypedMatch {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly type: string;
  readonly signature?: string;
}

export interface InspectReply {
  readonly status: "ok";
  readonly found: boolean;
  readonly data: { readonly "text/plain"?: string; readonly "text/markdown"?: string };
  readonly metadata: Readonly<Record<string, never>>;
}

/** A signature costs a fraction of a millisecond: so many matches have one. */
const SIGNATURES = 50;
const CALLABLE = new Set(["function", "method", "local function"]);

/** `cursor` counts code points. Only names that begin as the word before the cursor does, as consoles expect. */
export function completeReply(place: Place, cursor: number): CompleteReply {
  const found = namesInSightAt(place)?.names ?? [];
  const { text } = place.module;
  const start = found[0]?.completion.start ?? place.offset;
  const prefix = text.slice(start, place.offset).toLowerCase();
  const matching = found.filter(
    ({ completion: { name, start: from } }) => from === start && name.toLowerCase().startsWith(prefix) && name !== "",
  );
  matching.sort(({ completion: a }, { completion: b }) => order(a.sortText, b.sortText) || order(a.name, b.name));
  const cursor_start = toCodePointOffset(text, start);
  const typed = matching.map((name, index): TypedMatch => {
    const { completion } = name;
    const signature = index < SIGNATURES ? signatureOf(place, name) : undefined;
    const match = { start: cursor_start, end: cursor, text: written(completion), type: typeOf(completion) };
    return signature === undefined ? match : { ...match, signature };
  });
  const matches = typed.map(({ text }) => text);
  const metadata = { _jupyter_types_experimental: typed };
  return { status: "ok", matches, cursor_start, cursor_end: cursor, metadata };
}

/** With `detailLevel` 1 the source of the name's declaration comes along. */
export function inspectReply(place: Place, detailLevel: number): InspectReply {
  const [at, hover] = inspected(place);
  if (!hover) return { status: "ok", found: false, data: {}, metadata: {} };
  const source = detailLevel > 0 ? sourceOf(at) : undefined;
  const { signature, documentation } = hover;
  const plain = [signature, documentation, source].filter((part) => part);
  const code = (text: string) => `\`\`\`typescript\n${text}\n\`\`\``;
  const markdown = [code(signature), documentation, source && code(source)].filter((part) => part);
  const data = { "text/plain": plain.join("\n\n"), "text/markdown": markdown.join("\n\n") };
  return { status: "ok", found: true, data, metadata: {} };
}

export const atCodePoint = (text: string, cursor: number): number => toUtf16Offset(text, cursor);

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const written = ({ insertText, name }: Completion): string => insertText ?? name;

/** The words that JupyterLab has icons for. */
function typeOf({ kind }: Completion): string {
  if (CALLABLE.has(kind)) return "function";
  if (kind === "const" || kind === "let" || kind === "var" || kind === "local var" || kind === "alias")
    return "variable";
  return kind === "property" || kind === "getter" || kind === "setter" ? "property" : kind;
}

/** What TypeScript says of a name that it does not know. */
const UNKNOWN = "any";

/** The name at the cursor, or right before it, or else the function whose arguments are being written. */
function inspected(place: Place): [Place, Hover | null] {
  const offsets = [place.offset, place.offset - 1, calleeOffset(place)];
  for (const offset of offsets) {
    if (offset === undefined || offset < 0) continue;
    const at = { ...place, offset };
    const hover = hoverAt(at);
    const told = hover && hover.signature !== UNKNOWN ? hover : (unimportedAt(at) ?? hover);
    if (told) return [at, told];
  }
  return [place, null];
}

/** A name that the library exports and no cell has imported: what it is, below the import that brings it. */
function unimportedAt(place: Place): Hover | null {
  const { library } = place.cells;
  const source = parsed(place);
  const name = freeNameAt(source, place.offset);
  const details = name && completionDetailsAt({ ...place, module: library, offset: library.text.length }, name.text);
  if (!details) return null;
  const signature = `import { ${name.text} } from "lectern";\n${details.signature}`;
  return { start: name.getStart(source), length: name.text.length, signature, documentation: details.documentation };
}

/** A name that is used, and neither a member nor what is being declared. */
function freeNameAt(source: ts.SourceFile, offset: number): ts.Identifier | undefined {
  const find = (node: ts.Node): ts.Identifier | undefined => {
    if (offset < node.getStart(source) || offset > node.end) return undefined;
    return ts.isIdentifier(node) ? node : ts.forEachChild(node, find);
  };
  const name = find(source);
  return name && "name" in name.parent && name.parent.name === name ? undefined : name;
}

const parsed = ({ module }: Place): ts.SourceFile =>
  ts.createSourceFile("cell.ts", module.text, ts.ScriptTarget.ESNext, true, ts.ScriptKind.TS);

function calleeOffset(place: Place): number | undefined {
  const { module, offset } = place;
  const source = parsed(place);
  let callee: ts.Expression | undefined;
  const visit = (node: ts.Node): void => {
    if (node.pos > offset || module.text.slice(node.end, offset).trim() !== "") return;
    const isCall = ts.isCallExpression(node) || ts.isNewExpression(node);
    const isOver = node.end <= offset && module.text[node.end - 1] === ")";
    if (isCall && !isOver && node.expression.end < offset) callee = node.expression;
    ts.forEachChild(node, visit);
  };
  visit(source);
  return callee && (ts.isPropertyAccessExpression(callee) ? callee.name : callee).getStart(source);
}

/** The text of the declaration: a statement of a cell, or of a file. */
function sourceOf(place: Place): string | undefined {
  const [definition] = place.service.getDefinitionAtPosition(...inModule(place)) ?? [];
  if (!definition) return undefined;
  const text = place.service.getProgram()?.getSourceFile(definition.fileName)?.text;
  const { start, length } = definition.contextSpan ?? definition.textSpan;
  return text?.slice(start, start + length);
}
