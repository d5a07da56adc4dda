// A loop at the top level of a cell as quick as in a function: while it runs, the variables that it changes are locals, which V8
// keeps in registers; those of a script lie in memory. (What it only reads V8 takes for constant.) Only loops that call nothing are
// rewritten, so nobody can see the difference, and an interrupt finds them between two turns: they look at a flag, write back and
// wait to be terminated.
//
//   for (…) { s += a[i] }   →   {const $t=$stop_,$w=(s_)=>{s=s_},s_=s;{let s=s_;try{$l:for (…) {if($t[2]!==0)break $l; s += a[i] }
//                               }finally{$w(s);if($t[2]!==0)$halt_();}}}

import ts from "@typescript/typescript6";
import { boundNames } from "./bound-names.ts";
import { beforeLine } from "./declarations.ts";
import type { Edits } from "./edits.ts";

/** Of the shared memory `$stop_`: not 0 while a cell is being stopped (kernel/evaluate/stopping/stop-signal.ts). */
const FLAG = 2;

/** `exists` says which names are certainly declared when the statement runs. */
export function keepInRegisters(
  statement: ts.Statement,
  exists: (name: string) => boolean,
  source: ts.SourceFile,
  edits: Edits,
): void {
  let loop: ts.Node = statement;
  while (ts.isLabeledStatement(loop)) loop = loop.statement;
  if (!ts.isForStatement(loop) && !ts.isWhileStatement(loop) && !ts.isDoStatement(loop)) return;
  if (!callsNothing(loop) || source.text.includes("$l:")) return;
  const changed = [...namesWritten(loop)].filter(exists);
  if (changed.length === 0) return;
  const local = (name: string): string => `${name}$_`;
  if (changed.some((name) => source.text.includes(local(name)))) return;

  const copies = changed.map((name) => `,${local(name)}=${name}`).join("");
  const shadows = changed.map((name) => `${name}=${local(name)}`).join(",");
  const writeBack = `(${changed.map(local).join(",")})=>{${changed.map((name) => `${name}=${local(name)}`).join(";")}}`;
  const start = statement.getStart(source);
  edits.insert(
    beforeLine(statement, start, source),
    `;{const $t=$stop_,$w=${writeBack}${copies};{let ${shadows};try{$l:`,
  );
  for (const inner of loopsIn(loop)) checkEachTurn(inner, source, edits);
  edits.insert(statement.end, `}finally{$w(${changed.join(",")});if($t[${FLAG}]!==0)$halt_();}}}`);
}

type Loop = ts.ForStatement | ts.WhileStatement | ts.DoStatement | ts.ForInStatement;

function checkEachTurn({ statement: body }: Loop, source: ts.SourceFile, edits: Edits): void {
  const check = `if($t[${FLAG}]!==0)break $l;`;
  if (ts.isBlock(body)) edits.insert(body.getStart(source) + 1, check);
  else {
    edits.insert(body.getStart(source), `{${check}`);
    edits.insert(body.end, "}");
  }
}

function loopsIn(node: ts.Node): Loop[] {
  const loops: Loop[] = [];
  const visit = (inner: ts.Node): void => {
    if (ts.isIterationStatement(inner, false)) loops.push(inner as Loop);
    ts.forEachChild(inner, visit);
  };
  visit(node);
  return loops;
}

/** Nothing in it runs code of the user's elsewhere, waits, or makes a function that could outlive it. `Math` is arithmetic. */
function callsNothing(node: ts.Node): boolean {
  if (ts.isCallExpression(node) && !isMath(node.expression)) return false;
  const isOther =
    ts.isNewExpression(node) ||
    ts.isTaggedTemplateExpression(node) ||
    ts.isAwaitExpression(node) ||
    ts.isYieldExpression(node) ||
    ts.isFunctionLike(node) ||
    ts.isClassLike(node) ||
    ts.isForOfStatement(node) ||
    ts.isDebuggerStatement(node) ||
    (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.Using) === ts.NodeFlags.Using);
  return !isOther && !ts.forEachChild(node, (child) => !callsNothing(child));
}

const isMath = (callee: ts.Expression): boolean =>
  ts.isPropertyAccessExpression(callee) && ts.isIdentifier(callee.expression) && callee.expression.text === "Math";

/** Names that the loop assigns and does not declare. One that some block of it declares is left out, wherever it is assigned. */
function namesWritten(loop: ts.Node): Set<string> {
  const written = new Set<string>();
  const own = new Set<string>();
  const write = (target: ts.Node): void => {
    if (ts.isIdentifier(target)) written.add(target.text);
    else if (ts.isArrayLiteralExpression(target) || ts.isObjectLiteralExpression(target))
      ts.forEachChild(target, write);
    else if (ts.isPropertyAssignment(target)) write(target.initializer);
    else if (ts.isShorthandPropertyAssignment(target)) write(target.name);
    else if (ts.isSpreadElement(target) || ts.isSpreadAssignment(target) || ts.isParenthesizedExpression(target)) {
      write(target.expression);
    } else if (ts.isBinaryExpression(target)) write(target.left);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node)) {
      const names = (node.parent.flags & ts.NodeFlags.BlockScoped) === 0 ? written : own;
      for (const bound of boundNames(node.name)) names.add(bound);
    } else if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) write(node.left);
    else if ((ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) && isStep(node.operator)) {
      write(node.operand);
    } else if (ts.isForInStatement(node) && !ts.isVariableDeclarationList(node.initializer)) write(node.initializer);
    ts.forEachChild(node, visit);
  };
  visit(loop);
  for (const name of own) written.delete(name);
  return written;
}

const isAssignment = (kind: ts.SyntaxKind): boolean =>
  kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;

const isStep = (operator: ts.PrefixUnaryOperator): boolean =>
  operator === ts.SyntaxKind.PlusPlusToken || operator === ts.SyntaxKind.MinusMinusToken;
