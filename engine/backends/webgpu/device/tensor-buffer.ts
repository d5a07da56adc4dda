// The buffer behind a tensor: kernels read and write it, and it is copied from and to.

import { bufferUsage } from "./constants.ts";

const { storage, copySource, copyDestination } = bufferUsage;

export function createTensorBuffer(device: GPUDevice, size: number): GPUBuffer {
  return device.createBuffer({ size, usage: storage | copySource | copyDestination });
}
