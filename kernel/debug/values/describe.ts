// A value that V8 tells of, in one line: as a console of a browser shows it, short. Tensors and layers describe themselves (in-engine.ts).

import type { Runtime } from "node:inspector";

type RemoteObject = Runtime.RemoteObject;

/** Longer texts are cut, but for the clipboard. */
const LONGEST = 1000;

export function describeRemote(remote: RemoteObject, { isWhole = false } = {}): string {
  const { type, subtype, value, unserializableValue, description = "", preview } = remote;
  if (type === "undefined") return "undefined";
  if (subtype === "null") return "null";
  if (type === "string") return cut(JSON.stringify(value), isWhole);
  if (unserializableValue !== undefined) return unserializableValue;
  if (type === "number" || type === "boolean") return String(value);
  if (type === "function") return describeFunction(description);
  if (subtype === "error") return description.split("\n    at ")[0] ?? description;
  if (preview && (subtype === undefined || PREVIEWED.has(subtype)))
    return cut(describePreview(preview, description), isWhole);
  return description;
}

const PREVIEWED = new Set<string>(["array", "typedarray", "map", "set", "weakmap", "weakset", "promise"]);

/** `class Net`, `f(x, y)`, `async g()`. */
function describeFunction(source: string): string {
  if (source.startsWith("class")) return source.split("{")[0]!.trim();
  const [, head = "", parameters = ""] =
    /^((?:async )?(?:function\*? ?)?[\w$#]*) ?(\([^)]*\)|[\w$]+(?= =>))/.exec(source) ?? [];
  const name = head.replace("function", "ƒ").trim();
  return `${name === "" || name === "async" ? `${name} ƒ`.trim() : name}${parameters.replaceAll(/\s+/g, " ")}`;
}

function describePreview(preview: Runtime.ObjectPreview, description: string): string {
  const rest = preview.overflow ? ", …" : "";
  if (preview.entries) {
    const entries = preview.entries.map(({ key, value }) => {
      const shown = describePreview(value, value.description ?? "");
      return key ? `${describePreview(key, key.description ?? "")} => ${shown}` : shown;
    });
    return `${description} {${entries.join(", ")}${rest}}`;
  }
  if (preview.type !== "object" || preview.properties === undefined) return short(preview.type, description);
  if (preview.subtype === "array" || preview.subtype === "typedarray") {
    const isElement = ({ name }: Runtime.PropertyPreview): boolean => /^\d+$/.test(name);
    const shown = preview.subtype === "array" ? preview.properties : preview.properties.filter(isElement);
    const items = shown.map((property) => describeProperty(property, isElement(property)));
    return `${description.replace(/^Array(?=\()/, "")} [${items.join(", ")}${rest}]`;
  }
  const properties = preview.properties.map((property) => describeProperty(property, false));
  const name = description === "Object" ? "" : `${description} `;
  return `${name}{${properties.join(", ")}${rest}}`;
}

function describeProperty({ name, type, value = "" }: Runtime.PropertyPreview, isElement: boolean): string {
  const shown = short(type, value);
  return isElement ? shown : `${name}: ${shown}`;
}

function short(type: string, text: string): string {
  if (type === "string") return JSON.stringify(text);
  if (type === "function") return "ƒ";
  if (type === "accessor") return "(…)";
  return text;
}

const cut = (text: string, isWhole: boolean): string =>
  isWhole || text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
