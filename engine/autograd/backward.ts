// Back-propagation: walks the graph from one tensor to the leaves, later ops first, and adds up what arrives at each.
// Called by Tensor.backward. Does not record itself yet: gradients of gradients need only this file to change.

import { GradError, ShapeError } from "../core/errors.ts";
import { type Shape, sameShape } from "../core/shape.ts";
import { reshape } from "../ops/functions/movement.ts";
import { add } from "../ops/functions/pointwise.ts";
import { sum } from "../ops/functions/reduction.ts";
import { ruleOf } from "../ops/gradients/gradients.ts";
import type { GradContext } from "../ops/gradients/rule.ts";
import type { OpName } from "../ops/table.ts";
import { ones } from "../tensor/creation.ts";
import { scoped } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { noGrad } from "./no-grad.ts";
import { type GradEdge, type GradNode, LeafNode } from "./tape.ts";

export interface BackwardOptions {
  /** Keep what the ops saved, so that `backward()` can run again. Default: false. */
  readonly retainGraph?: boolean;
}

/** Adds the gradient of `root` with respect to every leaf that needs one to that leaf's `grad`. */
export function backward(root: Tensor, gradient?: Tensor, { retainGraph = false }: BackwardOptions = {}): void {
  const start = root.edge;
  if (start === undefined) {
    const hint = "Create a leaf with { requiresGrad: true }, and compute outside noGrad().";
    throw new GradError("backward", "nothing was recorded: the tensor needs no gradient", hint);
  }
  noGrad(() => {
    const pending = new Map<GradEdge, Tensor>([[start, startGradient(root, gradient)]]);
    for (const edge of inOrder(start)) {
      const grad = pending.get(edge);
      pending.delete(edge);
      if (grad === undefined) continue;
      if (edge instanceof LeafNode) {
        accumulate(edge.tensor, grad);
        continue;
      }
      propagate(edge, grad, pending);
      grad.dispose();
      if (!retainGraph) edge.release();
    }
  });
}

/** Handle of its own on the given gradient, or 1 for a single element. */
function startGradient(root: Tensor, gradient: Tensor | undefined): Tensor {
  if (gradient !== undefined) {
    if (sameShape(gradient.shape, root.shape)) return gradient.detach();
    throw ShapeError.of("backward", "the gradient must have the tensor's shape", {
      tensor: root.shape,
      gradient: gradient.shape,
    });
  }
  if (root.numel === 1) return ones(root.shape);
  throw ShapeError.of(
    "backward",
    "only a single element has a gradient by itself",
    { tensor: root.shape },
    "Reduce to a scalar first, loss.mean().backward(), or pass the gradient of the output.",
  );
}

/** Every edge reachable from `start`, each before all that it points at. */
function inOrder(start: GradEdge): GradEdge[] {
  const order: GradEdge[] = [];
  const seen = new Set<GradEdge>();
  const stack: { readonly edge: GradEdge; readonly done: boolean }[] = [{ edge: start, done: false }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { edge, done } = top;
    if (done) {
      order.push(edge);
      continue;
    }
    if (seen.has(edge)) continue;
    seen.add(edge);
    stack.push({ edge, done: true });
    if (edge instanceof LeafNode) continue;
    for (const next of edge.next) if (next !== undefined && !seen.has(next)) stack.push({ edge: next, done: false });
  }
  return order.reverse();
}

/** Hands the gradient of a node's output on to its inputs. */
function propagate(node: GradNode, grad: Tensor, pending: Map<GradEdge, Tensor>): void {
  const saved = node.saved;
  if (saved === undefined) {
    throw new GradError(
      "backward",
      `the graph was freed by an earlier backward() (at ${node.name})`,
      "Compute the loss again, add losses before one backward(), or pass { retainGraph: true } the first time.",
    );
  }
  const { params, inputShapes: shapes } = node;
  const gradients = ruleOf(node.op)({ grad, params, shapes, ...saved } as unknown as GradContext<OpName> as never);
  (gradients as readonly ((() => Tensor) | undefined)[]).forEach((gradientOf, i) => {
    const edge = node.next[i];
    if (edge === undefined || gradientOf === undefined) return;
    const share = scoped(() => sumTo(gradientOf(), shapes[i]!).alias());
    const sofar = pending.get(edge);
    pending.set(edge, sofar === undefined ? share : add(sofar, share));
    if (sofar === undefined) return;
    sofar.dispose();
    share.dispose();
  });
}

/** Undoes broadcasting: sums over the dimensions that were added or repeated. */
function sumTo(grad: Tensor, shape: Shape): Tensor {
  if (sameShape(grad.shape, shape)) return grad;
  const missing = grad.ndim - shape.length;
  const dims = grad.shape.flatMap((size, dim) =>
    dim < missing || (shape[dim - missing] === 1 && size !== 1) ? [dim] : [],
  );
  return reshape(sum(grad, dims), shape);
}

function accumulate(leaf: Tensor, grad: Tensor): void {
  leaf.grad = leaf.grad === undefined ? grad : add(leaf.grad, grad);
}
