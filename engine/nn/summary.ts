// A model as a table: layers, output shapes, parameters, multiply-accumulates. What there is to tell comes from dry-run.ts,
// so that a network of any size takes no time. Called by Module.summary.

import type { DType } from "../core/dtype.ts";
import { ArgumentError } from "../core/errors.ts";
import type { Shape } from "../core/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { dryRun } from "./dry-run.ts";
import type { AnyModule } from "./module.ts";

export interface SummaryOptions {
  /** Of the input: `int32` for models that begin with an Embedding; or one for each of several inputs. Default: `float32`. */
  readonly dtype?: DType | readonly DType[];
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
  /**
   * Multiply-accumulates for a batch of one, in matrix products and convolutions of the layer itself; undefined for a model
   * that reads values on its way.
   */
  readonly macs: number | undefined;
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
  /** Multiply-accumulates of all layers for a batch of one; undefined for a model that reads values on its way. */
  readonly totalMacs: number | undefined;

  constructor(model: string, rows: readonly SummaryRow[], totalParameters: number, trainableParameters: number) {
    this.model = model;
    this.rows = rows;
    this.totalMacs = rows.every(({ macs }) => macs !== undefined) ? sumOf(rows.map(({ macs }) => macs!)) : undefined;
    this.totalParameters = totalParameters;
    this.trainableParameters = trainableParameters;
  }

  toString(): string {
    const table = [
      ["Layer (type)", "Output Shape", "Param #", "MACs"],
      ...this.rows.map(({ name, type, outputShapes, parameters, macs }) => [
        `${name} (${type})`,
        formatOutputs(outputShapes),
        count(parameters),
        macs === undefined ? "?" : count(macs),
      ]),
    ];
    const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]!.length)));
    const padded = (cell: string, column: number) =>
      column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!);
    const line = (row: readonly string[]) => `│ ${row.map(padded).join(" │ ")} │`;
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
      ...(this.totalMacs === undefined ? [] : [` Total MACs: ${countAndScale(this.totalMacs)}`]),
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
  const shapes = typeof inputShape[0] === "object" ? (inputShape as readonly Shape[]) : [inputShape as Shape];
  const dtypes = typeof dtype === "string" ? shapes.map(() => dtype) : dtype;
  if (dtypes.length !== shapes.length) {
    throw new ArgumentError(
      "summary",
      `${dtypes.length} dtypes for ${shapes.length} inputs`,
      "Give one for each input.",
    );
  }
  const inputs = (batch: number) =>
    shapes.map((shape, i) => ({ shape: shape.toSpliced(batchDim, 0, batch), dtype: dtypes[i]! }));
  const single = dryRun(model, inputs(1));
  // Sizes that differ are those that grow with the batch. Not every `forward` takes two samples.
  const double = tried(() => dryRun(model, inputs(2)));
  // Children have rows of their own: what only arranges them has none.
  const listed = [...model.namedModules()].filter(
    ([, module]) => module.children().length === 0 || ownParameters(module).length > 0 || single.get(module)?.macs,
  );
  const rows = listed.map(([name, layer]): SummaryRow => {
    const outputShapes = (single.get(layer)?.outputs ?? []).map((shape, i) => {
      const guess = shape.map((size, dim) => (dim === batchDim && size === 1 ? 2 : size));
      const other = double === undefined ? guess : double.get(layer)?.outputs[i];
      return shape.map((size, dim) => (size === other?.[dim] ? size : "None"));
    });
    return {
      name: name === "" ? model.constructor.name : name,
      type: layer.constructor.name,
      outputShape: outputShapes[0]?.filter((size) => size !== "None"),
      outputShapes,
      parameters: sizeOfAll(ownParameters(layer)),
      macs: single.has(layer) ? single.get(layer)!.macs : 0,
    };
  });
  const parameters = model.parameters();
  const trainable = parameters.filter((parameter) => parameter.requiresGrad);
  return new ModelSummary(model.constructor.name, rows, sizeOfAll(parameters), sizeOfAll(trainable));
}

function tried<T>(fn: () => T): T | undefined {
  try {
    return fn();
  } catch {
    return undefined;
  }
}

function ownParameters(module: AnyModule): Tensor[] {
  return Array.from(module.namedParameters()).flatMap(([name, parameter]) => (name.includes(".") ? [] : [parameter]));
}

function sizeOfAll(tensors: readonly Tensor[]): number {
  return sumOf(tensors.map(({ numel }) => numel));
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
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
  return `${count(parameters)} (${size.toFixed(2)} ${["B", "KB", "MB", "GB"][unit]})`;
}

/** `416,520 (416.52 K)` */
function countAndScale(macs: number): string {
  let scaled = macs;
  let unit = 0;
  for (; scaled >= 1000 && unit < 4; unit++) scaled /= 1000;
  return unit === 0 ? count(macs) : `${count(macs)} (${scaled.toFixed(2)} ${["", "K", "M", "G", "T"][unit]})`;
}

const count = (value: number) => value.toLocaleString("en-US");
