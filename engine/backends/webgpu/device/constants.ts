// Bits of WebGPU, which Node has no globals for. https://www.w3.org/TR/webgpu/#namespacedef-gpubufferusage

export const bufferUsage = {
  mapRead: 0x1,
  copySource: 0x4,
  copyDestination: 0x8,
  uniform: 0x40,
  storage: 0x80,
} as const;

export const mapForReading = 0x1;
export const computeStage = 0x4;
