// The engine's door, as an editor shows it: every export says what it is, and every function and class shows how it is
// used. That the examples print what they promise is engine/examples.test.ts.

import * as ts from "@typescript/typescript6";
import { describe, expect, it } from "vitest";

const door = "engine/index.ts";
const program = ts.createProgram([door], {
  allowImportingTsExtensions: true,
  module: ts.ModuleKind.NodeNext,
  noEmit: true,
  noLib: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ESNext,
});
const checker = program.getTypeChecker();

interface Export {
  readonly name: string;
  readonly symbol: ts.Symbol;
}

const resolved = (symbol: ts.Symbol): ts.Symbol =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;

/** Everything behind a module, namespaces opened: `tensor`, `nn.Linear`, `nn.functional.linear`. */
function exportsOf(module: ts.Symbol, prefix = ""): Export[] {
  return checker.getExportsOfModule(module).flatMap((exported): Export[] => {
    const symbol = resolved(exported);
    const name = `${prefix}${exported.name}`;
    return symbol.flags & ts.SymbolFlags.ValueModule ? exportsOf(symbol, `${name}.`) : [{ name, symbol }];
  });
}

const all = exportsOf(checker.getSymbolAtLocation(program.getSourceFile(door)!)!);
/** Functions and classes; errors are caught, not made. */
const isUsed = ({ name, symbol }: Export) =>
  (symbol.flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Class)) !== 0 && !name.endsWith("Error");
const docOf = ({ symbol }: Export) => ts.displayPartsToString(symbol.getDocumentationComment(checker));
const hasExample = ({ symbol }: Export) => symbol.getJsDocTags(checker).some(({ name }) => name === "example");

/** Interfaces and names: each member, or the list of values, says it. */
function isExplainedByMembers({ symbol }: Export): boolean {
  if (symbol.flags & ts.SymbolFlags.TypeAlias) return true;
  const members = [...(symbol.members?.values() ?? [])].filter(({ flags }) => !(flags & ts.SymbolFlags.TypeParameter));
  const isSaid = (member: ts.Symbol) => ts.displayPartsToString(member.getDocumentationComment(checker)) !== "";
  return (symbol.flags & ts.SymbolFlags.Interface) !== 0 && members.every(isSaid);
}

describe("the engine's door", () => {
  it("has more than a few exports", () => {
    expect(all.length).toBeGreaterThan(100);
  });

  it("says of every export what it is", () => {
    const silent = all.filter((each) => docOf(each) === "" && !isExplainedByMembers(each));
    expect(silent.map(({ name }) => name)).toEqual([]);
  });

  it("shows of every function and class how it is used", () => {
    expect(all.filter((each) => isUsed(each) && !hasExample(each)).map(({ name }) => name)).toEqual([]);
  });
});
