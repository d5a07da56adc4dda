// `lectern doctor`: runs the checks one after the other, prints what each found, and says how to mend what is wrong.

import type { Check, Finding } from "./finding.ts";

const MARKS = { ok: "✓", note: "·", problem: "✗" } as const;
const NAME_CHARS = 11;

/** Returns the process's exit code: 1 when something that was asked for does not work. `print` takes whole lines. */
export async function runDoctor(checks: readonly Check[], print: (line: string) => void): Promise<number> {
  let problems = 0;
  for (const check of checks) {
    const { status, lines, mend } = await findingOf(check);
    if (status === "problem") problems++;
    const [first = "", ...more] = lines;
    print(`${MARKS[status]} ${check.name.padEnd(NAME_CHARS)}${first}`);
    for (const line of [...more, ...(mend === undefined ? [] : [`→ ${mend}`])]) {
      print(`${" ".repeat(NAME_CHARS + 2)}${line}`);
    }
  }
  print("");
  print(problems === 0 ? "Everything works." : `${problems} ${problems === 1 ? "thing does" : "things do"} not work.`);
  return problems === 0 ? 0 : 1;
}

async function findingOf(check: Check): Promise<Finding> {
  try {
    return await check.run();
  } catch (error) {
    return { status: "problem", lines: (error instanceof Error ? error.message : String(error)).split("\n") };
  }
}
