// Text → syntax tree, parsed as a module whatever is in it: `await` is a keyword at the top level of a cell.

import ts from "@typescript/typescript6";

/** TypeScript decides by imports and exports what is a module, unless it is told; its types do not tell how. */
const setExternalModuleIndicator = (file: ts.SourceFile): void => {
  Reflect.set(file, "externalModuleIndicator", true);
};

export function parseModule(text: string, name: string, kind: ts.ScriptKind): ts.SourceFile {
  const options = { languageVersion: ts.ScriptTarget.ESNext, setExternalModuleIndicator };
  return ts.createSourceFile(name, text, options, true, kind);
}
