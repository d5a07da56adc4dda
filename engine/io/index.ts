// `io`: tensors in files.

export { decodeSafetensors, encodeSafetensors } from "./safetensors.ts";
export { loadSafetensors, saveSafetensors } from "./state-dict-files.ts";
