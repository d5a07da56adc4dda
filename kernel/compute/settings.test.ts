import { afterEach, expect, it } from "vitest";
import { deviceWanted } from "./device-wanted.ts";
import { nodeCpu } from "./node-cpu.ts";

const { LECTERN_THREADS: threads } = process.env;
afterEach(() => {
  if (threads === undefined) delete process.env.LECTERN_THREADS;
  else process.env.LECTERN_THREADS = threads;
});

it("LECTERN_DEVICE names a device", () => {
  expect([deviceWanted({}), deviceWanted({ LECTERN_DEVICE: "" })]).toEqual(["cpu", "cpu"]);
  expect(deviceWanted({ LECTERN_DEVICE: "webgpu" })).toBe("webgpu");
  expect(() => deviceWanted({ LECTERN_DEVICE: "cuda" })).toThrow('LECTERN_DEVICE: expected cpu or webgpu, got "cuda"');
});

it("LECTERN_THREADS is a number", () => {
  process.env.LECTERN_THREADS = "3";
  expect(nodeCpu({ follower: new URL("file:///") }).threads).toBe(3);
  process.env.LECTERN_THREADS = "many";
  expect(() => nodeCpu({ follower: new URL("file:///") })).toThrow(
    'LECTERN_THREADS: expected a whole number from 1 on, got "many"',
  );
});
