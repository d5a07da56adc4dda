// A figure: one Plotly spec, shown three ways (Plotly JSON, PNG drawn by us, a line of text). The spec may still be on its
// way, because tensors are read asynchronously; reading starts when the figure is made, so it shows the values of that moment.
// It does not know what it shows: viz/ and training/ make the specs.

import { type MimeBundle, PLOTLY_MIME } from "#protocol";
import { DISPLAY, type Displayable } from "../mime-bundle.ts";
import { toSvg } from "../svg/to-svg.ts";
import type { PlotlyFigure } from "./plotly.ts";

/** SVG text → PNG bytes. */
export type Rasterise = (svg: string) => Promise<Uint8Array>;

/** A Plotly spec and what to say where no picture can be drawn. */
export interface FigureSpec extends PlotlyFigure {
  readonly text: string;
}

export class Figure implements Displayable {
  readonly #spec: Promise<FigureSpec>;
  readonly #rasterise: Rasterise;

  constructor(spec: FigureSpec | Promise<FigureSpec>, rasterise: Rasterise) {
    this.#spec = Promise.resolve(spec);
    this.#rasterise = rasterise;
    // Nobody may look at this figure; whoever does gets the error.
    this.#spec.catch(() => {});
  }

  /** The figure as Plotly draws it, for example to change the layout and show it with `display.raw`. */
  async toPlotly(): Promise<PlotlyFigure> {
    const { data, layout } = await this.#spec;
    return { data, layout };
  }

  /** The same picture as SVG text, to keep: `writeFileSync("filters.svg", await figure.toSvg())`. */
  async toSvg(): Promise<string> {
    return toSvg(await this.#spec);
  }

  async toPng(): Promise<Uint8Array> {
    return this.#rasterise(await this.toSvg());
  }

  async [DISPLAY](): Promise<MimeBundle> {
    const { data, layout, text } = await this.#spec;
    return {
      [PLOTLY_MIME]: { data, layout },
      "image/png": Buffer.from(await this.toPng()).toString("base64"),
      "text/plain": text,
    };
  }
}
