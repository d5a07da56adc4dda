// The names that a declaration binds: one, or those of a pattern.

import ts from "@typescript/typescript6";

/** `{ a, b: [c, ...d] }` → a, c, d. In a cell that is being written a name may be missing: "". */
export function boundNames(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? boundNames(element.name) : []));
}
