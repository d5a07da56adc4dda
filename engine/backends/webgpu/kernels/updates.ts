// Steps of optimisers, one dispatch for each parameter. The formulas are those of ops/update-table.ts.

import type { UpdateName } from "../../../ops/update-table.ts";
import type { UpdateItem, UpdateKernelTable } from "../../backend.ts";
import type { Gpu } from "../gpu.ts";
import type { GpuBuffer } from "../memory/gpu-buffer.ts";

interface Rule {
  /** Options that are numbers, in the text `u.<name>`. */
  readonly options: readonly string[];
  /** WGSL: writes next0[i], next1[i] … from p, s1, s2 … and the slope g. */
  readonly step: string;
}

const rules = {
  sgd: { options: ["lr"], step: "next0[i] = p - u.lr * g;" },
  momentum: {
    options: ["lr", "momentum", "gradientShare", "nesterov"],
    step: `
  let v = u.momentum * s1 + u.gradientShare * g;
  next1[i] = v;
  next0[i] = p - u.lr * select(v, g + u.momentum * v, u.nesterov != 0.0);`,
  },
  adam: {
    options: ["beta1", "beta2", "rest1", "rest2", "eps", "shrink", "stepSize", "rootScale"],
    step: `
  let m = u.beta1 * s1 + u.rest1 * g;
  let v = u.beta2 * s2 + u.rest2 * g * g;
  next1[i] = m;
  next2[i] = v;
  next0[i] = u.shrink * p - (u.stepSize * m) / (sqrt(v) * u.rootScale + u.eps);`,
  },
} as const satisfies Readonly<Record<UpdateName, Rule>>;

export const updateKernels = (gpu: Gpu): UpdateKernelTable<GpuBuffer> => ({
  sgd: (item, options) => step(gpu, "sgd", item, { ...options }),
  momentum: (item, options) => step(gpu, "momentum", item, { ...options, nesterov: options.nesterov ? 1 : 0 }),
  // What is left to 1 is subtracted here, where it loses no digits.
  adam: (item, options) => step(gpu, "adam", item, { ...options, rest1: 1 - options.beta1, rest2: 1 - options.beta2 }),
});

/** The items of all rules, as lists. */
interface Lists {
  readonly size: number;
  readonly inputs: readonly { readonly buffer: GpuBuffer; readonly offset: number }[];
  readonly outputs: readonly GpuBuffer[];
}

function step<U extends UpdateName>(
  gpu: Gpu,
  rule: U,
  item: UpdateItem<U, GpuBuffer>,
  options: Readonly<Record<string, number>>,
): void {
  const { size, inputs, outputs } = item as unknown as Lists;
  const names = ["gradientScale", "weightDecay", ...rules[rule].options];
  const shader = gpu.shader(rule, () => ({
    reads: Object.fromEntries(inputs.map((_, i) => [`x${i}`, "f32"])) as Record<string, "f32">,
    writes: Object.fromEntries(outputs.map((_, i) => [`next${i}`, "f32"])) as Record<string, "f32">,
    uniforms: {
      size: "u32",
      offsets: ["u32", inputs.length],
      ...(Object.fromEntries(names.map((name) => [name, "f32"])) as Record<string, "f32">),
    },
    main: `
  let i = index;
  if (i >= u.size) { return; }
  let p = x0[u.offsets0 + i];
  let g = u.gradientScale * x1[u.offsets1 + i] + u.weightDecay * p;
  ${inputs
    .slice(2)
    .map((_, s) => `let s${s + 1} = x${s + 2}[u.offsets${s + 2} + i];`)
    .join(" ")}
  ${rules[rule].step}`,
  }));
  const buffers: Record<string, GpuBuffer> = {};
  for (const [i, { buffer }] of inputs.entries()) buffers[`x${i}`] = buffer;
  for (const [i, buffer] of outputs.entries()) buffers[`next${i}`] = buffer;
  const uniforms = { ...options, size, offsets: inputs.map(({ offset }) => offset) };
  gpu.dispatch(shader, buffers, uniforms as never, gpu.linear(size));
}
