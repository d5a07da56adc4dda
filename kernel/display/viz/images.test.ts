import { decode } from "fast-png";
import { expect, test } from "vitest";
import type { ImageTrace } from "../figure/plotly.ts";
import { tensor } from "../test-host.ts";
import { imagesSpec } from "./images.ts";

function bitmapSize(trace: unknown) {
  return decode(Buffer.from((trace as ImageTrace).source.split(",")[1] ?? "", "base64"));
}

test("a batch is one bitmap that fills the axes exactly", async () => {
  const { data, layout } = await imagesSpec(
    tensor([7, 1, 8, 8], () => 0.5),
    { columns: 4 },
  );
  const { width, height } = bitmapSize(data[0]);
  expect(layout.xaxis.range).toEqual([-0.5, width - 0.5]);
  expect(layout.yaxis.range).toEqual([height - 0.5, -0.5]);
});

test("captions stand above their images", async () => {
  const { layout } = await imagesSpec(
    tensor([3, 1, 8, 8], () => 0),
    { labels: ["a", "b", "c"], columns: 2 },
  );
  expect(layout.annotations?.map(({ text }) => text)).toEqual(["a", "b", "c"]);
  const [a, b, c] = layout.annotations ?? [];
  expect(a?.y).toBe(b?.y);
  expect(a?.x).toBe(c?.x);
  expect(c?.y).toBeGreaterThan((a?.y ?? 0) + 8);
});

test("a hundred digits stay below 60 KB", async () => {
  const spec = await imagesSpec(tensor([100, 1, 32, 32], (index) => Math.abs(Math.sin(index * 0.01))));
  expect(JSON.stringify(spec.data).length).toBeLessThan(60_000);
});

test("a single image and coloured images are images too", async () => {
  await expect(imagesSpec(tensor([28, 28], () => 1))).resolves.toMatchObject({ text: "Images: 1 of 28 × 28" });
  await expect(imagesSpec(tensor([2, 3, 8, 8], () => 1))).resolves.toBeDefined();
});

test("other shapes and the wrong number of labels are refused at once", () => {
  expect(() => imagesSpec(tensor([2, 4, 8, 8], () => 0))).toThrow("expected images [N, 1, H, W]");
  expect(() =>
    imagesSpec(
      tensor([2, 1, 8, 8], () => 0),
      { labels: [1, 2, 3] },
    ),
  ).toThrow("expected 2 labels, got 3");
});
