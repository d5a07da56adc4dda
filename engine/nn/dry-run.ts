// Runs a model without computing anything, to see which shapes come out of its modules and what each of them would cost. The
// model is left as it was. Called by summary.ts.

import { noGrad } from "../autograd/no-grad.ts";
import { watchOnMeta } from "../backends/meta/meta-backend.ts";
import type { DType } from "../core/dtype.ts";
import { BackendError } from "../core/errors.ts";
import type { Shape } from "../core/shape.ts";
import { zeros } from "../tensor/creation.ts";
import { Tensor } from "../tensor/tensor.ts";
import type { AnyModule } from "./module.ts";
import { multiplyAccumulates } from "./multiply-accumulates.ts";

export interface InputKind {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** What one module did. */
export interface ModuleRun {
  /** Shapes of the outputs, in their order, of the first call. */
  readonly outputs: readonly Shape[];
  /** Multiply-accumulates of all calls, without those of the children; undefined if they could not be counted. */
  readonly macs: number | undefined;
}

/** Runs of the modules whose `forward` was called. */
export type DryRun = ReadonlyMap<AnyModule, ModuleRun>;

/**
 * Runs `model` in evaluation on tensors without elements. A model that reads values on its way (`item()`) is run on zeros
 * instead, with nothing counted.
 */
export function dryRun(model: AnyModule, inputs: readonly InputKind[]): DryRun {
  const restore = rememberState(model);
  try {
    return observe(model, (note) => watchOnMeta(note, () => model.forward(...zerosOf(inputs))));
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    restore();
    return observe(model, () => model.forward(...zerosOf(inputs)));
  } finally {
    restore();
  }
}

const zerosOf = (inputs: readonly InputKind[]) => inputs.map(({ shape, dtype }) => zeros(shape, { dtype }));

type Note = Parameters<typeof watchOnMeta>[0];

/** Calls `run` with hooks on all modules; what it notes is put down to the innermost module that is at work. */
function observe(model: AnyModule, run: (note: Note) => unknown): DryRun {
  const runs = new Map<AnyModule, { outputs: readonly Shape[]; macs: number | undefined }>();
  const atWork: AnyModule[] = [];
  let counting = false;
  const note: Note = (op, inputs, output, params) => {
    counting = true;
    const module = atWork.at(-1);
    if (module === undefined || isPooling(module)) return;
    runs.get(module)!.macs! += multiplyAccumulates(op, inputs, output, params);
  };
  const handles = Array.from(model.namedModules()).flatMap(([, module]) => [
    module.registerForwardPreHook(() => {
      atWork.push(module);
      if (!runs.has(module)) runs.set(module, { outputs: [], macs: 0 });
      return undefined;
    }),
    module.registerForwardHook((_: AnyModule, __: unknown, output: unknown) => {
      atWork.pop();
      const noted = runs.get(module)!;
      if (noted.outputs.length === 0) noted.outputs = tensorsIn(output).map(({ shape }) => shape);
    }),
  ]);
  try {
    noGrad(() => run(note));
  } finally {
    for (const handle of handles) handle.remove();
  }
  if (!counting) for (const noted of runs.values()) noted.macs = undefined;
  return runs;
}

/** Adaptive pooling averages by a matrix product with constants, which by convention costs nothing. */
function isPooling(module: AnyModule): boolean {
  return /Pool[12]d$/.test(module.constructor.name);
}

/** Switches to evaluation. The returned function gives modes, properties, parameters and buffers back, however often. */
function rememberState(model: AnyModule): () => void {
  const modules = Array.from(model.namedModules(), ([, module]) => {
    return { module, training: module.training, properties: { ...module } as Readonly<Record<string, unknown>> };
  });
  const tensors = [...model.namedParameters(), ...model.namedBuffers()].map(([, tensor]) => {
    return { tensor, before: tensor.detach() };
  });
  model.eval();
  return () => {
    // A mode reaches all children, so parents come first and children then get their own back.
    for (const { module, training, properties } of modules) {
      module.train(training);
      giveBack(module as unknown as Record<string, unknown>, properties);
    }
    for (const { tensor, before } of tensors) if (tensor.storage !== before.storage) tensor.assign(before);
  };
}

/** A `forward` may keep what it computed, which here has no elements. */
function giveBack(module: Record<string, unknown>, properties: Readonly<Record<string, unknown>>): void {
  for (const name of Object.keys(module)) if (!Object.hasOwn(properties, name)) delete module[name];
  for (const [name, value] of Object.entries(properties)) if (module[name] !== value) module[name] = value;
}

function tensorsIn(output: unknown): Tensor[] {
  if (output instanceof Tensor) return [output];
  return Array.isArray(output) ? output.flatMap(tensorsIn) : [];
}
