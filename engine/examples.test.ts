// Runs every @example in the engine's sources. `expression; // text` must print as the text says.

import { readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { describe, expect, it } from "vitest";
import * as host from "./host.ts";
import * as lectern from "./index.ts";

interface Example {
  readonly file: string;
  readonly code: string;
}

const examples = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
  .flatMap((file): Example[] => {
    const source = readFileSync(`${import.meta.dirname}/${file}`, "utf8");
    return Array.from(source.matchAll(/@example\n((?: +\* .*\n)+)/g), ([, block]) => {
      return { file, code: block!.replace(/^ +\* /gm, "") };
    });
  });

host.configureEngine({ readAsset: (name) => readFile(new URL(`./data/assets/${name}`, import.meta.url)) });

/** What a reader would see: lists as in the sources, tensors as they print. */
const shown = (value: unknown) => (Array.isArray(value) ? `[${value.join(", ")}]` : String(value));

async function run({ code }: Example): Promise<number> {
  let checks = 0;
  const check = (value: unknown, text: string) => {
    checks++;
    expect(shown(value)).toBe(text);
  };
  const checked = code.replace(/^(?:console\.log\((.+)\)|(?!const )(.+)); \/\/ (.+)$/gm, (_, logged, bare, text) => {
    return `check(${logged ?? bare}, ${JSON.stringify(text)});`;
  });
  const scope = { ...lectern, ...host, check, console: { log: () => {} } };
  const body = stripTypeScriptTypes(`async function example() {\n${checked}\n}`);
  await new Function(...Object.keys(scope), `${body}\nreturn example();`)(...Object.values(scope));
  return checks;
}

describe("examples", () => {
  it("are found", () => {
    expect(examples.length).toBeGreaterThanOrEqual(9);
  });

  it.each(examples)("run: $file", async (example) => {
    expect(await run(example)).toBe(example.code.split("; // ").length - 1);
  });
});
