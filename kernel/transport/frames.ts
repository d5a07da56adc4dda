// Frames between kernel process and engine process: a 4-byte little-endian length, then JSON in UTF-8.
// Pipes cut and join what they carry; this puts it back together. It knows nothing of what the frames mean.

const HEADER_BYTES = 4;

export function encodeFrame(value: unknown): Buffer {
  const text = JSON.stringify(value);
  const length = Buffer.byteLength(text);
  const frame = Buffer.allocUnsafe(HEADER_BYTES + length);
  frame.writeUInt32LE(length, 0);
  frame.write(text, HEADER_BYTES);
  return frame;
}

/** Collects chunks and calls back once for every whole frame. */
export class FrameReader<Frame> {
  readonly #onFrame: (frame: Frame) => void;
  #chunks: Buffer[] = [];
  #size = 0;

  constructor(onFrame: (frame: Frame) => void) {
    this.#onFrame = onFrame;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    while (this.#size >= HEADER_BYTES) {
      const length = this.#peekLength();
      if (this.#size < HEADER_BYTES + length) return;
      const all = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
      const end = HEADER_BYTES + length;
      this.#chunks = end < all.length ? [all.subarray(end)] : [];
      this.#size -= end;
      this.#onFrame(JSON.parse(all.toString("utf8", HEADER_BYTES, end)) as Frame);
    }
  }

  #peekLength(): number {
    if (this.#chunks[0]!.length < HEADER_BYTES) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0]!.readUInt32LE(0);
  }
}
