// A model as a table: layers, output shapes, parameter counts. Runs the model once on zeros to see the shapes. Called by
// Module.summary.

import { noGrad } from "../autograd/no-grad.ts";
import { type Shape, sizeOf } from "../core/shape.ts";
import { zeros } from "../tensor/creation.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Module } from "./module.ts";

export interface SummaryRow {
  readonly name: string;
  /** Class of the layer, for example `Conv2d`. */
  readonly type: string;
  /** Without the batch dimension; undefined if `forward` did not come by. */
  readonly outputShape: Shape | undefined;
  readonly parameters: number;
}

/** Prints as Keras does. */
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
      ...this.rows.map(({ name, type, outputShape, parameters }) => [
        `${name} (${type})`,
        outputShape === undefined ? "?" : `(${["None", ...outputShape].join(", ")})`,
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

export function summarise(model: Module, inputShape: Shape): ModelSummary {
  const layers = [...model.namedModules()].filter(([name, module]) => name !== "" && module.children().length === 0);
  const listed = layers.length > 0 ? layers : [[model.constructor.name, model] as const];
  const shapes = new Map<Module, Shape>();
  const restore = listed.map(([, layer]) => watch(layer, (output) => shapes.set(layer, output.shape.slice(1))));
  const training = model.training;
  try {
    model.eval();
    noGrad(() => model.forward(zeros([1, ...inputShape])));
  } finally {
    model.train(training);
    for (const stop of restore) stop();
  }
  const rows = listed.map(([name, layer]) => ({
    name,
    type: layer.constructor.name,
    outputShape: shapes.get(layer),
    parameters: count(layer, () => true),
  }));
  return new ModelSummary(
    model.constructor.name,
    rows,
    count(model, () => true),
    count(model, (parameter) => parameter.requiresGrad),
  );
}

/** Tells about every output of `module` until the returned function is called. */
function watch(module: Module, onOutput: (output: Tensor) => void): () => void {
  const forward = module.forward;
  const own = Object.hasOwn(module, "forward");
  module.forward = function (this: Module, x: Tensor): Tensor {
    const output = forward.call(this, x);
    onOutput(output);
    return output;
  };
  return () => {
    if (own) module.forward = forward;
    else delete (module as Partial<Module>).forward;
  };
}

function count(module: Module, counts: (parameter: Tensor) => boolean): number {
  return module.parameters().reduce((total, parameter) => total + (counts(parameter) ? sizeOf(parameter.shape) : 0), 0);
}

/** `61,706 (241.04 KB)`, at four bytes a parameter. */
function countAndSize(parameters: number): string {
  let size = parameters * 4;
  let unit = 0;
  for (; size >= 1024 && unit < 3; unit++) size /= 1024;
  return `${parameters.toLocaleString("en-US")} (${size.toFixed(2)} ${["B", "KB", "MB", "GB"][unit]})`;
}
