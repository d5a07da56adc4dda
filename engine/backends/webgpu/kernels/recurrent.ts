// Recurrent layers over whole sequences, forwards and backwards.

import type { KernelTable } from "../../backend.ts";
import type { Gpu } from "../gpu.ts";
import type { GpuBuffer } from "../memory/gpu-buffer.ts";
import { gruCell, lstmCell, rnnCells } from "../recurrent/cells.ts";
import { walkBackward } from "../recurrent/walk-backward.ts";
import { walkForward } from "../recurrent/walk-forward.ts";

export const recurrentKernels = (gpu: Gpu) =>
  ({
    rnn: ([pre, weight, h0], y, { nonlinearity }) => walkForward(gpu, rnnCells[nonlinearity], { pre, weight }, h0, y),
    rnnBackward: ([grad, weight, states], y, { nonlinearity }) =>
      walkBackward(gpu, rnnCells[nonlinearity], { grad, weight, states }, y.buffer),
    gru: ([pre, weight, bias, h0], y) => walkForward(gpu, gruCell, { pre, weight, bias }, h0, y),
    gruBackward: ([grad, weight, states, reserve], y) =>
      walkBackward(gpu, gruCell, { grad, weight, states, reserve }, y.buffer),
    lstm: ([pre, weight, h0, c0], y) => walkForward(gpu, lstmCell, { pre, weight, c0 }, h0, y),
    lstmBackward: ([grad, weight, , reserve, c0], y) =>
      walkBackward(gpu, lstmCell, { grad, weight, reserve, c0 }, y.buffer),
  }) satisfies Partial<KernelTable<GpuBuffer>>;
