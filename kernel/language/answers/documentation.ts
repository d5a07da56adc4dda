// Doc comments → Markdown, and TypeScript's display parts → the text that a user would have written.

import ts from "@typescript/typescript6";

export function toMarkdown(
  documentation: ts.SymbolDisplayPart[] | undefined,
  tags: readonly ts.JSDocTagInfo[] = [],
): string {
  return [linked(documentation), ...tags.map(tagToMarkdown)].filter((part) => part !== "").join("\n\n");
}

/** In a cell every name of another cell is an import to TypeScript, and none to its reader. */
export function toSignature(parts: ts.SymbolDisplayPart[] | undefined): string {
  const text = ts.displayPartsToString(parts);
  if (!text.startsWith("(alias) ")) return text;
  const bare = text.slice("(alias) ".length).replace(/\n(?:import|export) [^\n]*$/, "");
  return /^[\w$.]+[<(]/.test(bare) ? `function ${bare}` : bare;
}

const TAG_TITLES: Readonly<Record<string, string>> = { returns: "Returns", throws: "Throws", deprecated: "Deprecated" };

function tagToMarkdown({ name, text }: ts.JSDocTagInfo): string {
  const content = linked(text).trim();
  if (name === "example") return content.includes("```") ? content : `\`\`\`ts\n${content}\n\`\`\``;
  if (name === "param" || name === "template") {
    const [, parameter = "", rest = ""] = /^(\S+)\s*-?\s*([\s\S]*)$/.exec(content) ?? [];
    return rest === "" ? "" : `\`${parameter}\`: ${rest}`;
  }
  return `*${TAG_TITLES[name] ?? `@${name}`}*${content === "" ? "" : ` ${content}`}`;
}

/** `{@link name}` becomes `name`, in code. */
function linked(parts: ts.SymbolDisplayPart[] | undefined = []): string {
  const text = parts.map((part) =>
    part.kind === "linkName" ? `\`${part.text}\`` : part.kind === "link" ? "" : part.text,
  );
  return text.join("");
}
