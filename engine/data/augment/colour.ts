// Augmentations that change values: noise, normalisation, and the colour jitter of AlexNet.

import { context } from "../../core/context.ts";
import { ArgumentError, ShapeError } from "../../core/errors.ts";
import { add, div, mul, sub } from "../../ops/functions/pointwise/pointwise.ts";
import { tensor } from "../../tensor/creation.ts";
import { scoped } from "../../tensor/scope.ts";
import { type Augmentation, sizesOf, within } from "./augmentation.ts";
import { type ColourComponents, imageNetColours } from "./colour-components.ts";

export interface NoiseOptions {
  /** Standard deviation, in the unit of the images. */
  readonly std: number;
  /** Default: 0. */
  readonly mean?: number;
}

/**
 * Adds normal noise to every value.
 *
 * @example
 * data.augment.gaussianNoise({ std: 0.1 })(zeros([1, 1, 4, 4])).shape; // [1, 1, 4, 4]
 */
export function gaussianNoise({ std, mean = 0 }: NoiseOptions): Augmentation {
  within("gaussianNoise", "std", std, 0);
  return (images, generator = context.generator) => {
    const shape = sizesOf("gaussianNoise", images);
    const noise = new Float32Array(shape.reduce((product, length) => product * length, 1));
    generator.fillNormal(noise, mean, std);
    return scoped(() => add(images, tensor(noise, { shape })));
  };
}

export interface NormalizeOptions {
  /** One for all channels, or one a channel. */
  readonly mean: number | readonly number[];
  /** One for all channels, or one a channel; not 0. */
  readonly std: number | readonly number[];
}

/**
 * (x - mean) / std, channel by channel. Not random. Throws ShapeError when there are not as many numbers as channels.
 *
 * @example
 * const normalize = data.augment.normalize({ mean: [0.5], std: [0.5] });
 * normalize(tensor([[[[0, 0.5, 1]]]])).flatten().toArraySync(); // [-1, 0, 1]
 */
export function normalize({ mean, std }: NormalizeOptions): Augmentation {
  if ([std].flat().some((value) => !(Math.abs(value) > 0))) {
    throw new ArgumentError("normalize", `std must not be 0, got ${[std].flat().join(", ")}`);
  }
  return (images) => {
    const [, channels] = sizesOf("normalize", images);
    const column = (name: string, value: number | readonly number[]) => {
      const values = [value].flat();
      if (values.length !== 1 && values.length !== channels) {
        throw new ShapeError("normalize", `${values.length} numbers for ${name}, ${channels} channels`, [images.shape]);
      }
      return tensor(values, { dtype: "float32" }).reshape(1, values.length, 1, 1);
    };
    return scoped(() => div(sub(images, column("mean", mean)), column("std", std)));
  };
}

export interface ColourPcaOptions {
  /** Standard deviation of the random factors. Default: 0.1. */
  readonly std?: number;
  /** Default: those of ImageNet, for values from 0 to 1; `colourComponents(images)` finds those of other images. */
  readonly components?: ColourComponents;
}

/**
 * Adds one colour to each image [N, 3, H, W]: the principal components of RGB, each times its eigenvalue and a random factor,
 * the same for all pixels. Changes intensity and colour of the light, as it changes in nature.
 *
 * A. Krizhevsky, I. Sutskever, G. E. Hinton, ImageNet Classification with Deep CNNs, 2012, section 4.1
 *
 * @example
 * data.augment.colourPca({ std: 0.1 })(zeros([2, 3, 8, 8])).shape; // [2, 3, 8, 8]
 */
export function colourPca({ std = 0.1, components = imageNetColours }: ColourPcaOptions = {}): Augmentation {
  within("colourPca", "std", std, 0);
  const { values, vectors } = components;
  return (images, generator = context.generator) => {
    const [count, channels] = sizesOf("colourPca", images);
    if (channels !== 3) throw ShapeError.of("colourPca", "expected three channels", { got: images.shape });
    const factors = new Float32Array(3 * count);
    generator.fillNormal(factors, 0, std);
    const colours = Float32Array.from({ length: 3 * count }, (_, at) => {
      const [image, channel] = [Math.floor(at / 3), at % 3];
      return values.reduce((sum, value, k) => sum + vectors[k]![channel]! * value * factors[3 * image + k]!, 0);
    });
    return scoped(() => add(images, tensor(colours, { shape: [count, 3, 1, 1] })));
  };
}

export interface BrightnessOptions {
  /** Each image is multiplied by a factor of 1 - amount … 1 + amount. */
  readonly amount: number;
}

/**
 * Makes each image darker or brighter, without clipping.
 *
 * @example
 * data.augment.randomBrightness({ amount: 0 })(ones([1, 1, 1, 2])).flatten().toArraySync(); // [1, 1]
 */
export function randomBrightness({ amount }: BrightnessOptions): Augmentation {
  within("randomBrightness", "amount", amount, 0);
  return (images, generator = context.generator) => {
    const [count] = sizesOf("randomBrightness", images);
    const factors = new Float32Array(count);
    generator.fillUniform(factors, 1 - amount, 1 + amount);
    return scoped(() => mul(images, tensor(factors, { shape: [count, 1, 1, 1] })));
  };
}
