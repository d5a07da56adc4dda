import fc from "fast-check";
import { expect, it } from "vitest";
import { endOfCellMark } from "./engine-messages.ts";
import { PlainOutput } from "./plain-output.ts";

it("passes text on, takes marks out and resolves when a cell's mark has come by, however the pipe cuts it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(6)), async (cuts) => {
      let text = "";
      const output = new PlainOutput((part) => {
        text += part;
      });
      const ends = [output.untilEndOf(1), output.untilEndOf(2)];
      let rest = `one${endOfCellMark(1)}two\n${endOfCellMark(2)}three`;
      for (const cut of cuts) {
        output.push(rest.slice(0, cut));
        rest = rest.slice(cut);
      }
      output.push(rest);
      await Promise.all(ends);
      expect(text).toBe("onetwo\nthree");
    }),
  );
});

it("lets nobody wait for a mark when the stream has ended", async () => {
  const output = new PlainOutput(() => {});
  const end = output.untilEndOf(1);
  output.end();
  await end;
});
