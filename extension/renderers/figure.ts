// A Plotly figure as it comes out of a notebook: foreign data, checked before anything is drawn, and fitted to the space there
// is. Knows nothing of the page and of Plotly's code.

import type { Data, Layout } from "plotly.js";

export interface Figure {
  readonly data: Data[];
  readonly layout: Partial<Layout>;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const DEFAULT_HEIGHT = 380;
/** Plotly's own leave more space than picture; room for a title comes on top. */
const MARGIN = { l: 64, r: 24, t: 32, b: 56 };
const TITLE_HEIGHT = 32;
/** A figure that does not say how wide it is stops growing here: a curve over a whole wide screen is hard to read. */
const MAX_WIDTH = 960;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Content of the MIME type `application/vnd.plotly.v1+json`; throws when it is none. */
export function readFigure(json: unknown): Figure {
  if (!isObject(json) || !Array.isArray(json.data) || !json.data.every(isObject)) {
    throw new Error("Expected { data: [trace, …], layout: { … } }.");
  }
  if (json.layout !== undefined && !isObject(json.layout)) throw new Error("Expected layout to be an object.");
  return { data: json.data as Data[], layout: (json.layout ?? {}) as Partial<Layout> };
}

/** The figure's own margins, or some that suit the narrow column of a notebook. */
export function marginOf({ title, margin }: Partial<Layout>): NonNullable<Layout["margin"]> {
  return { ...MARGIN, t: MARGIN.t + (title ? TITLE_HEIGHT : 0), ...margin };
}

/** The figure's own size, shrunk in proportion where it is wider than the space; without a width it takes the space. */
export function fitTo({ width, height }: Partial<Size>, availableWidth: number): Size {
  if (width === undefined) return { width: Math.min(availableWidth, MAX_WIDTH), height: height ?? DEFAULT_HEIGHT };
  const scale = Math.min(1, availableWidth / width);
  return { width: Math.round(width * scale), height: Math.round((height ?? DEFAULT_HEIGHT) * scale) };
}
