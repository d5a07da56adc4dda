// The one way through which every op goes: infer shape and dtype → look, or run the kernel → record for gradients.
// Because the three are separate, execution can later be deferred or fused without touching what users call.
// Called by ops/functions only, with operands that are already promoted and parameters that are resolved.

import { checkAnomaly, isDetectingAnomalies } from "../autograd/anomaly.ts";
import { isGradEnabled, noGrad } from "../autograd/no-grad.ts";
import { saved } from "../autograd/saved.ts";
import { GradNode } from "../autograd/tape.ts";
import type { Backend, BackendBuffer, ComputedOp, Operand } from "../backends/backend.ts";
import { context } from "../core/context.ts";
import type { Device } from "../core/device.ts";
import { backendFor } from "../core/devices.ts";
import { BackendError } from "../core/errors.ts";
import { contiguousLayout, isContiguous, type Layout } from "../core/layout.ts";
import { formatShape } from "../core/shape.ts";
import { enterScope } from "../tensor/scope.ts";
import { Storage } from "../tensor/storage.ts";
import { Tensor } from "../tensor/tensor.ts";
import { infer } from "./inference/inference.ts";
import type { Inferred } from "./inference/inference-table.ts";
import type { ActivationParams, Inputs, OpName, Params, ViewOp } from "./table.ts";
import { isView, views } from "./views.ts";

export function dispatch<P extends OpName>(op: P, given: Inputs<P, Tensor>, params: Params<P>): Tensor {
  const { inputs, backend } = together(op, given);
  const meta = infer(op, inputs, params);
  const node = isGradEnabled() && meta.dtype === "float32" ? trace(op, inputs, params) : undefined;
  const { storage, layout, reserve } = isView(op)
    ? look(op as ViewOp, inputs[0] as Tensor, params as Params<ViewOp>)
    : op === "toDevice"
      ? move(inputs[0] as Tensor, backendFor((params as Params<"toDevice">).to))
      : compute(backend, op as ComputedOp, inputs, meta, params as Params<ComputedOp>);
  const output = enterScope(new Tensor(storage, layout, node, isView(op)));
  if (node !== undefined) save(node, inputs, output, reserve);
  else reserve?.release();
  if (isDetectingAnomalies()) {
    if (node !== undefined) node.recordedAt = new Error(`${op} was called here`);
    noGrad(() => checkAnomaly(op, inputs, output));
  }
  return output;
}

interface Together<P extends OpName> {
  readonly inputs: Inputs<P, Tensor>;
  readonly backend: Backend;
}

/** Operands on one backend. A scalar of the CPU goes to where the others are, as in PyTorch. */
function together<P extends OpName>(op: P, inputs: Inputs<P, Tensor>): Together<P> {
  if (context.guest !== undefined) return { inputs, backend: context.guest };
  const first = inputs[0]!.storage.backend;
  if (inputs.every(({ storage }) => storage.backend === first)) return { inputs, backend: first };
  const home = inputs.find((input) => !isCpuScalar(input))?.storage.backend ?? first;
  const to = home.name as Device;
  const moved = inputs.map((input) => {
    if (input.storage.backend === home) return input;
    if (isCpuScalar(input)) return dispatch("toDevice", [input], { from: "cpu", to });
    const places = inputs.map(({ shape, device }) => `${formatShape(shape)} on ${device}`).join(", ");
    throw new BackendError(op, `operands live on different devices: ${places}`, `Move them with .to("${to}").`);
  });
  return { inputs: moved as unknown as Inputs<P, Tensor>, backend: home };
}

function isCpuScalar({ ndim, device }: Tensor): boolean {
  return ndim === 0 && device === "cpu";
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

/** Reads what is elsewhere, which waits for it, and writes it here. */
function move(x: Tensor, backend: Backend): Elements {
  const layout = contiguousLayout(x.shape);
  const storage = Storage.of("to", backend, x.shape, x.dtype);
  if (!backend.holdsElements) return { storage, layout };
  const { storage: rows, layout: place } = isContiguous(x) ? { storage: x.storage.retain(), layout: x } : copy(x);
  backend.write(storage.buffer, rows.backend.readSync(rows.buffer, place.offset, x.numel));
  rows.release();
  return { storage, layout };
}

function compute<P extends ComputedOp>(
  backend: Backend,
  op: P,
  inputs: readonly Tensor[],
  meta: Inferred,
  params: Params<P>,
): Elements {
  const storage = Storage.of(op, backend, meta.shape, meta.dtype);
  const reserve = meta.reserve === undefined ? undefined : Storage.of(op, backend, [meta.reserve], meta.dtype);
  const copies: Storage[] = [];
  const operands = inputs.map((input): Operand<BackendBuffer> => {
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
  return compute(context.guest ?? x.storage.backend, "contiguous", [x], x, {});
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
