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

/** Reads tensors by name; for `loadStateDict`. Throws FormatError for damaged files and for dtypes that the engine has not. */
export async function loadSafetensors(path: string): Promise<Record<string, Tensor>> {
  const { entries } = decodeSafetensors(await fileAccess("readFile", "loadSafetensors")(path));
  const tensors: Record<string, Tensor> = Object.create(null);
  for (const [name, entry] of entries) tensors[name] = toTensor(name, entry);
  return tensors;
}

function toTensor(name: string, { dtype, shape, bytes }: Entry): Tensor {
  // A copy, because the entry may start anywhere in the file, and typed arrays need multiples of their element size.
  const { buffer } = new Uint8Array(bytes);
  const values: TypedArray | undefined =
    dtype === "F32"
      ? new Float32Array(buffer)
      : dtype === "I32"
        ? new Int32Array(buffer)
        : dtype === "BOOL"
          ? new Uint8Array(buffer)
          : undefined;
  if (values === undefined) {
    throw new FormatError("loadSafetensors", `${name} has dtype ${dtype}; F32, I32 and BOOL can be loaded`);
  }
  return tensor(values, { shape, ...(dtype === "BOOL" && { dtype: "bool" }) });
}
