// Where tensors live and ops on them run: names only.

/** A device that computes. */
export type Device = "cpu" | "webgpu";

/** What a tensor says of where it lives: `meta` holds no elements, see backends/meta. */
export type DeviceName = Device | "meta";

export const devices: readonly Device[] = ["cpu", "webgpu"];

export function isDevice(name: unknown): name is Device {
  return devices.includes(name as Device);
}
