import fc from "fast-check";
import { expect, it } from "vitest";
import { encodeFrame, FrameReader } from "./frames.ts";

it("reads what was written, however the pipe cuts and joins it", () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), fc.array(fc.integer({ min: 1, max: 9 })), (values, cuts) => {
      const bytes = Buffer.concat(values.map(encodeFrame));
      const read: unknown[] = [];
      const reader = new FrameReader<unknown>((frame) => read.push(frame));
      let position = 0;
      for (const cut of cuts) {
        reader.push(bytes.subarray(position, position + cut));
        position += cut;
      }
      reader.push(bytes.subarray(position));
      expect(JSON.stringify(read)).toBe(JSON.stringify(values));
    }),
  );
});
