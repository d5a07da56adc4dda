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
export { ConcatDataset, type RandomSplitOptions, randomSplit, Subset } from "./loading/subset.ts";
export { type ColumnNames, TabularDataset } from "./loading/tabular-dataset.ts";
export { TransformDataset } from "./loading/transform-dataset.ts";
export { type DigitsOptions, digits } from "./sets/digits.ts";
export { iris, penguins } from "./sets/flowers-and-penguins.ts";
export { type KarateClub, karateClub } from "./sets/karate-club.ts";
export { photo } from "./sets/photo.ts";
export { mobyDick, type NamesOptions, names } from "./sets/texts.ts";
export { type Co2, co2, type Sunspots, sunspots, WeatherDataset, weather } from "./sets/time-series.ts";
