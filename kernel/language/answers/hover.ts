// What a name is: its type as TypeScript writes it, and its doc comment.

import type { Hover } from "#protocol";
import { toMarkdown, toSignature } from "./documentation.ts";
import { inModule, type Place } from "./place.ts";

export function hoverAt(place: Place): Hover | null {
  const info = place.service.getQuickInfoAtPosition(...inModule(place));
  const range = info && place.module.toCellRange(info.textSpan);
  if (!info || !range) return null;
  return {
    ...range,
    signature: toSignature(info.displayParts),
    documentation: toMarkdown(info.documentation, info.tags),
  };
}
