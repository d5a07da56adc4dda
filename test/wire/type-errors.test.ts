// LECTERN_TYPE_ERRORS in a real kernel: what happens to a cell whose types are wrong.

import { describe, expect, it } from "vitest";
import { startTestKernel } from "./real-kernel.ts";

const WRONG = "const half = 0.5;\nconst text: string = half;\nhalf";
/** Long enough for a check beside it. */
const SLOWLY = "await new Promise((resolve) => setTimeout(resolve, 2000));";

describe("type errors", () => {
  it("are a warning under a cell that runs long enough for the check", async () => {
    await using kernel = await startTestKernel();
    await kernel.run("1 + 1");
    await kernel.connection.language("diagnostics", { cell: "" }); // answered when the thread has started
    const { result, stderr, reply } = await kernel.run(`${WRONG}\n${SLOWLY}\nhalf`);
    expect(stderr).toBe("Cell 2, line 2: Type 'number' is not assignable to type 'string'.\n");
    expect({ result, status: reply.status }).toEqual({ result: "0.5", status: "ok" });
  });

  it("do not delay a cell while the language service starts", async () => {
    await using kernel = await startTestKernel();
    const { stderr, result } = await kernel.run(WRONG);
    expect({ stderr, result }).toEqual({ stderr: "", result: "0.5" });
  });

  it("say no more than the error where a cell threw because it did not know a name", async () => {
    await using kernel = await startTestKernel();
    await kernel.run("1 + 1");
    await kernel.connection.language("diagnostics", { cell: "" });
    const { stderr, error } = await kernel.run(`${SLOWLY} unheardOf`);
    expect(stderr).toBe("");
    expect(error).toContain("unheardOf is not defined");
  });

  it("stop the cell before it runs, with line and mark, when they are to", async () => {
    await using kernel = await startTestKernel({ LECTERN_TYPE_ERRORS: "stop" });
    const { error, stdout, reply } = await kernel.run(`console.log("ran");\n${WRONG}`);
    expect(reply).toMatchObject({ status: "error", ename: "TypeCheckError" });
    expect(stdout).toBe("");
    expect(error).toBe(
      [
        "TypeCheckError: Type 'number' is not assignable to type 'string'.",
        "Cell 1, line 3, column 7",
        "  3 | const text: string = half;",
        "            ^",
      ].join("\n"),
    );
    expect((await kernel.run("const half = 1;\nhalf.toFixed(1)")).result).toBe("'1.0'");
    expect((await kernel.run("half.length")).error).toContain("Property 'length' does not exist on type '1'.");
  });

  it("are not looked for when they are off", async () => {
    await using kernel = await startTestKernel({ LECTERN_TYPE_ERRORS: "off" });
    const { stderr, result } = await kernel.run(WRONG);
    expect({ stderr, result }).toEqual({ stderr: "", result: "0.5" });
  });
});
