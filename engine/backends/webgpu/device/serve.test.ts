import { expect, it } from "vitest";
import type { ToGpuThread } from "../protocol.ts";
import { SharedState } from "../shared-state.ts";
import { serve } from "./serve.ts";

/** Serves a platform without a GPU, and asks for one. */
async function openWithout(openGpu: () => Promise<GPU>): Promise<SharedState> {
  let take: (message: ToGpuThread) => void = () => {};
  serve({
    openGpu,
    post() {},
    listen: (listener) => {
      take = listener;
    },
    afterTurn: (callback) => setImmediate(callback),
  });
  const state = new SharedState();
  take({ kind: "open", state: state.memory });
  await new Promise((resolve) => setImmediate(resolve));
  return state;
}

it("says that there is no adapter", async () => {
  const state = await openWithout(async () => ({ requestAdapter: async () => null }) as unknown as GPU);
  expect(state.waitForDevice(0)).toBeUndefined();
  expect(state.takeTrouble()).toEqual({ kind: "no device", message: "there is no GPU adapter that WebGPU can use" });
});

it("says why native code could not be loaded", async () => {
  const state = await openWithout(() => Promise.reject(new Error("dawn.node: no such file")));
  expect(state.waitForDevice(0)).toBeUndefined();
  expect(state.takeTrouble()?.message).toBe("dawn.node: no such file");
});
