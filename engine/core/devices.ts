// The devices of this process: which one new tensors live on, how to reach each, what they hold.

import type { Backend, MemoryInfo } from "../backends/backend.ts";
import { context } from "./context.ts";
import { type Device, type DeviceName, devices, isDevice } from "./device.ts";
import { ArgumentError, BackendError } from "./errors.ts";

/**
 * The backend of a device (default: the one that new tensors live on), started if need be; inside of `onMeta` always the one
 * without elements.
 */
export function backendFor(device: DeviceName = context.device): Backend {
  return context.guest ?? backendOf(device);
}

export function backendOf(device: DeviceName): Backend {
  const started = context.backends.get(device as Device);
  return started ?? start(device);
}

function start(device: DeviceName): Backend {
  requireDevice("device", device);
  const starter = context.starters.get(device);
  if (starter === undefined) {
    throw new BackendError("device", `this engine has no ${device}`, "The host calls configureEngine({ devices }).");
  }
  const backend = starter();
  context.backends.set(device, backend);
  return backend;
}

/** Throws an ArgumentError that lists the devices for any other name. */
export function requireDevice(caller: string, device: unknown): asserts device is Device {
  if (isDevice(device)) return;
  const names = devices.map((name) => `"${name}"`).join(" or ");
  throw new ArgumentError(caller, `there is no device ${JSON.stringify(device)}, expected ${names}`);
}

/**
 * Where new tensors live; with a name, from now on there. What is there already stays where it is: `to` moves tensors and
 * models. Throws a BackendError where the device cannot be had, an ArgumentError for other names.
 *
 * @example
 * device("cpu");
 * zeros([2]).device; // cpu
 */
export function device(name?: Device): Device {
  if (name !== undefined) {
    requireDevice("device", name);
    backendOf(name);
    context.device = name;
  }
  return context.device;
}

/**
 * Live tensors and bytes of all devices, or of one: constant over the steps of a training loop, as garbage is collected before
 * they are counted.
 *
 * @example
 * const x = zeros([1024, 1024]);
 * memory().bytes >= 4 * x.numel; // true
 */
export function memory(device?: Device): MemoryInfo {
  const counted = device === undefined ? [...context.backends.values()] : [context.backends.get(device)];
  return counted.reduce<MemoryInfo>((sum, backend) => {
    const { tensors, bytes, pooledBytes } = backend?.memory() ?? nothing;
    return {
      tensors: sum.tensors + tensors,
      bytes: sum.bytes + bytes,
      pooledBytes: sum.pooledBytes + pooledBytes,
    };
  }, nothing);
}

const nothing: MemoryInfo = { tensors: 0, bytes: 0, pooledBytes: 0 };
