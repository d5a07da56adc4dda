// The one way through which every op goes: infer shape and dtype → run or queue the kernel → record for gradients.
// Because the three are separate, execution can later be deferred or fused without touching what users call.
// Called by ops/functions only, with operands that are already promoted and parameters that are resolved.

import { isGradEnabled } from "../autograd/no-grad.ts";
import { saved } from "../autograd/saved.ts";
import { GradNode } from "../autograd/tape.ts";
import type { BackendBuffer, ComputedOp, Operand } from "../backends/backend.ts";
import { BackendError } from "../core/errors.ts";
import { sizeOf } from "../core/shape.ts";
import { enterScope } from "../tensor/scope.ts";
import { Storage } from "../tensor/storage.ts";
import { Tensor } from "../tensor/tensor.ts";
import { infer } from "./inference/inference.ts";
import type { Inputs, Meta, OpName, Params } from "./table.ts";

export function dispatch<P extends OpName>(op: P, inputs: Inputs<P, Tensor>, params: Params<P>): Tensor {
  const meta = infer(op, inputs, params);
  const node = isGradEnabled() && meta.dtype === "float32" ? trace(op, inputs, params) : undefined;
  const output = enterScope(new Tensor(execute(op, inputs, meta, params), meta.shape, node));
  if (node !== undefined) save(node, inputs, output);
  return output;
}

function execute<P extends OpName>(op: P, inputs: Inputs<P, Tensor>, meta: Meta, params: Params<P>): Storage {
  if (op === "reshape") return inputs[0]!.storage.retain();
  const storage = new Storage(meta.dtype, sizeOf(meta.shape));
  const operands = inputs.map((input) => operandOf(input, storage));
  const output = { shape: meta.shape, dtype: meta.dtype, buffer: storage.buffer };
  storage.backend.run(
    op as ComputedOp,
    operands as unknown as Inputs<ComputedOp, Operand<BackendBuffer>>,
    output,
    params as Params<ComputedOp>,
  );
  return storage;
}

function operandOf({ shape, dtype, storage }: Tensor, output: Storage): Operand<BackendBuffer> {
  if (storage.backend === output.backend) return { shape, dtype, buffer: storage.buffer };
  const names = `${storage.backend.name} and ${output.backend.name}`;
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
function save(node: GradNode, inputs: readonly Tensor[], output: Tensor): void {
  const keeps = saved[node.op];
  node.save({
    inputs: keeps === "inputs" || keeps === "both" ? (inputs.map((input) => input.alias()) as [Tensor]) : undefined,
    output: keeps === "output" || keeps === "both" ? output.alias() : undefined,
  });
}
