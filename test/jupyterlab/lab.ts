// A real JupyterLab with a fresh profile, served on loopback and shown by a real browser, with our kernelspec in its venv.
// Starts and stops it, and does what a user does with mouse and keys.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Browser, Locator, Page } from "playwright-core";
import { launchChromium } from "../chromium.ts";
import { installKernel } from "../install-kernel.ts";
import { freePort, untilAnswers } from "../local-server.ts";
import { python } from "../python.ts";

/** Where screenshots go, for people to look at. */
const PICTURES = resolve("out/test/jupyterlab");
/** High: JupyterLab draws the cells that are in sight. */
const VIEWPORT = { width: 1280, height: 1600 };

/** Nothing that asks the network, or the user. */
const NO_NEWS = { disabledExtensions: { "@jupyterlab/apputils-extension:announcements": true } };

export class Lab implements AsyncDisposable {
  readonly page: Page;
  readonly #browser: Browser;
  readonly #server: ChildProcess;
  readonly #state: string;

  private constructor(page: Page, browser: Browser, server: ChildProcess, state: string) {
    this.page = page;
    this.#browser = browser;
    this.#server = server;
    this.#state = state;
  }

  /** Opens `notebook`, a file that `prepare` puts into the folder, and waits until its kernel is idle. */
  static async open(notebook: string, prepare: (folder: string) => Promise<void>): Promise<Lab> {
    installKernel();
    const state = await mkdtemp(join(tmpdir(), "lectern-jupyterlab-"));
    await mkdir(PICTURES, { recursive: true });
    await prepare(state);
    const { url, server } = await serve(state);
    const browser = await launchChromium();
    const page = await browser.newPage({ viewport: VIEWPORT });
    const lab = new Lab(page, browser, server, state);
    try {
      await page.goto(`${url}/lab/tree/${notebook}`);
      await lab.idle();
      return lab;
    } catch (error) {
      await lab.screenshot("failed: open");
      await lab[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Until the status bar says that the kernel has nothing to do. */
  async idle(): Promise<void> {
    await this.page.locator("#jp-main-statusbar", { hasText: "TypeScript (Lectern) | Idle" }).waitFor();
  }

  async menu(...labels: readonly string[]): Promise<void> {
    for (const name of labels) await this.page.getByRole("menuitem", { name, exact: true }).click();
  }

  get cells(): Locator {
    return this.page.locator(".jp-Notebook .jp-CodeCell");
  }

  /** `[3]:` of the code cells, as far as they have run. */
  async prompts(): Promise<string[]> {
    return this.cells.locator(".jp-InputPrompt").allTextContents();
  }

  /** Replaces the text of a code cell and leaves the cursor at its end. */
  async type(cell: number, code: string): Promise<void> {
    await this.cells.nth(cell).locator(".cm-content").click();
    await this.page.keyboard.press("Control+A");
    await this.page.keyboard.insertText(code);
  }

  /** Runs a code cell and returns its outputs as text, once it has a number. */
  async run(cell: number, code: string): Promise<string> {
    await this.start(cell, code);
    return this.finish(cell);
  }

  /** Runs a code cell and returns when it says `[*]:` or has another number than before. */
  async start(cell: number, code: string): Promise<void> {
    const before = (await this.prompts())[cell];
    await this.type(cell, code);
    await this.page.keyboard.press("Control+Enter");
    await this.#prompt(cell, (prompt) => prompt !== before);
  }

  /** Waits until a code cell has a number, and returns its outputs as text. */
  async finish(cell: number): Promise<string> {
    await this.#prompt(cell, (prompt) => /\[\d+\]/.test(prompt));
    return this.output(cell);
  }

  async #prompt(cell: number, isAsWanted: (prompt: string) => boolean): Promise<void> {
    for (const deadline = Date.now() + 30_000; Date.now() < deadline; await delay(20)) {
      if (isAsWanted((await this.prompts())[cell] ?? "")) return;
    }
    throw new Error(`cell ${cell} did not get its number within 30 s: ${await this.prompts()}`);
  }

  async output(cell: number): Promise<string> {
    return (await this.cells.nth(cell).locator(".jp-OutputArea-output").allTextContents()).join("\n").trim();
  }

  /** out/test/jupyterlab/NAME.png */
  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: join(PICTURES, `${name}.png`) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    const gone = new Promise((done) => this.#server.once("exit", done));
    this.#server.kill("SIGTERM");
    await gone;
    await rm(this.#state, { recursive: true, force: true });
  }
}

async function serve(state: string): Promise<{ url: string; server: ChildProcess }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const profile = ["CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR"].map((name) => [`JUPYTER_${name}`, join(state, `.${name}`)]);
  const lab = ["SETTINGS_DIR", "WORKSPACES_DIR"].map((name) => [`JUPYTERLAB_${name}`, join(state, `.${name}`)]);
  const env = { ...process.env, HOME: state, ...Object.fromEntries([...profile, ...lab]) };
  const options = [
    `--ServerApp.root_dir=${state}`,
    "--ServerApp.ip=127.0.0.1",
    `--ServerApp.port=${port}`,
    "--IdentityProvider.token=",
  ];
  await mkdir(join(state, ".CONFIG_DIR", "labconfig"), { recursive: true });
  await writeFile(join(state, ".CONFIG_DIR", "labconfig", "page_config.json"), JSON.stringify(NO_NEWS));
  const server = spawn(python, ["-m", "jupyterlab", "--no-browser", "--allow-root", ...options], {
    env,
    stdio: "ignore",
  });
  try {
    await untilAnswers(`${url}/api`, "JupyterLab", server);
  } catch (error) {
    server.kill();
    throw error;
  }
  return { url, server };
}
