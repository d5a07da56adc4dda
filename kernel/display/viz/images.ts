// A batch of images as a grid with captions. One bitmap in the figure, so that a hundred digits stay a few kilobytes.

import { encode } from "fast-png";
import { DisplayError } from "../display-error.ts";
import type { FigureSpec } from "../figure/figure.ts";
import { BASE_LAYOUT, titleOf } from "../figure/theme.ts";
import { extentOf, type Numbers, readNumbers, shapeOf } from "../numbers.ts";
import { textWidth } from "../svg/element.ts";
import { type TileGrid, tileAxes, tileGrid } from "./tile-grid.ts";

export interface ImagesOptions {
  readonly title?: string;
  /** One caption an image: numbers, texts, or a tensor of class numbers. */
  readonly labels?: Numbers | readonly string[];
  /** Images in a row; default 10, fewer when there are fewer. */
  readonly columns?: number;
  /** Values that are black and white. Default: 0..1 or 0..255 where the values fit, else their own extent. */
  readonly range?: readonly [black: number, white: number];
}

const MAX_IMAGES = 200;
const MAX_GRID_PX = 700;
const GAP_PX = 6;
const CAPTION_PX = 20;

/** @throws DisplayError unless the shape is [H, W], [N, H, W] or [N, C, H, W] with 1 or 3 channels. */
export function imagesSpec(images: Numbers, options: ImagesOptions = {}): Promise<FigureSpec> {
  const shape = shapeOf(images);
  const batch = shape.length === 2 ? [1, 1, ...shape] : shape.length === 3 ? [shape[0], 1, shape[1], shape[2]] : shape;
  const [count = 0, channels = 0, height = 0, width = 0] = batch as readonly number[];
  if (batch.length !== 4 || ![1, 3].includes(channels) || count * height * width === 0) {
    const hint = "channels come before height and width, 1 (grey) or 3 (red, green, blue) of them";
    throw new DisplayError("viz.images", "images [N, 1, H, W] or [N, 3, H, W]", `[${shape.join(", ")}]`, hint);
  }
  const labelCount = options.labels === undefined ? count : shapeOfLabels(options.labels);
  if (labelCount !== count) throw new DisplayError("viz.images", `${count} labels`, String(labelCount));
  return draw(images, { count, channels, height, width }, options);
}

function shapeOfLabels(labels: Numbers | readonly string[]): number {
  return isTexts(labels) ? labels.length : (shapeOf(labels)[0] ?? 0);
}

function isTexts(labels: Numbers | readonly string[]): labels is readonly string[] {
  return Array.isArray(labels) && labels.some((label) => typeof label === "string");
}

interface ImageSizes {
  readonly count: number;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

async function draw(images: Numbers, sizes: ImageSizes, options: ImagesOptions): Promise<FigureSpec> {
  const [{ values }, labels] = await Promise.all([readNumbers(images), readLabels(options.labels)]);
  const count = Math.min(sizes.count, MAX_IMAGES);
  const columns = Math.min(count, options.columns ?? 10);
  const tilePx = Math.min(sizes.count === 1 ? 240 : 64, Math.floor(MAX_GRID_PX / columns) - GAP_PX);
  const pixelPx = Math.max(1, tilePx / sizes.width);
  const gap = Math.max(1, Math.round(GAP_PX / pixelPx));
  const captionGap = labels.length > 0 ? Math.ceil(CAPTION_PX / pixelPx) : gap;
  const grid = tileGrid({
    tileWidth: sizes.width,
    tileHeight: sizes.height,
    columns,
    gap,
    spaceAbove: Array.from({ length: Math.ceil(count / columns) }, () => captionGap),
  });
  const range = options.range ?? greyRange(values);
  const png = encode({
    width: grid.width,
    height: grid.height,
    channels: 4,
    data: paint(values, { ...sizes, count }, grid, range),
  });
  const top = (options.title ? 40 : 8) + (labels.length > 0 ? CAPTION_PX : 4);
  const width = Math.max(24 + grid.width * pixelPx, options.title ? textWidth(options.title, 16) + 24 : 0);
  return {
    data: [
      { type: "image", source: `data:image/png;base64,${Buffer.from(png).toString("base64")}`, hoverinfo: "skip" },
    ],
    layout: {
      ...BASE_LAYOUT,
      ...(options.title ? { title: titleOf(options.title) } : {}),
      width,
      height: top + grid.height * pixelPx + 12,
      margin: { l: 12, r: width - 12 - grid.width * pixelPx, t: top, b: 12 },
      // The centre of pixel 0 is at 0, so the grid starts half a pixel before.
      ...tileAxes(grid, -0.5),
      annotations: labels.slice(0, count).map((text, index) => ({
        text,
        x: (grid.columnStarts[index % columns] as number) + sizes.width / 2 - 0.5,
        y: (grid.rowStarts[Math.floor(index / columns)] as number) - 0.5,
        xref: "x",
        yref: "y",
        xanchor: "center",
        yanchor: "bottom",
        yshift: 1,
        showarrow: false,
        font: { size: 12 },
      })),
      hovermode: false,
    },
    text: describe(sizes, labels, options.title),
  };
}

async function readLabels(labels: ImagesOptions["labels"]): Promise<readonly string[]> {
  if (labels === undefined) return [];
  return isTexts(labels) ? labels : Array.from((await readNumbers(labels)).values, String);
}

function greyRange(values: ArrayLike<number>): readonly [number, number] {
  const [min, max] = extentOf(values);
  if (min >= 0 && max <= 1) return [0, 1];
  if (min >= 0 && max <= 255) return [0, 255];
  return [min, max];
}

function paint(
  values: ArrayLike<number>,
  { count, channels, height, width }: ImageSizes,
  grid: TileGrid,
  [black, white]: readonly [number, number],
): Uint8Array {
  const rgba = new Uint8Array(grid.width * grid.height * 4);
  const scale = 255 / (white - black || 1);
  const columns = grid.columnStarts.length;
  for (let image = 0; image < count; image++) {
    const left = grid.columnStarts[image % columns] as number;
    const top = grid.rowStarts[Math.floor(image / columns)] as number;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const target = ((top + y) * grid.width + left + x) * 4;
        for (let color = 0; color < 3; color++) {
          const channel = channels === 3 ? color : 0;
          const value = values[((image * channels + channel) * height + y) * width + x] as number;
          rgba[target + color] = Math.max(0, Math.min(255, Math.round((value - black) * scale)));
        }
        rgba[target + 3] = 255;
      }
    }
  }
  return rgba;
}

function describe({ count, height, width }: ImageSizes, labels: readonly string[], title = "Images"): string {
  const shown = count > MAX_IMAGES ? `, showing ${MAX_IMAGES}` : "";
  const captions = labels.length > 0 ? `: ${labels.slice(0, 20).join(" ").replaceAll("<br>", " ")}` : "";
  return `${title}: ${count} of ${height} × ${width}${shown}${captions}`;
}
