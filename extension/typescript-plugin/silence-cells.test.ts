import { describe, expect, it } from "vitest";
import { silenceCells } from "./silence-cells.ts";

const CELL = "^/vscode-notebook-cell/ts-nul-authority/home/me/lecture.ipynb#W0.ts";
const OTHER = "^/vscode-notebook-cell/ts-nul-authority/home/me/other.ipynb#W0.ts";

function serviceWith(notebooks: readonly string[]) {
  const languageService = { getQuickInfoAtPosition: () => "spoken", getOutliningSpans: () => "spoken" };
  const project = { refreshDiagnostics: () => {} };
  const plugin = silenceCells();
  const service = plugin.create({ config: { notebooks }, languageService: languageService as never, project });
  return { plugin, service };
}

describe("VS Code's own TypeScript", () => {
  it("says nothing of the cells of our notebooks, and everything of other cells and of files", () => {
    const { service } = serviceWith(["/home/me/lecture.ipynb"]);
    const said = [CELL, OTHER, "/home/me/lecture.ts"].map((file) => service.getQuickInfoAtPosition(file, 0));
    expect(said).toEqual([undefined, "spoken", "spoken"]);
  });

  it("keeps what concerns a cell alone", () => {
    expect(serviceWith(["/home/me/lecture.ipynb"]).service.getOutliningSpans(CELL)).toBe("spoken");
  });

  it("learns of notebooks that are opened later", () => {
    const { plugin, service } = serviceWith([]);
    expect(service.getQuickInfoAtPosition(CELL, 0)).toBe("spoken");
    plugin.onConfigurationChanged({ notebooks: ["/home/me/lecture.ipynb"] });
    expect(service.getQuickInfoAtPosition(CELL, 0)).toBeUndefined();
  });
});
