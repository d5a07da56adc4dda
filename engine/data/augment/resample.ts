// Pixels moved to other places: the op under every geometric augmentation. Where a pixel comes from is worked out here in
// JavaScript, the pixels themselves move on the backend (one gather), so that nothing is read back from a GPU.

import { gather } from "../../ops/functions/indexing/indexing.ts";
import { expand, pad, reshape } from "../../ops/functions/movement/movement.ts";
import { tensor } from "../../tensor/creation.ts";
import { scoped } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** For a pixel of the result, the row and column that it is taken from; outside of the image is black. */
export interface Place {
  row(y: number, x: number): number;
  column(y: number, x: number): number;
}

/** New images [N, C, height, width], each pixel from the place that `placeOf` its image says. */
export function resample(
  images: Tensor,
  [height, width]: readonly [number, number],
  placeOf: (image: number) => Place,
): Tensor {
  const [count, channels, rows, columns] = images.shape as readonly number[] as [number, number, number, number];
  const black = rows * columns;
  const sources = new Int32Array(count * height * width);
  let at = 0;
  for (let image = 0; image < count; image++) {
    const place = placeOf(image);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const row = place.row(y, x);
        const column = place.column(y, x);
        const inside = row >= 0 && row < rows && column >= 0 && column < columns;
        sources[at++] = inside ? row * columns + column : black;
      }
    }
  }
  return scoped(() => {
    const pixels = pad(reshape(images, [count, channels, black]), [0, 1]);
    const index = tensor(sources, { shape: [count, 1, height * width] });
    const moved = gather(pixels, 2, expand(index, [count, channels, height * width]));
    return reshape(moved, [count, channels, height, width]);
  });
}
