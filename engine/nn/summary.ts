// A model as a table: layers, output shapes, parameter counts. Runs the model on tensors without elements to see the
// shapes. Called by Module.summary.

import { noGrad } from "../autograd/no-grad.ts";
import { onMeta } from "../backends/meta/meta-backend.ts";
import type { DType } from "../core/dtype.ts";
import { BackendError } from "../core/errors.ts";
import type { Shape } from "../core/shape.ts";
import { zeros } from "../tensor/creation.ts";
import { Tensor } from "../tensor/tensor.ts";
import type { AnyModule } from "./module.ts";

export interface SummaryOptions {
  /** Of the input: `int32` for models that begin with an Embedding. Default: `float32`. */
  readonly dtype?: DType;
  /** Where the batch dimension goes: 1 for models of T × N × … sequences. Default: 0. */
  readonly batchDim?: number;
}

export interface SummaryRow {
  /** Where the layer is in the model, for example `features.0`. */
  readonly name: string;
  /** Class of the layer, for example `Conv2d`. */
  readonly type: string;
  /** Of the first output, without the batch dimension; undefined if `forward` did not come by. */
  readonly outputShape: Shape | undefined;
  /** Of all outputs, in their order, `None` for the batch dimension. */
  readonly outputShapes: readonly (readonly (number | "None")[])[];
  /** Parameters of the layer itself: those of its children have rows of their own. */
  readonly parameters: number;
}

/**
 * Prints as Keras does.
 *
 * @example
 * new nn.Linear(2, 1).summary([2]).totalParameters; // 3
 */
export class ModelSummary {
  readonly model: string;
  readonly rows: readonly SummaryRow[];
  readonly totalParameters: number;
  readonly trainableParameters: number;

  constructor(model: string, rows: readonly SummaryRow[], totalParameters: number, trainableParameters: number) {
    this.model = model;
    this.rows = rows;
    this.totalParameters = totalParameters;
    this.trainableParameters = trainableParameters;
  }

  toString(): string {
    const table = [
      ["Layer (type)", "Output Shape", "Param #"],
      ...this.rows.map(({ name, type, outputShapes, parameters }) => [
        `${name} (${type})`,
        formatOutputs(outputShapes),
        parameters.toLocaleString("en-US"),
      ]),
    ];
    const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column]!.length)));
    const line = (row: readonly string[]) =>
      `│ ${row[0]!.padEnd(widths[0]!)} │ ${row[1]!.padEnd(widths[1]!)} │ ${row[2]!.padStart(widths[2]!)} │`;
    const rule = (left: string, cross: string, right: string) =>
      left + widths.map((width) => "─".repeat(width + 2)).join(cross) + right;
    const [head, ...body] = table.map(line);
    const frozen = this.totalParameters - this.trainableParameters;
    return [
      `Model: "${this.model}"`,
      rule("┌", "┬", "┐"),
      head,
      rule("├", "┼", "┤"),
      ...body,
      rule("└", "┴", "┘"),
      ` Total params: ${countAndSize(this.totalParameters)}`,
      ` Trainable params: ${countAndSize(this.trainableParameters)}`,
      ` Non-trainable params: ${countAndSize(frozen)}`,
    ].join("\n");
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

export function summarise(
  model: AnyModule,
  inputShape: Shape | readonly Shape[],
  { dtype = "float32", batchDim = 0 }: SummaryOptions = {},
): ModelSummary {
  const inputShapes = typeof inputShape[0] === "object" ? (inputShape as readonly Shape[]) : [inputShape as Shape];
  const inputs = (batch: number) => inputShapes.map((shape) => zeros(shape.toSpliced(batchDim, 0, batch), { dtype }));
  // What holds parameters or nothing else; the rest only arranges its children.
  const listed = [...model.namedModules()].filter(
    ([, module]) => module.children().length === 0 || ownParameters(module).length > 0,
  );
  const shapes = shapesOf(model, listed, () => inputs(1));
  const doubled = tried(() => shapesOf(model, listed, () => inputs(2)));
  const rows = listed.map(([name, layer]): SummaryRow => {
    const outputShapes = (shapes.get(layer) ?? []).map((shape, i) => {
      const twice = doubled?.get(layer)?.[i] ?? (batchDim < shape.length ? shape.with(batchDim, 2) : shape);
      return shape.map((size, dim) => (size === 1 && twice[dim] === 2 ? "None" : size));
    });
    return {
      name: name === "" ? model.constructor.name : name,
      type: layer.constructor.name,
      outputShape: outputShapes[0]?.filter((size) => size !== "None"),
      outputShapes,
      parameters: sizeOfAll(ownParameters(layer)),
    };
  });
  const parameters = model.parameters();
  const trainable = parameters.filter((parameter) => parameter.requiresGrad);
  return new ModelSummary(model.constructor.name, rows, sizeOfAll(parameters), sizeOfAll(trainable));
}

type Listed = readonly (readonly [name: string, module: AnyModule])[];

/** Runs the model in evaluation and notes the shapes of each layer's outputs, the first time it is called. */
function watchShapes(model: AnyModule, listed: Listed, inputs: readonly Tensor[]): Map<AnyModule, readonly Shape[]> {
  const shapes = new Map<AnyModule, readonly Shape[]>();
  const handles = listed.map(([, layer]) =>
    layer.registerForwardHook((_: AnyModule, __: unknown, output: unknown) => {
      if (!shapes.has(layer))
        shapes.set(
          layer,
          tensorsIn(output).map(({ shape }) => shape),
        );
    }),
  );
  const modes = Array.from(model.namedModules(), ([, module]) => [module, module.training] as const);
  try {
    model.eval();
    noGrad(() => model.forward(...inputs));
  } finally {
    // A mode reaches all children, so parents come first and children then get their own back.
    for (const [module, training] of modes) module.train(training);
    for (const handle of handles) handle.remove();
  }
  return shapes;
}

/** On the meta device, where nothing is computed; on the model's own for a `forward` that reads values. */
function shapesOf(model: AnyModule, listed: Listed, inputs: () => readonly Tensor[]) {
  try {
    return onMeta(() => watchShapes(model, listed, inputs()));
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    return watchShapes(model, listed, inputs());
  }
}

/** What grows with the batch is seen by comparing two batches; not every `forward` takes two samples. */
function tried<T>(fn: () => T): T | undefined {
  try {
    return fn();
  } catch {
    return undefined;
  }
}

function tensorsIn(output: unknown): Tensor[] {
  if (output instanceof Tensor) return [output];
  return Array.isArray(output) ? output.flatMap(tensorsIn) : [];
}

function ownParameters(module: AnyModule): Tensor[] {
  return Array.from(module.namedParameters()).flatMap(([name, parameter]) => (name.includes(".") ? [] : [parameter]));
}

function sizeOfAll(tensors: readonly Tensor[]): number {
  return tensors.reduce((total, tensor) => total + tensor.numel, 0);
}

/** `(None, 6, 28, 28)`; several outputs `[(None, 7, 4), (1, None, 4)]`. */
function formatOutputs(shapes: readonly (readonly (number | "None")[])[]): string {
  const texts = shapes.map((shape) => `(${shape.join(", ")})`);
  return texts.length === 0 ? "?" : texts.length === 1 ? texts[0]! : `[${texts.join(", ")}]`;
}

/** `61,706 (241.04 KB)`, at four bytes a parameter. */
function countAndSize(parameters: number): string {
  let size = parameters * 4;
  let unit = 0;
  for (; size >= 1024 && unit < 3; unit++) size /= 1024;
  return `${parameters.toLocaleString("en-US")} (${size.toFixed(2)} ${["B", "KB", "MB", "GB"][unit]})`;
}
