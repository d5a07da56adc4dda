// The real VS Code workbench with our packed extension in a fresh profile, served on loopback and shown by a real browser.
// Starts and stops it; what a user does in it is notebook-page.ts.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { openSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Browser, Page, ViewportSize } from "playwright-core";
import { launchChromium } from "../chromium.ts";
import { installCodeServer } from "../code-server.ts";
import { freePort, untilAnswers } from "../local-server.ts";
import { packageExtension } from "../package.ts";

const ROOT = resolve(import.meta.dirname, "../..");
/** Where screenshots go, for people to look at. */
const PICTURES = join(ROOT, "out", "test", "workbench");

/** No dialogs, no side bars, nothing that asks the network. */
const QUIET_SETTINGS = {
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "chat.disableAIFeatures": true,
  "chat.commandCenter.enabled": false,
  "git.enabled": false,
  "npm.fetchOnlinePackageInfo": false,
  "json.schemaDownload.enable": false,
  "typescript.disableAutomaticTypeAcquisition": true,
  "files.simpleDialog.enable": true,
  "files.autoSave": "off",
};

export interface WorkbenchOptions {
  /** Fills the folder that the workbench opens. */
  readonly prepare: (workspace: string) => Promise<void>;
  /** The folder to open, below the prepared one. */
  readonly folder?: string;
  /** High, because VS Code draws only the outputs that are in sight. */
  readonly viewport?: ViewportSize;
}

export class Workbench implements AsyncDisposable {
  readonly page: Page;
  readonly workspace: string;
  readonly #browser: Browser;
  readonly #server: ChildProcess;
  readonly #state: string;

  private constructor(page: Page, workspace: string, browser: Browser, server: ChildProcess, state: string) {
    this.page = page;
    this.workspace = workspace;
    this.#browser = browser;
    this.#server = server;
    this.#state = state;
  }

  /** Throws NoWorkbenchError where code-server or Chromium cannot be had. */
  static async start({
    prepare,
    folder = ".",
    viewport = { width: 1280, height: 1600 },
  }: WorkbenchOptions): Promise<Workbench> {
    const entry = await installCodeServer(ROOT);
    const { path: vsix } = await packageExtension(ROOT);
    const state = await mkdtemp(join(tmpdir(), "lectern-workbench-"));
    const workspace = join(state, "workspace");
    await mkdir(join(workspace, folder), { recursive: true });
    await mkdir(PICTURES, { recursive: true });
    await prepare(workspace);
    const { url, server } = await serve(entry, state, vsix, join(workspace, folder));
    const browser = await launchChromium();
    const page = await browser.newPage({ viewport });
    await page.goto(url);
    return new Workbench(page, workspace, browser, server, state);
  }

  /** Process ids of the kernels that our extension has running. */
  kernels(): number[] {
    const processes = execFileSync("ps", ["-eo", "pid,args"], { encoding: "utf8" }).split("\n");
    return processes.filter((line) => line.includes(this.#state) && line.includes("kernel.js")).map(Number.parseInt);
  }

  /** A command of the palette by its title, and what to choose in the list that it opens. */
  async command(title: string, choice?: string): Promise<void> {
    await this.page.keyboard.press("F1");
    await this.#choose(`>${title}`, title);
    if (choice !== undefined) await this.#choose(choice, choice);
  }

  async #choose(typed: string, label: string): Promise<void> {
    await this.page.locator(".quick-input-widget input").fill(typed);
    await this.page.locator(`.quick-input-list .monaco-list-row[aria-label^="${label}"]`).first().click();
  }

  /** out/test/workbench/NAME.png */
  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: join(PICTURES, `${name}.png`) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    await stop(this.#server);
    await rm(this.#state, { recursive: true, force: true });
  }
}

async function serve(entry: string, state: string, vsix: string, folder: string) {
  const userData = join(state, "user-data");
  const config = join(state, "config.yaml");
  await mkdir(join(userData, "User"), { recursive: true });
  await writeFile(join(userData, "User", "settings.json"), JSON.stringify(QUIET_SETTINGS));
  await writeFile(config, "auth: none\n");
  const { NODE_OPTIONS: _, PORT: __, ...inherited } = process.env;
  const home = { HOME: state, XDG_CONFIG_HOME: state, XDG_DATA_HOME: state };
  const env = { ...inherited, ...home, EXTENSIONS_GALLERY: '{"serviceUrl":""}' };
  const profile = ["--config", config, "--user-data-dir", userData, "--extensions-dir", join(state, "extensions")];
  execFileSync(process.execPath, [entry, ...profile, "--install-extension", vsix, "--force"], { env, stdio: "pipe" });

  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const log = openSync(join(state, "code-server.log"), "w");
  const quiet = ["--disable-telemetry", "--disable-update-check", "--disable-workspace-trust"];
  const start = ["--bind-addr", `127.0.0.1:${port}`, "--auth", "none", "--disable-getting-started-override"];
  // A process group of its own, so that extension hosts and kernels go with it.
  const server = spawn(process.execPath, [entry, ...profile, ...start, ...quiet, "--ignore-last-opened", folder], {
    env,
    stdio: ["ignore", log, log],
    detached: true,
  });
  await untilAnswers(`${url}/healthz`, "code-server", server);
  return { url: `${url}/?folder=${encodeURIComponent(folder)}`, server };
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.pid === undefined || server.exitCode !== null) return;
  const gone = new Promise((resolve) => server.once("exit", resolve));
  process.kill(-server.pid, "SIGTERM");
  const killing = setTimeout(() => process.kill(-server.pid!, "SIGKILL"), 8000);
  await gone;
  clearTimeout(killing);
}
