import fc from "fast-check";
import { expect, it } from "vitest";
import { encodeFrame, FrameReader } from "./frames.ts";

it("reads what was written, buffers included, however the pipe cuts and joins it", () => {
  const frame = fc.tuple(fc.jsonValue(), fc.array(fc.uint8Array()));
  fc.assert(
    fc.property(fc.array(frame), fc.array(fc.integer({ min: 1, max: 9 })), (frames, cuts) => {
      const bytes = Buffer.concat(frames.map(([value, buffers]) => encodeFrame(value, buffers)));
      const read: unknown[] = [];
      const reader = new FrameReader<unknown>((value, buffers) => read.push([value, buffers.map((b) => [...b])]));
      let position = 0;
      for (const cut of cuts) {
        reader.push(bytes.subarray(position, position + cut));
        position += cut;
      }
      reader.push(bytes.subarray(position));
      const written = frames.map(([value, buffers]) => [value, buffers.map((b) => [...b])]);
      expect(JSON.stringify(read)).toBe(JSON.stringify(written));
    }),
  );
});

it("gives buffers that numbers of any size fit over", () => {
  const numbers = Float64Array.of(Math.PI, 2);
  const read: Uint8Array[] = [];
  new FrameReader((_, buffers) => read.push(...buffers)).push(encodeFrame("odd", [new Uint8Array(numbers.buffer)]));
  expect(new Float64Array(read[0]!.buffer)).toEqual(numbers);
});
