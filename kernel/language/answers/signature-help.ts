// The parameters of the call that is being written.

import ts from "@typescript/typescript6";
import type { Signature, SignatureHelp } from "#protocol";
import { toMarkdown } from "./documentation.ts";
import { inModule, type Place } from "./place.ts";

export function signatureHelpAt(place: Place): SignatureHelp | null {
  const help = place.service.getSignatureHelpItems(...inModule(place), undefined);
  if (!help) return null;
  return {
    signatures: help.items.map(toProtocol),
    activeSignature: help.selectedItemIndex,
    activeParameter: help.argumentIndex,
  };
}

function toProtocol(item: ts.SignatureHelpItem): Signature {
  let label = ts.displayPartsToString(item.prefixDisplayParts);
  const separator = ts.displayPartsToString(item.separatorDisplayParts);
  const parameters = item.parameters.map(({ displayParts, documentation }, index) => {
    if (index > 0) label += separator;
    const start = label.length;
    label += ts.displayPartsToString(displayParts);
    return { label: [start, label.length] as const, documentation: toMarkdown(documentation) };
  });
  label += ts.displayPartsToString(item.suffixDisplayParts);
  // What the tags of parameters say stands with the parameters.
  const tags = item.tags.filter(({ name }) => name !== "param");
  return { label, parameters, documentation: toMarkdown(item.documentation, tags) };
}
