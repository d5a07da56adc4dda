// One figure on the page: draws it, and draws it again in place when the figure, the width or the theme changes. Drawings
// never overlap; of several changes during a drawing only the last is drawn.

import type * as Plotly from "plotly.js";
import { type Figure, fitTo, marginOf } from "./figure.ts";
import { savePngButton } from "./save-png.ts";
import { currentTheme, withTheme } from "./theme.ts";

type PlotlyApi = Pick<typeof Plotly, "react" | "purge" | "downloadImage" | "Icons">;

export class FigureView {
  readonly element: HTMLElement;
  readonly #plotly: PlotlyApi;
  readonly #plot = document.createElement("div");
  readonly #resized: ResizeObserver;
  /** One object for all drawings: on another one Plotly would start over instead of updating in place. */
  readonly #config: Partial<Plotly.Config>;
  #figure: Figure | undefined;
  #drawnWidth = 0;
  #drawing: Promise<void> | undefined;
  #stale = false;

  constructor(element: HTMLElement, plotly: PlotlyApi) {
    this.element = element;
    this.#plotly = plotly;
    this.#config = { displaylogo: false, modeBarButtons: [[savePngButton(plotly, () => this.#figure)]] };
    element.replaceChildren(this.#plot);
    this.#resized = new ResizeObserver(() => {
      if (element.clientWidth !== this.#drawnWidth) this.redraw();
    });
    this.#resized.observe(element);
  }

  async show(figure: Figure): Promise<void> {
    this.#figure = figure;
    await this.#draw();
  }

  redraw(): void {
    this.#draw().catch((error) => console.error("Lectern: a figure was not drawn", error));
  }

  dispose(): void {
    this.#figure = undefined;
    this.#resized.disconnect();
    this.#plotly.purge(this.#plot);
  }

  #draw(): Promise<void> {
    this.#stale = true;
    this.#drawing ??= this.#drawUntilFresh().finally(() => {
      this.#drawing = undefined;
    });
    return this.#drawing;
  }

  async #drawUntilFresh(): Promise<void> {
    while (this.#stale) {
      this.#stale = false;
      const width = this.element.clientWidth;
      // Without a width the output is folded away; the observer calls again when it is unfolded.
      if (!this.#figure || width === 0) return;
      this.#drawnWidth = width;
      const { data, layout } = this.#figure;
      const drawn: Partial<Plotly.Layout> = {
        uirevision: "kept", // zoom and hidden traces survive the updates of a live chart
        ...withTheme(layout, currentTheme()),
        ...fitTo(layout, width),
        margin: marginOf(layout),
        autosize: false,
      };
      await this.#plotly.react(this.#plot, data, drawn, this.#config);
    }
  }
}
