// The walk back through the graph: from where a gradient starts to everything it reaches, later ops first, adding up what
// arrives. Knows the rules of gradients and not what is done with the results: backward.ts and grad.ts say that.

import { AnomalyError, GradError, ShapeError } from "../core/errors.ts";
import { type Shape, sameShape } from "../core/shape.ts";
import { reshape } from "../ops/functions/movement/movement.ts";
import { add } from "../ops/functions/pointwise/pointwise.ts";
import { sum } from "../ops/functions/reduction/reduction.ts";
import { ruleOf } from "../ops/gradients/gradients.ts";
import type { GradContext, GradientsOf, InputGradient } from "../ops/gradients/rule.ts";
import type { OpName } from "../ops/table.ts";
import { ones } from "../tensor/creation.ts";
import { enterScope, scoped } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { noGrad } from "./no-grad.ts";
import { type GradEdge, type GradNode, LeafNode } from "./tape.ts";

export interface Walk {
  /** For errors: the function that the user called. */
  readonly caller: string;
  /** Record the walk itself, so that gradients have gradients. */
  readonly createGraph: boolean;
  /** Keep what the ops saved, for another walk. */
  readonly retainGraph: boolean;
  /** Takes over what arrived at `edge`, for each edge that it wants; the walk goes on from there all the same. */
  readonly deliver: (edge: GradEdge, grad: Tensor) => void;
  /** Edges that the walk reaches and does not pass. Default: none. */
  readonly ends?: ReadonlySet<GradEdge>;
}

/** Walks from `root` with the given gradient, or 1 for a single element. */
export function propagate(root: Tensor, gradient: Tensor | undefined, walk: Walk): void {
  const start = root.edge;
  if (start === undefined) {
    const hint = "Create a leaf with { requiresGrad: true }, and compute outside noGrad().";
    throw new GradError(walk.caller, "nothing was recorded: the tensor needs no gradient", hint);
  }
  const go = () => {
    const pending = new Map<GradEdge, Tensor>([[start, startGradient(root, gradient, walk)]]);
    for (const edge of inOrder(start, walk)) {
      const arrived = pending.get(edge);
      pending.delete(edge);
      if (arrived === undefined) continue;
      // Hooks get handles of their own: they may keep what they see.
      const grad = edge.hooks.reduce((before, hook) => hook(before.alias()) ?? before, arrived);
      walk.deliver(edge, grad);
      if (goesOn(edge, walk)) {
        step(edge, grad, pending, walk);
        if (!walk.retainGraph) edge.release();
      }
      arrived.dispose();
    }
  };
  if (walk.createGraph) go();
  else noGrad(go);
}

function startGradient(root: Tensor, gradient: Tensor | undefined, { caller, createGraph }: Walk): Tensor {
  if (gradient !== undefined) {
    if (sameShape(gradient.shape, root.shape)) return createGraph ? gradient.alias() : gradient.detach();
    throw ShapeError.of(caller, "the gradient must have the tensor's shape", {
      tensor: root.shape,
      gradient: gradient.shape,
    });
  }
  if (root.numel === 1) return ones(root.shape, { device: root.device });
  throw ShapeError.of(
    caller,
    "only a single element has a gradient by itself",
    { tensor: root.shape },
    "Reduce to a scalar first, loss.mean().backward(), or pass the gradient of the output.",
  );
}

/** Whether the walk goes on from `edge`. */
function goesOn(edge: GradEdge, { ends }: Walk): edge is GradNode {
  return !(edge instanceof LeafNode) && ends?.has(edge) !== true;
}

/** Every edge reachable from `start`, each before all that it points at. */
function inOrder(start: GradEdge, walk: Walk): GradEdge[] {
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
    if (!goesOn(edge, walk)) continue;
    for (const next of edge.next) if (next !== undefined && !seen.has(next)) stack.push({ edge: next, done: false });
  }
  return order.reverse();
}

/** Hands the gradient of a node's output on to its inputs. */
function step(node: GradNode, grad: Tensor, pending: Map<GradEdge, Tensor>, { caller }: Walk): void {
  const saved = node.saved;
  if (saved === undefined) {
    throw new GradError(
      caller,
      `the graph was freed by an earlier backward() (at ${node.name})`,
      "Compute the loss again, add losses before one backward(), or pass { retainGraph: true } the first time.",
    );
  }
  const { params, inputShapes: shapes } = node;
  const context = { grad, params, shapes, gradientsOf, ...saved };
  // One scope for all of them: what they share is computed once, and freed when the last of them has read it.
  const shares = scoped(() =>
    (ruleOf(node.op)(context as unknown as GradContext<OpName> as never) as readonly InputGradient[]).map(
      (gradientOf, i) => node.next[i] && gradientOf && sumTo(traced(node, gradientOf), shapes[i]!).alias(),
    ),
  );
  shares.forEach((share, i) => {
    const edge = node.next[i];
    if (edge === undefined || share === undefined) return;
    const sofar = pending.get(edge);
    pending.set(edge, sofar === undefined ? share : add(sofar, share));
    if (sofar === undefined) return;
    sofar.dispose();
    share.dispose();
  });
}

/** A walk inside a walk that is recorded itself. */
const gradientsOf: GradientsOf = (output, gradient, inputs) => {
  const edges = inputs.map(({ edge }) => edge);
  const ends = new Set(edges.filter((edge) => edge !== undefined));
  const found = new Map<GradEdge, Tensor>();
  const deliver = (edge: GradEdge, grad: Tensor): void => {
    if (ends.has(edge)) found.set(edge, enterScope(grad.alias()));
  };
  propagate(output, gradient, { caller: "backward", createGraph: true, retainGraph: true, deliver, ends });
  return edges.map((edge) => edge && found.get(edge));
};

/** Says of an anomaly inside a gradient rule to which op of the forward pass it belongs. */
function traced(node: GradNode, gradientOf: () => Tensor): Tensor {
  try {
    return gradientOf();
  } catch (error) {
    if (error instanceof AnomalyError) throw error.duringBackwardOf(node.op, node.recordedAt);
    throw error;
  }
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
