// Jupyter counts the characters of a cell in Unicode code points; JavaScript and editors count UTF-16 code units. They differ
// behind the first character outside of the Basic Multilingual Plane, such as an emoji.

/** Code points → UTF-16 code units. Beyond the end is the end. */
export function toUtf16Offset(text: string, codePoints: number): number {
  let offset = 0;
  for (let counted = 0; counted < codePoints && offset < text.length; counted++) {
    offset += text.codePointAt(offset)! > 0xffff ? 2 : 1;
  }
  return offset;
}

/** UTF-16 code units → code points. */
export function toCodePointOffset(text: string, utf16Offset: number): number {
  let counted = 0;
  for (let offset = 0; offset < Math.min(utf16Offset, text.length); counted++) {
    offset += text.codePointAt(offset)! > 0xffff ? 2 : 1;
  }
  return counted;
}
