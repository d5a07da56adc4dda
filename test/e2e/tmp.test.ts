import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { it } from "vitest";
import { NotebookPage } from "./notebook-page.ts";
import { Workbench } from "./workbench.ts";
import { writeNotebook } from "./write-notebook.ts";
it("x", async () => {
  const w = await Workbench.start({ prepare: (f) => writeNotebook(join(f, "d.ipynb"), ["const factor = 10;\nfactor * 2;\nfactor"]), viewport: { width: 1400, height: 900 } });
  try {
    const n = await NotebookPage.open(w.page, "d.ipynb");
    await n.run(0);
    await new Promise((r) => setTimeout(r, 4000));
    w.page.on("console", (m) => console.log("CONSOLE", m.type(), m.text().slice(0, 300)));
    const cell = w.page.locator(".notebookOverlay .code-cell-row").nth(0);
    await cell.locator(".view-line", { hasText: "factor * 2" }).click();
    await w.page.keyboard.press("F9");
    await cell.hover();
    console.log(await cell.getByRole("button", { name: /^Debug Cell/ }).count());
    await cell.getByRole("button", { name: /^Debug Cell/ }).first().click();
    await new Promise((r) => setTimeout(r, 7000));
    await w.screenshot("tmp");
    console.log(await w.page.locator(".notifications-toasts").allInnerTexts());
    console.log(execFileSync("sh", ["-c", `cd ${w.workspace}/../user-data/logs && find . -name '*.log' -size +0 && grep -rhiE "lectern|error" . | tail -40`], { encoding: "utf8" }));
  } finally { await w[Symbol.asyncDispose](); }
});
