// Numbers and lists as bytes of the WebAssembly binary format: https://webassembly.github.io/spec/core/binary/values.html

/** LEB128 of a number ≥ 0. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  bytes.push(rest);
  return bytes;
}

/** LEB128 of an integer of 32 bits, either sign. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const byte = rest & 0x7f;
    rest >>= 7;
    const isLast = (rest === 0 && (byte & 0x40) === 0) || (rest === -1 && (byte & 0x40) !== 0);
    bytes.push(isLast ? byte : byte | 0x80);
    if (isLast) return bytes;
  }
}

export function float32(value: number): number[] {
  return [...new Uint8Array(new Float32Array([value]).buffer)];
}

export function float64(value: number): number[] {
  return [...new Uint8Array(new Float64Array([value]).buffer)];
}

/** A name; ours are ASCII. */
export function text(name: string): number[] {
  return [...unsigned(name.length), ...Array.from(name, (character) => character.charCodeAt(0))];
}

/** How many items, then the items. */
export function list(items: readonly (readonly number[])[]): number[] {
  return unsigned(items.length).concat(...items);
}

/** How many bytes, then the bytes. */
export function sized(bytes: readonly number[]): number[] {
  return unsigned(bytes.length).concat(bytes);
}

export function section(id: number, content: readonly number[]): number[] {
  return [id].concat(sized(content));
}
