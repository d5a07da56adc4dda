// What the README shows is run: its example is the first code that a newcomer copies.

import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { PLOTLY_MIME } from "#protocol";
import { startTestKernel } from "./real-kernel.ts";

it("the README's example trains and draws", async () => {
  const example = /```ts\n([\s\S]*?)```/.exec(await readFile("README.md", "utf8"))?.[1] ?? "";
  await using kernel = await startTestKernel();
  const { reply, outputs } = await kernel.run(example);
  expect(reply).toMatchObject({ status: "ok" });
  const shown = outputs.flatMap((output) => (output.type === "execute_result" ? Object.keys(output.content.data) : []));
  expect(shown).toContain(PLOTLY_MIME);
});
