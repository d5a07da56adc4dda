// `data`: data sets, loaders, augmentation, and what comes before them.

export * as augment from "./augment/index.ts";
export { cifar10 } from "./download/cifar10.ts";
export type { DownloadOptions } from "./download/download.ts";
export { ImageDataset, type ImageDatasetOptions } from "./download/image-dataset.ts";
export { fashionMnist, type ImageSetOptions, mnist } from "./download/mnist.ts";
export { DownloadError, type RemoteFile } from "./download/remote-file.ts";
export { tinyShakespeare } from "./download/tiny-shakespeare.ts";
export { DataLoader, type DataLoaderOptions } from "./loading/data-loader.ts";
export { type Dataset, type IterableDataset, type Sample, TensorDataset } from "./loading/dataset.ts";
export { type ClassNames, type ColumnNames, LabelledDataset, TabularDataset } from "./loading/labelled-dataset.ts";
export { ConcatDataset, type RandomSplitOptions, randomSplit, Subset } from "./loading/subset.ts";
export { TransformDataset } from "./loading/transform-dataset.ts";
export { CharVocabulary } from "./prepare/char-vocabulary.ts";
export { normaliser, Scaler, standardiser } from "./prepare/scaler.ts";
export { nextTokens, type WindowsOptions, windows } from "./prepare/windows.ts";
export { type GateName, type LogicGateOptions, logicGate } from "./procedural/logic-gate.ts";
export { type MovingSquareOptions, movingSquare } from "./procedural/moving-square.ts";
export type { SampleOptions } from "./procedural/options.ts";
export {
  type BlobsOptions,
  type CheckerboardOptions,
  type CirclesOptions,
  checkerboard,
  circles,
  gaussianBlobs,
  moons,
  type PointsOptions,
  type SpiralsOptions,
  spirals,
  xnor,
  xor,
} from "./procedural/points.ts";
export {
  DnaDataset,
  type DnaOptions,
  dnaMotifs,
  type RecallOptions,
  type ReverseOptions,
  recall,
  reverseDigits,
  type SineOptions,
  sine,
} from "./procedural/sequences.ts";
export { strokeDigits } from "./procedural/stroke-digits.ts";
export { type DigitsOptions, digits } from "./sets/digits.ts";
export { iris, penguins } from "./sets/flowers-and-penguins.ts";
export { type KarateClub, karateClub } from "./sets/karate-club.ts";
export { photo } from "./sets/photo.ts";
export { mobyDick, type NamesOptions, names } from "./sets/texts.ts";
export { type Co2, co2, type Sunspots, sunspots, WeatherDataset, weather } from "./sets/time-series.ts";
