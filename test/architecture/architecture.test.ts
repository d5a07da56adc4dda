// The rules of ARCHITECTURE.md and of the house that a linter does not check by itself, and a proof that it checks the rest.

import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const files = spawnSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { encoding: "utf8" })
  .stdout.trim()
  .split("\n")
  .filter(existsSync);
const sources = files.filter((file) => file.endsWith(".ts"));
const architecture = readFileSync("ARCHITECTURE.md", "utf8");

/** Files longer than 400 lines, with the reason. */
const MAY_BE_LONG: Readonly<Record<string, string>> = {};

describe("ARCHITECTURE.md", () => {
  it("names only files and folders that exist", () => {
    const named = [...architecture.matchAll(/`((?:engine|kernel|extension|notebooks|test)\/[\w./-]*)`/g)].map(
      ([, path]) => path!,
    );
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((path) => !existsSync(path))).toEqual([]);
  });

  it("follows a cell from keystroke to pixel in at most six files", () => {
    const section = /## The path of a cell[\s\S]*?(?=\n## )/.exec(architecture)?.[0] ?? "";
    const steps = [...section.matchAll(/^\d+\. `([^`]+)`/gm)].map(([, path]) => path!);
    expect(steps.length).toBeGreaterThan(3);
    expect(steps.length).toBeLessThanOrEqual(6);
    expect(steps.filter((path) => !existsSync(path))).toEqual([]);
  });

  it("says why each dependency is there", () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync("package.json", "utf8"));
    const names = Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !name.startsWith("@types/"));
    expect(names.filter((name) => !architecture.includes(`\`${name}\``))).toEqual([]);
  });
});

describe("every folder and file", () => {
  it("has at most 400 lines", () => {
    const long = sources.filter(
      (file) => readFileSync(file, "utf8").split("\n").length > 400 && !(file in MAY_BE_LONG),
    );
    expect(long).toEqual([]);
  });

  it("begins with a comment that says what it is", () => {
    const silent = sources.filter(
      (file) => !file.endsWith(".test.ts") && !/^(#!.*\n)?(\/\/ |\/\*\*)/.test(readFileSync(file, "utf8")),
    );
    expect(silent).toEqual([]);
  });

  it("is named in kebab-case", () => {
    const parts = sources.flatMap((file) => file.split("/"));
    expect(parts.filter((part) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*$/.test(part))).toEqual([]);
  });

  /** By a README of its own, or by one a level above that names the folder. */
  const isExplained = (folder: string): boolean => {
    const above = join(dirname(folder), "README.md");
    if (existsSync(join(folder, "README.md"))) return true;
    return existsSync(above) && readFileSync(above, "utf8").includes(`${basename(folder)}/`);
  };

  it("has a README of at most 30 lines where there are more than five files", () => {
    const folders = new Set(sources.map(dirname).filter((folder) => /^(engine|kernel|extension)\b/.test(folder)));
    const large = [...folders].filter(
      (folder) => readdirSync(folder).filter((f) => f.endsWith(".ts") && !f.endsWith(".test.ts")).length > 5,
    );
    expect(large.filter((folder) => !isExplained(folder))).toEqual([]);
    const readmes = files.filter((file) => basename(file) === "README.md" && file !== "README.md");
    expect(readmes.filter((file) => readFileSync(file, "utf8").trimEnd().split("\n").length > 30)).toEqual([]);
  });
});

describe("the linter stops an import against the direction", () => {
  it.each([
    ["engine/x.ts", "node:fs", "knows no node"],
    ["engine/nn/x.ts", "#kernel", "bottom layer"],
    ["kernel/session/x.ts", "vscode", "knows no editor"],
    ["kernel/display/x.ts", "../../engine/index.ts", "through its door"],
    ["kernel/protocol/x.ts", "node:fs", "imports nothing"],
    ["extension/x.ts", "#engine", "never imports the engine"],
    ["extension/notebook/x.ts", "../../kernel/session/session.ts", "through its doors"],
  ])("%s cannot import %s", (file, specifier, reason) => {
    const folder = mkdtempSync(join(tmpdir(), "lectern-lint-"));
    cpSync("biome.json", join(folder, "biome.json"));
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    writeFileSync(join(folder, file), `import { x } from "${specifier}";\nx();\n`);
    const biome = resolve("node_modules/.bin/biome");
    const { stdout, stderr, status } = spawnSync(biome, ["lint", "--vcs-enabled=false", "."], {
      cwd: folder,
      encoding: "utf8",
    });
    expect((stdout + stderr).replaceAll(/\s+/g, " ")).toContain(reason);
    expect(status).toBe(1);
  });
});
