// `data`: data sets and loaders.

export { DataLoader, type DataLoaderOptions } from "./data-loader.ts";
export { type Dataset, randomSplit, type Sample, Subset, TensorDataset } from "./dataset.ts";
export { type DigitsOptions, digits } from "./digits.ts";
