// The ops on images and sequences under one name, for those who use several: convolution, pooling, patches, resizing.

export * from "./convolution.ts";
export * from "./patches.ts";
export * from "./pooling.ts";
export * from "./resize.ts";
