// Which device new tensors live on at the start: `LECTERN_DEVICE`.

import type { Device } from "#engine";
import { choiceOf } from "../settings/choice-of.ts";

/** The names that may be chosen. */
export const devices: readonly Device[] = ["cpu", "webgpu"];

/** Throws a SettingError for anything but the name of a device. */
export function deviceWanted(env: NodeJS.ProcessEnv = process.env): Device {
  return choiceOf("LECTERN_DEVICE", devices, env.LECTERN_DEVICE) ?? "cpu";
}
