// `data.augment`: random changes to batches of images, for a TransformDataset or by hand.

export { type Augmentation, compose } from "./augmentation.ts";
export {
  type BrightnessOptions,
  type ColourPcaOptions,
  colourPca,
  gaussianNoise,
  type NoiseOptions,
  type NormalizeOptions,
  normalize,
  randomBrightness,
} from "./colour.ts";
export { type ColourComponents, colourComponents, imageNetColours } from "./colour-components.ts";
export {
  type CropOptions,
  centreCrop,
  type FlipOptions,
  type RandomCropOptions,
  type RotationOptions,
  randomCrop,
  randomHorizontalFlip,
  randomRotation,
  randomShift,
  type ShiftOptions,
} from "./geometric.ts";
