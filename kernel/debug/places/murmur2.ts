// MurmurHash2, 32 bits: by it JupyterLab finds the cell that a debugger's path means, so both must agree to the bit.
// Source: Austin Appleby, https://github.com/aappleby/smhasher, MurmurHash2.cpp.

const MULTIPLIER = 0x5bd1e995;

/** Hash of the text in UTF-8, as an unsigned integer. */
export function murmur2(text: string, seed: number): number {
  const bytes = Buffer.from(text, "utf8");
  const wholeWords = bytes.length - (bytes.length % 4);
  let hash = seed ^ bytes.length;
  for (let at = 0; at < wholeWords; at += 4) {
    const word = Math.imul(bytes.readInt32LE(at), MULTIPLIER);
    hash = Math.imul(hash, MULTIPLIER) ^ Math.imul(word ^ (word >>> 24), MULTIPLIER);
  }
  if (wholeWords < bytes.length) {
    const rest = bytes.readUIntLE(wholeWords, bytes.length - wholeWords);
    hash = Math.imul(hash ^ rest, MULTIPLIER);
  }
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER);
  return (hash ^ (hash >>> 15)) >>> 0;
}
