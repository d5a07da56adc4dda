// Our side: serves the step of a workload. Runs with the flags of the engine process.

import { opStep, trainingStep } from "./our-step.ts";
import { job, serve } from "./serve.ts";

await serve("lectern", () => (job.spec.kind === "train" ? trainingStep(job.spec) : opStep(job.spec)));
