// A notebook in the workbench as a user has it before the eyes: runs and stops cells, reads their state, their outputs and the
// figures that are drawn. Selectors of VS Code 1.139; outputs live in nested webview frames.

import type { Frame, Locator, Page } from "playwright-core";

export type CellStatus = "idle" | "pending" | "executing" | "success" | "error";

export interface CellState {
  readonly status: CellStatus;
  /** As shown: "[3]", "[ ]". */
  readonly order: string;
  /** As shown: "1.2s"; empty when the cell has not run. */
  readonly duration: string;
}

/** A figure as the browser has drawn it. */
export interface DrawnFigure {
  /** Points by trace. */
  readonly points: readonly number[];
  /** SVG paths of the curves: different when the picture is different. */
  readonly curves: readonly string[];
  /** Bitmaps of heat maps and images. */
  readonly bitmaps: number;
  readonly textColor: string;
  readonly width: number;
  readonly height: number;
  /** Whether something sticks out of the space that the output has. */
  readonly isClipped: boolean;
}

export class NotebookPage {
  readonly page: Page;
  readonly #cells: Locator;
  readonly #toolbar: Locator;

  private constructor(page: Page) {
    this.page = page;
    this.#cells = page.locator(".notebookOverlay .code-cell-row");
    this.#toolbar = page.locator(".notebook-toolbar-container");
  }

  /** Opens a file of the explorer; again, when it came up as JSON text because the extensions were not known yet. */
  static async open(page: Page, name: string): Promise<NotebookPage> {
    const notebook = new NotebookPage(page);
    const file = page.locator(".explorer-folders-view .monaco-list-row", { hasText: name });
    const asText = page.locator(".editor-instance > .monaco-editor");
    await file.waitFor({ timeout: 60_000 });
    for (let tries = 0; tries < 20; tries++) {
      await file.dblclick();
      await notebook.#cells.or(asText).first().waitFor({ timeout: 30_000 });
      if ((await notebook.#cells.count()) > 0) return notebook;
      await notebook.closeTab();
    }
    throw new Error(`${name} did not open as a notebook`);
  }

  /** The name in the kernel picker. */
  kernel(): Locator {
    return this.#toolbar.locator(".kernel-label");
  }

  /** What the status bar says about the device. */
  async device(): Promise<string> {
    const item = this.page.locator('.statusbar-item[id$="lectern.device"]');
    return ((await item.textContent(QUICKLY).catch(none)) ?? "").trim();
  }

  async runAll(): Promise<void> {
    await this.#toolbar.getByRole("button", { name: "Run All", exact: true }).click();
  }

  /** VS Code's Stop button. */
  async interrupt(): Promise<void> {
    await this.#toolbar.getByRole("button", { name: "Interrupt", exact: true }).click();
  }

  async restartKernel(): Promise<void> {
    await this.#toolbar.getByRole("button", { name: "Restart Kernel", exact: true }).click();
  }

  async run(index: number): Promise<void> {
    const cell = this.#cells.nth(index);
    await cell.hover();
    await cell.getByRole("button", { name: /^Execute Cell \(/ }).click();
  }

  /** Types at the end of a cell's text, as fingers do. */
  async type(index: number, text: string): Promise<void> {
    await this.#cells.nth(index).locator(".monaco-editor .view-lines").click();
    await this.page.keyboard.press("Control+End");
    await this.page.keyboard.type(text, { delay: 30 });
  }

  /** The text of a cell, as far as it is in sight. */
  async text(index: number): Promise<string> {
    const lines = await this.#cells.nth(index).locator(".monaco-editor .view-line").allTextContents();
    return lines.join("\n").replaceAll("\u00a0", " ");
  }

  /** Lets the pointer rest on a word of a cell. */
  async hoverWord(index: number, word: string): Promise<void> {
    await this.#cells.nth(index).locator(".monaco-editor .view-line span", { hasText: word }).last().hover();
  }

  /** Code cells in sight. */
  count(): Promise<number> {
    return this.#cells.count();
  }

  async states(): Promise<CellState[]> {
    return Promise.all(Array.from({ length: await this.count() }, (_, index) => this.state(index)));
  }

  async state(index: number): Promise<CellState> {
    const cell = this.#cells.nth(index);
    const classes =
      (await cell.locator(".cell-status-left .codicon").first().getAttribute("class", QUICKLY).catch(none)) ?? "";
    const order = (await cell.locator(".execution-count-label").textContent()) ?? "";
    const texts = await cell.locator(".cell-status-left .cell-status-item").allTextContents();
    return {
      status: (/codicon-notebook-state-(\w+)/.exec(classes)?.[1] ?? "idle") as CellStatus,
      order: order.trim(),
      duration: texts.find((text) => /^[\d.]+m?s|^\d+m/.test(text)) ?? "",
    };
  }

  /** What stands under the cells, cell by cell from top to bottom; cells without output have no entry. */
  async outputs(): Promise<string[]> {
    const texts = await this.#inOutputFrames((document) =>
      [...document.querySelectorAll<HTMLElement>(".cell_container")]
        .map((cell) => ({ top: cell.getBoundingClientRect().top, text: (cell.textContent ?? "").trim() }))
        .filter(({ text }) => text !== ""),
    );
    return texts.sort((a, b) => a.top - b.top).map(({ text }) => text);
  }

  /** The figures that are drawn at the moment, from top to bottom. */
  async figures(): Promise<DrawnFigure[]> {
    const figures = await this.#inOutputFrames((document) =>
      [...document.querySelectorAll<HTMLElement>(".js-plotly-plot")].map((plot) => {
        const { data = [] } = plot as { data?: readonly { y?: readonly unknown[] }[] };
        const { top, width, height } = plot.getBoundingClientRect();
        const space = plot.closest(".output_container")?.getBoundingClientRect();
        const text = plot.querySelector(".xtick text, .ytick text, .gtitle");
        return {
          top,
          points: data.map((trace) => trace.y?.length ?? 0),
          curves: [...plot.querySelectorAll(".scatterlayer path.js-line")].map((line) => line.getAttribute("d") ?? ""),
          bitmaps: plot.querySelectorAll(".heatmaplayer image, .imagelayer image").length,
          textColor: text ? getComputedStyle(text).fill : "",
          width,
          height,
          isClipped: space === undefined || width > space.width + 1 || height > space.height + 1,
        };
      }),
    );
    return figures.sort((a, b) => a.top - b.top);
  }

  /** Clicks a button of the first figure; without the pointer, for which Playwright would scroll VS Code's frames away. */
  async clickFigureButton(title: string): Promise<void> {
    const frame = await this.#frameWith(".js-plotly-plot");
    await frame.locator(`.modebar-btn[data-title="${title}"]`).first().dispatchEvent("click");
  }

  /** Scrolls the cells by so many pixels. */
  async scroll(pixels: number): Promise<void> {
    const { width = 0, height = 0 } = this.page.viewportSize() ?? {};
    await this.page.mouse.move(width * 0.6, height / 2);
    await this.page.mouse.wheel(0, pixels);
  }

  /** Closes the tab in front. */
  async closeTab(): Promise<void> {
    const name = await this.page.locator(".tab.active").getAttribute("data-resource-name");
    const tab = this.page.locator(`.tab[data-resource-name="${name}"]`);
    await tab.getByRole("button", { name: /^Close/ }).click();
    await tab.waitFor({ state: "detached" });
  }

  async save(): Promise<void> {
    await this.page.keyboard.press("Control+S");
    await this.page.locator(".tab.active.dirty").waitFor({ state: "detached" });
  }

  async #frameWith(selector: string): Promise<Frame> {
    for (const frame of this.page.frames()) {
      if ((await frame.locator(selector).count().catch(none)) ?? 0) return frame;
    }
    throw new Error(`no frame holds ${selector}`);
  }

  /** Runs in every frame of the page; frames come and go while we look. */
  async #inOutputFrames<T>(read: (document: Document) => T[]): Promise<T[]> {
    const found = this.page
      .frames()
      .map((frame) => frame.evaluate(`(${read})(document)`).catch(() => []) as Promise<T[]>);
    return (await Promise.all(found)).flat();
  }
}

const QUICKLY = { timeout: 200 };
const none = () => undefined;
