// The expression whose value is a cell's result, if it ends in one. Types behind it do not count: nothing of them is left when the
// cell runs. Asked by the compiler, which shows the value, and by the language service, which gives `_` its type.

import ts from "@typescript/typescript6";

export function resultOf({ statements }: ts.SourceFile): ts.Expression | undefined {
  const last = statements.findLast(
    (statement) =>
      !ts.isEmptyStatement(statement) &&
      !ts.isInterfaceDeclaration(statement) &&
      !ts.isTypeAliasDeclaration(statement) &&
      !(ts.isExportDeclaration(statement) && !statement.moduleSpecifier),
  );
  if (last === undefined) return undefined;
  const isResult = ts.isExpressionStatement(last) || (ts.isExportAssignment(last) && !last.isExportEquals);
  return isResult ? last.expression : undefined;
}
