// V8's compiled code, kept from one start of the kernel to the next: it may be there, missing or damaged, and cells run.

import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { startTestKernel } from "./real-kernel.ts";

/** Of TypeScript; what node itself keeps lies in folders. */
async function keptIn(cache: string): Promise<string[]> {
  const names = await readdir(join(cache, "lectern/compiled")).catch(() => []);
  return names.filter((name) => name.endsWith(".v8")).map((name) => join(cache, "lectern/compiled", name));
}

async function runCell(env: NodeJS.ProcessEnv): Promise<AsyncDisposable> {
  const kernel = await startTestKernel(env);
  expect((await kernel.run("const x: number = 1; x + 1")).result).toBe("2");
  return kernel;
}

it("keeps TypeScript's compiled code in the user's folder for caches, and mends what is damaged", async () => {
  const XDG_CACHE_HOME = await mkdtemp(join(tmpdir(), "lectern-cache-"));
  await using _first = await runCell({ XDG_CACHE_HOME });
  const [path = ""] = await vi.waitUntil(
    async () => ((await keptIn(XDG_CACHE_HOME)).length === 1 ? keptIn(XDG_CACHE_HOME) : false),
    {
      timeout: 20_000,
    },
  );
  const whole = await readFile(path);
  expect(whole.length).toBeGreaterThan(1e6);

  const damaged = Buffer.from(whole);
  damaged.fill(0xff, 1000, 2000);
  await writeFile(path, damaged);
  await using _second = await runCell({ XDG_CACHE_HOME });
  await vi.waitUntil(async () => !(await readFile(path)).equals(damaged), { timeout: 20_000 });
});

it("runs cells without it, where its folder cannot be written and where node's switch is off", async () => {
  const file = join(await mkdtemp(join(tmpdir(), "lectern-cache-")), "a-file");
  await writeFile(file, "");
  await using _first = await runCell({ XDG_CACHE_HOME: file });
  await using _second = await runCell({ XDG_CACHE_HOME: file, NODE_DISABLE_COMPILE_CACHE: "1" });
});
