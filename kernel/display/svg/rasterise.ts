// SVG → PNG with resvg (Rust compiled to WebAssembly) and our one font. The wasm and the font are read on the first picture.
// resvg has no system fonts here: the same picture comes out on every machine.

import type { Rasterise } from "../figure/figure.ts";
import type { ReadAsset } from "../host.ts";
import { FONT_FAMILY } from "./to-svg.ts";

const FONT_ASSET = "DejaVuSans-subset.ttf";

/** Two device pixels to a CSS pixel, so that a beamer shows sharp text. */
export const PIXEL_RATIO = 2;

export function createRasteriser(readAsset: ReadAsset): Rasterise {
  let loaded: Promise<(svg: string) => Uint8Array> | undefined;
  return async (svg) => {
    loaded ??= load(readAsset);
    return (await loaded)(svg);
  };
}

async function load(readAsset: ReadAsset): Promise<(svg: string) => Uint8Array> {
  const [resvg, wasm, font] = await Promise.all([
    import("@resvg/resvg-wasm"),
    readAsset("resvg.wasm"),
    readAsset(FONT_ASSET),
  ]);
  try {
    await resvg.initWasm(Uint8Array.from(wasm));
  } catch (error) {
    // The package keeps one instance per process and refuses a second; the first serves as well.
    if (!String(error).includes("Already initialized")) throw error;
  }
  return (svg) => {
    const drawing = new resvg.Resvg(svg, {
      fitTo: { mode: "zoom", value: PIXEL_RATIO },
      font: { fontBuffers: [font], defaultFontFamily: FONT_FAMILY },
    });
    const image = drawing.render();
    const png = image.asPng();
    image.free();
    drawing.free();
    return png;
  };
}
