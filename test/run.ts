// `npm test`: everything from fast to slow, stopping at nothing, and one line of counts at the end. A stage whose real
// part (a browser, Python) cannot be had is skipped with the reason; under CI=true that is a failure.
// `node test/run.ts unit wire` runs only the named stages.

import { spawnSync } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { relative } from "node:path";
import { ensureChromium } from "./chromium.ts";
import { ensureCodeServer } from "./code-server.ts";
import { installDatasets } from "./datasets.ts";
import { ensureSoftwareGpu } from "./gpu.ts";
import { ensureKernelTests } from "./kernel-test.ts";
import { ensurePython, ensureTorch } from "./python.ts";
import { ensureTslab } from "./tslab/tslab.ts";

/** Installs what a stage needs, if it is not there; the returned text says why it cannot be had. */
type Requirement = () => Promise<string | undefined>;

interface Stage {
  readonly name: string;
  readonly needs?: readonly Requirement[];
  /** Tried first; the tests that need it skip themselves without it, which CI counts as a failure. */
  readonly wants?: () => void;
  /** A plain command passes or fails as one; vitest is counted test by test. */
  readonly run: readonly string[] | VitestRun;
}

interface VitestRun {
  readonly project: string | readonly string[];
  /** Only files whose path begins so. */
  readonly paths?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Files that are left out, as globs. */
  readonly exclude?: readonly string[];
  readonly options?: readonly string[];
}

/** The engine's tests once more, on another backend or with other threads and vectors than this machine chooses. */
const engineTests = {
  project: ["unit", "reference"],
  paths: ["engine/", "test/reference/", "test/gradients/", "test/accuracy/"],
};
const engineWith = (name: string, env: VitestRun["env"] = {}, workers = 1): Stage => ({
  name,
  run: {
    ...engineTests,
    env,
    // Data sets and file formats compute nothing.
    exclude: ["engine/backends/webgpu/**", "engine/{data,io}/**"],
    // One process for many files, as a notebook is one: the engine is loaded, and its kernels are made, once.
    options: ["--no-isolate", `--maxWorkers=${workers}`],
  },
});

const STAGES: readonly Stage[] = [
  { name: "format and lint", run: ["biome", "ci", "."] },
  { name: "types", run: ["npm", "run", "--silent", "types"] },
  { name: "build", run: ["node", "build.ts"] },
  { name: "unit", needs: [ensureSoftwareGpu], wants: installDatasets, run: { project: "unit" } },
  { name: "architecture", run: { project: "architecture" } },
  { name: "reference", run: { project: "reference" } },
  engineWith("plain", { LECTERN_PLAIN: "1" }, 2),
  engineWith("1 thread", { LECTERN_THREADS: "1" }, 2),
  engineWith("4 threads", { LECTERN_THREADS: "4" }),
  engineWith("1, no pairs", { LECTERN_THREADS: "1", LECTERN_REVECTORIZE: "0" }, 2),
  engineWith("2, no pairs", { LECTERN_THREADS: "2", LECTERN_REVECTORIZE: "0" }),
  engineWith("4, no pairs", { LECTERN_THREADS: "4", LECTERN_REVECTORIZE: "0" }),
  {
    name: "webgpu",
    needs: [ensureSoftwareGpu],
    run: {
      ...engineTests,
      env: { LECTERN_DEVICE: "webgpu" },
      // What is no op of the GPU.
      exclude: ["engine/backends/{wasm,cpu}/**", "engine/data/**", "engine/models/**"],
    },
  },
  { name: "exchange", needs: [ensureTorch], run: { project: "exchange" } },
  { name: "wire", needs: [ensureSoftwareGpu], run: { project: "wire" } },
  { name: "fuzz", run: { project: "fuzz" } },
  { name: "soak", run: { project: "soak" } },
  { name: "notebooks", needs: [ensureSoftwareGpu], run: { project: "notebooks" } },
  { name: "conformance", needs: [ensureKernelTests], run: { project: "conformance" } },
  { name: "tslab", needs: [ensureTslab], run: { project: "tslab" } },
  { name: "jupyterlab", needs: [ensurePython, ensureChromium], run: { project: "jupyterlab" } },
  { name: "package", run: ["node", "test/package.ts"] },
  { name: "workbench", needs: [ensureCodeServer], run: { project: "workbench" } },
];

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

/** What of vitest's JSON report is read here: https://vitest.dev/guide/reporters#json-reporter. */
interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

const isCi = process.env.CI === "true";
const reportPath = ".cache/test-report.json";
const total: Count = { passed: 0, failed: 0, skipped: 0 };
const lines: string[] = [];
/** Said again at the end, where the reader of a long log looks first. */
const failures: string[] = [];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !STAGES.some((stage) => stage.name === name));
if (unknown.length > 0) {
  const known = STAGES.map(({ name }) => name).join(", ");
  process.stderr.write(`npm test: no stage is called ${unknown.join(", ")}; expected some of: ${known}\n`);
  process.exit(2);
}
for (const stage of STAGES) if (wanted.length === 0 || wanted.includes(stage.name)) await runStage(stage);

process.stdout.write(`\n${[...failures, ...lines].join("\n")}\n\n`);
process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
process.exitCode = total.failed > 0 ? 1 : 0;

async function runStage({ name, needs = [], wants, run }: Stage): Promise<void> {
  process.stdout.write(`\n━━ ${name}\n`);
  const started = performance.now();
  for (const need of needs) {
    const reason = await need();
    if (reason === undefined) continue;
    note(
      name,
      isCi ? { passed: 0, failed: 1, skipped: 0 } : { passed: 0, failed: 0, skipped: 1 },
      started,
      `not run: ${reason}`,
    );
    return;
  }
  wants?.();
  note(name, "project" in run ? await runVitest(name, run) : runCommand(run), started);
}

function runCommand([command = "", ...args]: readonly string[]): Count {
  const ok = spawnSync(command, args, { stdio: "inherit" }).status === 0;
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}

async function runVitest(
  stage: string,
  { project, paths = [], env = {}, exclude = [], options = [] }: VitestRun,
): Promise<Count> {
  await rm(reportPath, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${reportPath}`];
  const projects = [project].flat().flatMap((name) => ["--project", name]);
  const spawned = { stdio: "inherit", env: { ...process.env, ...env } } as const;
  const { status } = spawnSync(
    "vitest",
    ["run", ...projects, ...options, ...exclude.map((glob) => `--exclude=${glob}`), ...reporters, ...paths],
    spawned,
  );
  const report = await readFile(reportPath, "utf8")
    .then((text) => JSON.parse(text) as VitestReport)
    .catch(() => undefined);
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  failures.push(...report.testResults.flatMap((file) => failuresOf(stage, file)));
  const { numPassedTests: passed, numPendingTests: skipped } = report;
  // A file that cannot even be loaded fails the run without a failed test.
  const failed = Math.max(report.numFailedTests, status === 0 && passed > 0 ? 0 : 1);
  return { passed, failed, skipped };
}

function failuresOf(stage: string, file: VitestReport["testResults"][number]): string[] {
  const where = `✗ ${stage}: ${relative(process.cwd(), file.name)}`;
  const failed = file.assertionResults.filter(({ status }) => status === "failed");
  if (failed.length === 0 && file.message !== "") return [`${where}\n${file.message}\n`];
  return failed.map(({ fullName, failureMessages }) => `${where} > ${fullName}\n${failureMessages.join("\n")}\n`);
}

function note(name: string, { passed, failed, skipped }: Count, started: number, remark = ""): void {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
  const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(6);
  lines.push(
    `${failed > 0 ? "✗" : skipped > 0 ? "–" : "✓"} ${name.padEnd(16)} ${seconds} s  ${passed} passed, ${failed} failed ${remark}`.trimEnd(),
  );
}
