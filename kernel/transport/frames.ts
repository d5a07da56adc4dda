// Frames between kernel process and engine process: two 4-byte little-endian lengths, of JSON and of binary data, then the JSON in
// UTF-8, then the buffers, each behind its own length. Pipes cut and join what they carry; this puts it back together. It knows
// nothing of what the frames mean.

const LENGTH_BYTES = 4;
const HEADER_BYTES = 2 * LENGTH_BYTES;

export function encodeFrame(value: unknown, buffers: readonly Uint8Array[] = []): Buffer {
  const text = JSON.stringify(value);
  const jsonBytes = Buffer.byteLength(text);
  const binaryBytes = buffers.reduce((sum, { byteLength }) => sum + LENGTH_BYTES + byteLength, 0);
  const frame = Buffer.allocUnsafe(HEADER_BYTES + jsonBytes + binaryBytes);
  frame.writeUInt32LE(jsonBytes, 0);
  frame.writeUInt32LE(binaryBytes, LENGTH_BYTES);
  frame.write(text, HEADER_BYTES);
  let at = HEADER_BYTES + jsonBytes;
  for (const buffer of buffers) {
    at = frame.writeUInt32LE(buffer.byteLength, at);
    frame.set(buffer, at);
    at += buffer.byteLength;
  }
  return frame;
}

/** Collects chunks and calls back once for every whole frame. */
export class FrameReader<Frame> {
  readonly #onFrame: (frame: Frame, buffers: readonly Uint8Array[]) => void;
  #chunks: Buffer[] = [];
  #size = 0;

  constructor(onFrame: (frame: Frame, buffers: readonly Uint8Array[]) => void) {
    this.#onFrame = onFrame;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    while (this.#size >= HEADER_BYTES) {
      const [jsonBytes, binaryBytes] = this.#peekLengths();
      const jsonEnd = HEADER_BYTES + jsonBytes;
      const end = jsonEnd + binaryBytes;
      if (this.#size < end) return;
      const all = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
      this.#chunks = end < all.length ? [all.subarray(end)] : [];
      this.#size -= end;
      const frame = JSON.parse(all.toString("utf8", HEADER_BYTES, jsonEnd)) as Frame;
      this.#onFrame(frame, copyBuffers(all.subarray(jsonEnd, end)));
    }
  }

  #peekLengths(): readonly [number, number] {
    if (this.#chunks[0]!.length < HEADER_BYTES) this.#chunks = [Buffer.concat(this.#chunks)];
    const [first] = this.#chunks;
    return [first!.readUInt32LE(0), first!.readUInt32LE(LENGTH_BYTES)];
  }
}

/** Copies: whoever gets the buffers may lay numbers of any size over them, and hand them to another thread. */
function copyBuffers(bytes: Buffer): Uint8Array[] {
  const buffers: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const start = at + LENGTH_BYTES;
    at = start + bytes.readUInt32LE(at);
    buffers.push(new Uint8Array(bytes.subarray(start, at)));
  }
  return buffers;
}
