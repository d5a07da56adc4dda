// Our side: serves the step of a workload. Runs with the flags of the engine process, on the device that LECTERN_DEVICE names.

import { ones } from "lectern";
import { opStep, trainingStep } from "./our-step.ts";
import { job, serve } from "./serve.ts";

/** A GPU does one thing after the other: once this can be read, all steps before it are done. */
const last = ones([1]);

await serve(
  "lectern",
  () => (job.spec.kind === "train" ? trainingStep(job.spec) : opStep(job.spec)),
  job.device === "gpu" ? () => last.data() : undefined,
);
