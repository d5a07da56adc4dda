// The safetensors format: encode and decode, with every check of the reference reader. Knows bytes, not tensors or files.
// https://github.com/huggingface/safetensors (format and safetensors/src/tensor.rs)

import { FormatError } from "../core/errors.ts";
import { type Shape, sizeOf } from "../core/shape.ts";

const bytesPerElement = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E5M2: 1,
  F8_E4M3: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  F64: 8,
  I64: 8,
  U64: 8,
} as const;

export type SafetensorsDtype = keyof typeof bytesPerElement;

/** One entry: row-major, little-endian elements. */
export interface Entry {
  readonly dtype: SafetensorsDtype;
  readonly shape: Shape;
  readonly bytes: Uint8Array;
}

export type Metadata = Readonly<Record<string, string>>;

export interface Contents {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly metadata: Metadata;
}

const lengthBytes = 8;
const maxHeaderBytes = 100_000_000;
const metadataKey = "__metadata__";

/**
 * The file as bytes. Entries are laid out as the reference writer does: wide elements first, then by name.
 *
 * @example
 * const entry = { dtype: "I32", shape: [1], bytes: new Uint8Array([7, 0, 0, 0]) } as const;
 * const file = io.encodeSafetensors(new Map([["seven", entry]]));
 * file.length % 4; // 0
 */
export function encodeSafetensors(entries: ReadonlyMap<string, Entry>, metadata: Metadata = {}): Uint8Array {
  const ordered = [...entries].sort(
    ([nameA, a], [nameB, b]) => bytesPerElement[b.dtype] - bytesPerElement[a.dtype] || (nameA < nameB ? -1 : 1),
  );
  const header: [string, unknown][] = Object.keys(metadata).length > 0 ? [[metadataKey, metadata]] : [];
  let end = 0;
  for (const [name, { dtype, shape, bytes }] of ordered) {
    if (name === metadataKey) throw new FormatError("safetensors", `a tensor cannot be named ${metadataKey}`);
    header.push([name, { dtype, shape, data_offsets: [end, end + bytes.length] }]);
    end += bytes.length;
  }
  // Object.fromEntries would move names that look like numbers to the front.
  const json = `{${header.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",")}}`;
  const text = new TextEncoder().encode(json);
  const headerBytes = Math.ceil(text.length / lengthBytes) * lengthBytes;
  const file = new Uint8Array(lengthBytes + headerBytes + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.fill(0x20, lengthBytes, lengthBytes + headerBytes);
  file.set(text, lengthBytes);
  let at = lengthBytes + headerBytes;
  for (const [, { bytes }] of ordered) {
    file.set(bytes, at);
    at += bytes.length;
  }
  return file;
}

/**
 * Reads a file; every size is checked before anything is made of it. Entries are views of `file`.
 *
 * @example
 * const entry = { dtype: "U8", shape: [2], bytes: new Uint8Array([1, 2]) } as const;
 * const { entries } = io.decodeSafetensors(io.encodeSafetensors(new Map([["x", entry]])));
 * entries.get("x")!.shape; // [2]
 */
export function decodeSafetensors(file: Uint8Array): Contents {
  if (file.length < lengthBytes) throw invalid(`the file has ${file.length} bytes, the header's length alone takes 8`);
  const announced = new DataView(file.buffer, file.byteOffset, file.byteLength).getBigUint64(0, true);
  if (announced > BigInt(maxHeaderBytes))
    throw invalid(`a header of ${announced} bytes is more than ${maxHeaderBytes}`);
  const start = lengthBytes + Number(announced);
  if (start > file.length) throw invalid(`a header of ${announced} bytes does not fit into ${file.length} bytes`);
  const { metadata, records } = readHeader(file.subarray(lengthBytes, start));
  const data = file.subarray(start);
  const entries = new Map<string, Entry>();
  let end = 0;
  for (const { name, dtype, shape, begin, stop } of records.sort((a, b) => a.begin - b.begin || a.stop - b.stop)) {
    if (begin !== end) throw invalid(`${name} starts at ${begin}, but the one before ends at ${end}`);
    if (stop - begin !== sizeOf(shape) * bytesPerElement[dtype]) {
      throw invalid(`${name} of ${dtype} [${shape.join(", ")}] does not take ${stop - begin} bytes`);
    }
    if (stop > data.length) throw invalid(`${name} ends at ${stop}, the data has ${data.length} bytes`);
    entries.set(name, { dtype, shape, bytes: data.subarray(begin, stop) });
    end = stop;
  }
  if (end !== data.length) throw invalid(`${data.length - end} bytes at the end belong to no tensor`);
  return { entries, metadata };
}

interface TensorRecord {
  readonly name: string;
  readonly dtype: SafetensorsDtype;
  readonly shape: Shape;
  readonly begin: number;
  readonly stop: number;
}

function readHeader(bytes: Uint8Array): { metadata: Metadata; records: TensorRecord[] } {
  if (bytes[0] !== 0x7b) throw invalid("the header does not start with {");
  const header = parseJson(bytes);
  const records: TensorRecord[] = [];
  let metadata: Metadata = {};
  for (const [name, value] of Object.entries(header)) {
    if (name === metadataKey) metadata = checkMetadata(value);
    else records.push(checkRecord(name, value));
  }
  return { metadata, records };
}

function parseJson(bytes: Uint8Array): object {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as object;
  } catch (error) {
    throw invalid(`the header is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function checkMetadata(value: unknown): Metadata {
  if (isObject(value) && Object.values(value).every((text) => typeof text === "string")) return value as Metadata;
  throw invalid(`${metadataKey} must map strings to strings`);
}

function checkRecord(name: string, value: unknown): TensorRecord {
  if (!isObject(value)) throw invalid(`${name} is not described by an object`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== "string" || !Object.hasOwn(bytesPerElement, dtype))
    throw invalid(`${name} has dtype ${String(dtype)}`);
  if (!isSizes(shape) || !Number.isSafeInteger(sizeOf(shape))) throw invalid(`${name} has no valid shape`);
  if (!isSizes(offsets) || offsets.length !== 2) throw invalid(`${name} has no valid data_offsets`);
  const [begin, stop] = offsets as [number, number];
  if (stop < begin) throw invalid(`${name} ends at ${stop}, before its start at ${begin}`);
  return { name, dtype: dtype as SafetensorsDtype, shape, begin, stop };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function invalid(problem: string): FormatError {
  return new FormatError("safetensors", problem);
}
