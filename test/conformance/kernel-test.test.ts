// The conformance suite of Jupyter's makers, in pip's newest version and in Debian's: every test passes, none is skipped.

import { spawnSync } from "node:child_process";
import { beforeAll, describe, expect, it } from "vitest";
import { installKernel } from "../install-kernel.ts";
import { KERNEL_TEST_VERSIONS, kernelTestFolder } from "../kernel-test.ts";
import { python } from "../python.ts";

const TESTS = [
  "test_kernel_info",
  "test_execute_stdout",
  "test_execute_stderr",
  "test_completion",
  "test_is_complete",
  "test_pager",
  "test_error",
  "test_execute_result",
  "test_display_data",
  "test_history",
  "test_inspect",
  "test_clear_output",
];

describe.each(KERNEL_TEST_VERSIONS)("jupyter_kernel_test %s", (version) => {
  const outcomes: Record<string, string> = {};

  beforeAll(() => {
    // The kernel is found as an installed one is, in the tests' own Python.
    installKernel();
    const env = { ...process.env, PYTHONPATH: kernelTestFolder(version) };
    const { stdout, stderr } = spawnSync(python, ["test/conformance/kernel_test.py"], { env, encoding: "utf8" });
    try {
      Object.assign(outcomes, JSON.parse(stdout));
    } catch {
      throw new Error(`no outcomes: ${stdout}\n${stderr}`);
    }
  });

  it.each(TESTS)("%s", (name) => {
    expect(outcomes[name]).toBe("passed");
  });

  it("has no other tests, but that of the welcome in newer versions", () => {
    const others = Object.keys(outcomes).filter((name) => !TESTS.includes(name));
    expect(others).toEqual(version === "0.4.5" ? [] : ["test_recv_iopub_welcome_msg"]);
    for (const name of others) expect(outcomes[name]).toBe("passed");
  });
});
