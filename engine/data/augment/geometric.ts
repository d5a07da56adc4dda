// Augmentations that move pixels: shifts, flips, crops, rotations. What comes in from outside is black (0).

import { context } from "../../core/context.ts";
import { ArgumentError } from "../../core/errors.ts";
import { add, mul } from "../../ops/functions/pointwise/pointwise.ts";
import { tensor } from "../../tensor/creation.ts";
import { scoped } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type Augmentation, sizesOf, whole, within } from "./augmentation.ts";
import { type Place, resample } from "./resample.ts";

export interface ShiftOptions {
  /** The furthest shift in each direction, in pixels. */
  readonly pixels: number;
}

/**
 * Shifts each image by -pixels … pixels to the side and up or down, all shifts equally likely.
 *
 * @example
 * const dot = tensor([[0, 0, 0], [0, 1, 0], [0, 0, 0]]).reshape(1, 1, 3, 3);
 * data.augment.randomShift({ pixels: 1 })(dot).sum().itemSync(); // 1
 */
export function randomShift({ pixels }: ShiftOptions): Augmentation {
  const reach = whole("randomShift", "pixels", pixels);
  return (images, generator = context.generator) => {
    const [count, , height, width] = sizesOf("randomShift", images);
    const shifts = new Int32Array(2 * count);
    generator.fillIntegers(shifts, -reach, reach + 1);
    return resample(images, [height, width], (image) => moved(-shifts[2 * image]!, -shifts[2 * image + 1]!));
  };
}

export interface FlipOptions {
  /** How likely each image is mirrored. Default: 0.5. */
  readonly probability?: number;
}

/**
 * Mirrors each image left to right, or leaves it.
 *
 * @example
 * const row = tensor([[[[1, 2, 3]]]]);
 * data.augment.randomHorizontalFlip({ probability: 1 })(row).flatten().toArraySync(); // [3, 2, 1]
 */
export function randomHorizontalFlip({ probability = 0.5 }: FlipOptions = {}): Augmentation {
  within("randomHorizontalFlip", "probability", probability, 0, 1);
  return (images, generator = context.generator) => {
    const [, , height, width] = sizesOf("randomHorizontalFlip", images);
    const mirrored: Place = { row: (y) => y, column: (_, x) => width - 1 - x };
    return resample(images, [height, width], () => (generator.nextFloat() < probability ? mirrored : moved(0, 0)));
  };
}

export interface CropOptions {
  /** Edge length of the result in pixels, or [height, width]. */
  readonly size: number | readonly [number, number];
}

export interface RandomCropOptions extends CropOptions {
  /** Black pixels added on every side first. Default: 0. */
  readonly padding?: number;
}

/**
 * Cuts a window out of each image, all places equally likely: 256 → 224 gives 33 · 33 windows (Krizhevsky 2012 counts 32 · 32).
 * Throws ArgumentError when the window is larger than the padded image.
 *
 * @example
 * const crop = data.augment.randomCrop({ size: 28, padding: 2 });
 * crop(zeros([64, 1, 28, 28])).shape; // [64, 1, 28, 28]
 */
export function randomCrop({ size, padding = 0 }: RandomCropOptions): Augmentation {
  const border = whole("randomCrop", "padding", padding);
  return (images, generator = context.generator) => {
    const { window, room } = windowIn("randomCrop", images, size, border);
    return resample(images, window, () => {
      const top = generator.nextUint32() % (room[0] + 1);
      const left = generator.nextUint32() % (room[1] + 1);
      return moved(top - border, left - border);
    });
  };
}

/**
 * Cuts the middle out of each image: what is shown to the network when it is tested.
 *
 * @example
 * data.augment.centreCrop({ size: 1 })(arange(9).to("float32").reshape(1, 1, 3, 3)).itemSync(); // 4
 */
export function centreCrop({ size }: CropOptions): Augmentation {
  return (images) => {
    const { window, room } = windowIn("centreCrop", images, size, 0);
    return resample(images, window, () => moved(Math.floor(room[0] / 2), Math.floor(room[1] / 2)));
  };
}

export interface RotationOptions {
  /** The furthest turn in either direction. */
  readonly degrees: number;
}

/**
 * Turns each image about its middle by -degrees … degrees, positive angles counter-clockwise, blended from four pixels
 * (bilinear).
 *
 * @example
 * data.augment.randomRotation({ degrees: 15 })(ones([2, 1, 8, 8])).shape; // [2, 1, 8, 8]
 */
export function randomRotation({ degrees }: RotationOptions): Augmentation {
  within("randomRotation", "degrees", degrees, 0, 180);
  return (images, generator = context.generator) => {
    const [count, , height, width] = sizesOf("randomRotation", images);
    const angles = Float32Array.from(
      { length: count },
      () => ((generator.nextFloat() * 2 - 1) * degrees * Math.PI) / 180,
    );
    return scoped(() => {
      const corners = [0, 1].flatMap((down) =>
        [0, 1].map((right) => corner(images, angles, height, width, down, right)),
      );
      return corners.reduce((sum, part) => add(sum, part));
    });
  };
}

/** One of the four pixels around each source place, times its share. */
function corner(
  images: Tensor,
  angles: Float32Array,
  height: number,
  width: number,
  down: number,
  right: number,
): Tensor {
  const shares = new Float32Array(angles.length * height * width);
  const middleY = (height - 1) / 2;
  const middleX = (width - 1) / 2;
  // Rounded, so that a turn by nothing or by 90° takes whole pixels.
  const rounded = (value: number) => Math.round(value * 1e6) / 1e6;
  const places = Array.from(angles, (angle, image) => {
    const cos = Math.cos(angle);
    const sin = Math.sin(angle);
    const row = (y: number, x: number) => rounded(middleY + cos * (y - middleY) + sin * (x - middleX));
    const column = (y: number, x: number) => rounded(middleX - sin * (y - middleY) + cos * (x - middleX));
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const below = row(y, x) % 1;
        const beside = column(y, x) % 1;
        const share = shareOf(below, down) * shareOf(beside, right);
        shares[(image * height + y) * width + x] = share;
      }
    }
    return {
      row: (y: number, x: number) => Math.floor(row(y, x)) + down,
      column: (y: number, x: number) => Math.floor(column(y, x)) + right,
    };
  });
  const parts = resample(images, [height, width], (image) => places[image]!);
  return mul(parts, tensor(shares, { shape: [angles.length, 1, height, width] }));
}

/** The share of the near (0) or the far (1) neighbour at a fractional distance; negative places count from below. */
const shareOf = (fraction: number, far: number): number => {
  const distance = fraction < 0 ? fraction + 1 : fraction;
  return far ? distance : 1 - distance;
};

const moved = (down: number, right: number): Place => ({ row: (y) => y + down, column: (_, x) => x + right });

function windowIn(op: string, images: Tensor, size: CropOptions["size"], padding: number) {
  const [, , height, width] = sizesOf(op, images);
  const window = typeof size === "number" ? ([size, size] as const) : size;
  for (const length of window) whole(op, "size", length, 1);
  const room = [height + 2 * padding - window[0], width + 2 * padding - window[1]] as const;
  if (room[0] < 0 || room[1] < 0) {
    const padded = padding > 0 ? ` with padding ${padding}` : "";
    throw new ArgumentError(op, `a window of ${window.join(" x ")} does not fit into ${height} x ${width}${padded}`);
  }
  return { window, room };
}
