// Sums that were cut into parts, put together: what convolutions do last when a part was not the whole.

import { sizeOf } from "../../../../core/shape.ts";
import type { Activation } from "../../../../ops/table.ts";
import type { Operand } from "../../../backend.ts";
import type { Gpu } from "../../gpu.ts";
import type { GpuBuffer } from "../../memory/gpu-buffer.ts";
import { activated } from "../../shader/activation.ts";

/** What is done to a finished sum. The bias has one element for each channel of the output. */
export interface Finish {
  readonly bias: Operand<GpuBuffer> | undefined;
  readonly activation: Activation;
}

/** For sums that are the result. */
export const asItIs: Finish = { bias: undefined, activation: "none" };

/** WGSL: the result for a sum; `channel` is an expression for the output channel (i32). */
export function finished({ bias, activation }: Finish, sum: string, channel: string): string {
  return activated(activation, bias === undefined ? sum : `(${sum} + bias[u.biasStart + ${channel}])`);
}

/** The key of what `finished` writes, and the binding and uniform that it needs. */
export function finishText({ bias, activation }: Finish) {
  return {
    key: bias === undefined ? activation : `${activation}+bias`,
    reads: (bias === undefined ? {} : { bias: "f32" }) as { bias: "f32" },
  };
}

/** A buffer is not bound where the text does not name it. */
export function finishBuffers({ bias }: Finish): { bias: GpuBuffer } {
  return (bias === undefined ? {} : { bias: bias.buffer }) as { bias: GpuBuffer };
}

/**
 * Has `write` put `parts` partial results, one after the other, into a buffer from `start` on, and writes their sums to `y`.
 * Where one part is the whole, `write` gets y itself and what is left to do to its sums.
 */
export function inParts(
  gpu: Gpu,
  parts: number,
  y: Operand<GpuBuffer>,
  finish: Finish,
  write: (target: GpuBuffer, start: number, finish: Finish) => void,
): void {
  if (parts === 1) {
    write(y.buffer, y.offset, finish);
    return;
  }
  gpu.scratch("float32", parts * sizeOf(y.shape), (buffer) => {
    write(buffer, 0, asItIs);
    addParts(gpu, buffer, parts, y, finish);
  });
}

function addParts(gpu: Gpu, partial: GpuBuffer, parts: number, y: Operand<GpuBuffer>, finish: Finish): void {
  const { key, reads } = finishText(finish);
  const shader = gpu.shader(`addParts/${key}`, () => ({
    reads: { partial: "f32", ...reads },
    writes: { y: "f32" },
    uniforms: { count: "u32", parts: "u32", yStart: "u32", biasStart: "u32", plane: "u32", channels: "u32" },
    main: `
  if (index >= u.count) { return; }
  var sum = 0.0;
  for (var part = 0u; part < u.parts; part++) { sum += partial[part * u.count + index]; }
  y[u.yStart + index] = ${finished(finish, "sum", "index / u.plane % u.channels")};`,
  }));
  const count = sizeOf(y.shape);
  const uniforms = {
    count,
    parts,
    yStart: y.offset,
    biasStart: finish.bias?.offset ?? 0,
    plane: y.shape[2]! * y.shape[3]!,
    channels: y.shape[1]!,
  };
  const buffers = { partial, y: y.buffer, ...finishBuffers(finish) };
  gpu.dispatch(shader, buffers, uniforms, gpu.linear(count));
}
