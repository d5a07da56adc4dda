// The browser in which VS Code and JupyterLab run for the tests: Debian's Chromium, headless.

import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import { aptInstall } from "./python.ts";

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
];

/** Returns why there is no browser, or undefined when there is one. */
export async function ensureChromium(): Promise<string | undefined> {
  if (existsSync(executablePath) || (aptInstall("chromium") && existsSync(executablePath))) return undefined;
  return `${executablePath} is missing: install chromium, or name one in the variable CHROMIUM`;
}

export const launchChromium = (): Promise<Browser> => chromium.launch({ executablePath, args: FLAGS });
