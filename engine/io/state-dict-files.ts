// State dicts in safetensors files: PyTorch, and everything else that reads the format, loads them.

import { fileAccess } from "../core/context.ts";
import type { DType, TypedArray } from "../core/dtype.ts";
import { FormatError } from "../core/errors.ts";
import { tensor } from "../tensor/creation.ts";
import type { Tensor } from "../tensor/tensor.ts";
import {
  decodeSafetensors,
  type Entry,
  encodeSafetensors,
  type Metadata,
  type SafetensorsDtype,
} from "./safetensors.ts";

const dtypeNames = { float32: "F32", int32: "I32", bool: "BOOL" } as const satisfies Record<DType, SafetensorsDtype>;

/**
 * Writes tensors by name, for example a model's `stateDict()`. Load them in Python with
 * `safetensors.torch.load_file("lenet-5.safetensors")`.
 *
 * @example
 * const save = (model: nn.Module) => io.saveSafetensors("out/model.safetensors", model.stateDict());
 */
export async function saveSafetensors(
  path: string,
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Metadata = { format: "pt" },
): Promise<void> {
  const writeFile = fileAccess("writeFile", "saveSafetensors");
  const entries = new Map<string, Entry>();
  for (const [name, tensor] of Object.entries(tensors)) {
    const values = await tensor.data();
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    entries.set(name, { dtype: dtypeNames[tensor.dtype], shape: tensor.shape, bytes });
  }
  await writeFile(path, encodeSafetensors(entries, metadata));
}

/**
 * Reads tensors by name; for `loadStateDict`. float64 becomes float32, int64 and
 * uint8 become int32. Throws FormatError for damaged files, other dtypes and numbers that do not fit.
 *
 * @example
 * const load = async (model: nn.Module) => model.loadStateDict(await io.loadSafetensors("out/model.safetensors"));
 */
export async function loadSafetensors(path: string): Promise<Record<string, Tensor>> {
  const { entries } = decodeSafetensors(await fileAccess("readFile", "loadSafetensors")(path));
  const tensors: Record<string, Tensor> = Object.create(null);
  for (const [name, entry] of entries) tensors[name] = toTensor(name, entry);
  return tensors;
}

/** How the elements of each dtype become a tensor's; what is missing cannot be loaded. */
const readers: Partial<Record<SafetensorsDtype, (buffer: ArrayBuffer, name: string) => TypedArray>> = {
  F32: (buffer) => new Float32Array(buffer),
  F64: (buffer) => Float32Array.from(new Float64Array(buffer)),
  I32: (buffer) => new Int32Array(buffer),
  I64: (buffer, name) => Int32Array.from(new BigInt64Array(buffer), (value) => toInt32(value, name)),
  U8: (buffer) => Int32Array.from(new Uint8Array(buffer)),
  BOOL: (buffer) => new Uint8Array(buffer),
};

function toTensor(name: string, { dtype, shape, bytes }: Entry): Tensor {
  // A copy, because the entry may start anywhere in the file, and typed arrays need multiples of their element size.
  const { buffer } = new Uint8Array(bytes);
  const read = readers[dtype];
  if (read === undefined) {
    const known = Object.keys(readers).join(", ");
    throw new FormatError("loadSafetensors", `${name} has dtype ${dtype}; what can be loaded is ${known}`);
  }
  return tensor(read(buffer, name), { shape, ...(dtype === "BOOL" && { dtype: "bool" }) });
}

function toInt32(value: bigint, name: string): number {
  const number = Number(value);
  if (number === (number | 0)) return number;
  throw new FormatError("loadSafetensors", `${name} holds ${value}, which does not fit into int32`);
}
