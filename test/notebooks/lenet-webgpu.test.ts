// The lecture "LeNet-5" on the GPU, or what plays one (two minutes then): from the same first weights, over the same batches, to
// the same place as on the CPU.

import { expect, it } from "vitest";
import type { Notebook } from "../../kernel/notebook/nbformat.ts";
import { printedBy, runNotebook } from "./run-notebook.ts";

/** In per cent. */
const accuracyOf = (notebook: Notebook): number =>
  Number(/Test accuracy (\d+\.\d+) %/.exec(printedBy(notebook))?.[1] ?? Number.NaN);

it("06-lenet-5.ipynb reads as many digits on the GPU as on the CPU, one per cent more or less", {
  timeout: 600_000,
}, async () => {
  const onCpu = await runNotebook("06-lenet-5.ipynb", "--device", "cpu");
  const onGpu = await runNotebook("06-lenet-5.ipynb", "--device", "webgpu");
  const [expected, accuracy] = [accuracyOf(onCpu.notebook), accuracyOf(onGpu.notebook)];
  console.log(`test accuracy: CPU ${expected} %, GPU ${accuracy} %`);
  expect(Math.abs(accuracy - expected)).toBeLessThanOrEqual(1);
});
