// What the README shows is run: its example is the first code that a newcomer copies.

import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { PLOTLY_MIME } from "#protocol";
import { startTestKernel } from "./real-kernel.ts";

const readme = await readFile("README.md", "utf8");
const [first = "", ...others] = Array.from(readme.matchAll(/```ts\n([\s\S]*?)```/g), ([, code]) => code!);

it("the README's first example trains and draws", async () => {
  await using kernel = await startTestKernel();
  const { reply, outputs } = await kernel.run(first);
  expect(reply).toMatchObject({ status: "ok" });
  const shown = outputs.flatMap((output) => (output.type === "execute_result" ? Object.keys(output.content.data) : []));
  expect(shown).toContain(PLOTLY_MIME);
});

it("the README's other examples give what they say", async () => {
  await using kernel = await startTestKernel();
  const lines = others.flatMap((example) => example.trim().split("\n")).filter((line) => line !== "");
  expect(lines.filter((line) => line.includes(" // ")).length).toBeGreaterThan(1);
  for (const line of lines) {
    const { result, error } = await kernel.run(line);
    expect(error).toBe("");
    const [, promised] = line.split(" // ");
    if (promised !== undefined) expect(result).toBe(promised);
  }
});
