// What the GPU's thread does for as long as it lives: takes messages and plays them on the device it has. Throws nothing: what
// goes wrong is told through the shared state, so that the engine's thread can throw it where a person sees it.

import { SharedState } from "../shared-state.ts";
import type { GpuPort } from "./gpu-port.ts";
import { OpenDevice } from "./open-device.ts";

/** Answers the messages of a `WebGpuBackend`. What it returns is told of errors that nobody caught on this thread. */
export function serve(port: GpuPort): (error: unknown) => void {
  let device: OpenDevice | undefined;
  let state: SharedState | undefined;
  port.listen((message) => {
    if (message.kind === "open") {
      device?.close();
      device = undefined;
      state = new SharedState(message.state);
      void open(port, state).then((opened) => {
        device = opened;
      });
    } else {
      // Nobody sends anything else before the device is there: the backend waits for it.
      device?.take(message);
    }
  });
  return (error) => state?.report({ kind: "lost", message: textOf(error) });
}

async function open(port: GpuPort, state: SharedState): Promise<OpenDevice | undefined> {
  try {
    const gpu = await port.openGpu();
    const device = await OpenDevice.open(gpu, state, port);
    state.open(device.info);
    return device;
  } catch (error) {
    state.refuse({ kind: "no device", message: textOf(error) });
    return undefined;
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
