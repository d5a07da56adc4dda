// The one way through which every op goes: infer shape and dtype → look, or run the kernel → record for gradients.
// Because the three are separate, execution can later be deferred or fused without touching what users call.
// Called by ops/functions only, with operands that are already promoted and parameters that are resolved.

import { checkAnomaly, isDetectingAnomalies } from "../autograd/anomaly.ts";
import { isGradEnabled, noGrad } from "../autograd/no-grad.ts";
import { saved } from "../autograd/saved.ts";
import { GradNode } from "../autograd/tape.ts";
import type { Backend, BackendBuffer, ComputedOp, Operand } from "../backends/backend.ts";
import { BackendError } from "../core/errors.ts";
import { contiguousLayout, isContiguous, type Layout } from "../core/layout.ts";
import { sizeOf } from "../core/shape.ts";
import { enterScope } from "../tensor/scope.ts";
import { Storage } from "../tensor/storage.ts";
import { Tensor } from "../tensor/tensor.ts";
import { infer } from "./inference/inference.ts";
import type { Inferred } from "./inference/inference-table.ts";
import type { ActivationParams, Inputs, OpName, Params, ViewOp } from "./table.ts";
import { isView, views } from "./views.ts";

export function dispatch<P extends OpName>(op: P, inputs: Inputs<P, Tensor>, params: Params<P>): Tensor {
  const meta = infer(op, inputs, params);
  const node = isGradEnabled() && meta.dtype === "float32" ? trace(op, inputs, params) : undefined;
  const { storage, layout, reserve } = isView(op)
    ? look(op as ViewOp, inputs[0] as Tensor, params as Params<ViewOp>)
    : compute(op as ComputedOp, inputs, meta, params as Params<ComputedOp>);
  const output = enterScope(new Tensor(storage, layout, node, isView(op)));
  if (node !== undefined) save(node, inputs, output, reserve);
  else reserve?.release();
  if (isDetectingAnomalies()) {
    if (node !== undefined) node.recordedAt = new Error(`${op} was called here`);
    noGrad(() => checkAnomaly(op, inputs, output));
  }
  return output;
}

interface Elements {
  readonly storage: Storage;
  readonly layout: Layout;
  /** What a kernel computed for the gradient only. */
  readonly reserve?: Storage | undefined;
}

/** The same elements in another layout; copied row by row first where they are too scattered for it. */
function look<P extends ViewOp>(op: P, x: Tensor, params: Params<P>): Elements {
  const layout = views[op](x, params);
  if (layout !== undefined) return { storage: x.storage.retain(), layout };
  const { storage, layout: rows } = copy(x);
  return { storage, layout: views[op](rows, params)! };
}

function compute<P extends ComputedOp>(op: P, inputs: readonly Tensor[], meta: Inferred, params: Params<P>): Elements {
  const storage = new Storage(meta.dtype, sizeOf(meta.shape));
  const reserve = meta.reserve === undefined ? undefined : new Storage(meta.dtype, meta.reserve);
  const { backend } = storage;
  const copies: Storage[] = [];
  const operands = inputs.map((input): Operand<BackendBuffer> => {
    requireBackend(input, backend);
    const { shape, dtype } = input;
    if (backend.strided.has(op) || isContiguous(input)) {
      return { shape, dtype, strides: input.strides, offset: input.offset, buffer: input.storage.buffer };
    }
    const { storage: rows, layout: inOrder } = copy(input);
    copies.push(rows);
    return { ...inOrder, dtype, buffer: rows.buffer };
  });
  const layout = contiguousLayout(meta.shape);
  const output = { ...layout, dtype: meta.dtype, buffer: storage.buffer, reserve: reserve?.buffer };
  backend.run(op, operands as unknown as Inputs<P, Operand<BackendBuffer>>, output, params);
  for (const rows of copies) rows.release();
  return { storage, layout, reserve };
}

/** The elements row by row, outside the graph. */
function copy(x: Tensor): Elements {
  return compute("contiguous", [x], x, {});
}

function requireBackend({ storage }: Tensor, backend: Backend): void {
  if (storage.backend === backend || !backend.holdsElements) return;
  const names = `${storage.backend.name} and ${backend.name}`;
  throw new BackendError("dispatch", `operands live on different backends, ${names}`);
}

/** The op's node, if any input needs a gradient. */
function trace<P extends OpName>(op: P, inputs: Inputs<P, Tensor>, params: Params<P>): GradNode | undefined {
  if (!inputs.some((input) => input.requiresGrad)) return undefined;
  return new GradNode(
    op,
    params,
    inputs.map((input) => input.shape) as unknown as Inputs<P, readonly number[]>,
    inputs.map((input) => input.edge) as unknown as GradNode<P>["next"],
  ) as unknown as GradNode;
}

/** Keeps handles of its own, so that nobody who disposes a tensor takes it from the tape. */
function save(node: GradNode, inputs: readonly Tensor[], output: Tensor, reserve: Storage | undefined): void {
  const keeps = saved[node.op];
  const keepsInputs = keeps !== "nothing" && keeps !== "output";
  const keepsOutput =
    keeps === "inputs, activated output"
      ? (node.params as ActivationParams).activation !== "none"
      : keeps !== "nothing" && keeps !== "inputs";
  node.save({
    inputs: keepsInputs ? (inputs.map((input) => input.alias()) as [Tensor]) : undefined,
    output: keepsOutput ? output.alias() : undefined,
    reserve: reserve && new Tensor(reserve, contiguousLayout([reserve.size])),
  });
}
