// Which device new tensors live on at the start: `LECTERN_DEVICE`.

import type { Device } from "#engine";
import { SettingError } from "./setting-error.ts";

/** The names that may be chosen. */
export const devices: readonly Device[] = ["cpu", "webgpu"];

/** Throws a SettingError for anything but the name of a device. */
export function deviceWanted(env: NodeJS.ProcessEnv = process.env): Device {
  const wanted = env.LECTERN_DEVICE;
  if (wanted === undefined || wanted === "") return "cpu";
  const device = devices.find((name) => name === wanted);
  if (device !== undefined) return device;
  throw new SettingError("LECTERN_DEVICE", devices.join(" or "), wanted);
}
