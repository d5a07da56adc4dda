// The graph that ops leave behind: one node per recorded op, pointing at the nodes of its inputs. It holds what the
// gradient rules will read and does not know the rules; propagate.ts walks it. Nodes are made by ops/dispatch.ts.

import { formatShape, type Shape } from "../core/shape.ts";
import type { Inputs, OpName, Params } from "../ops/table.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** Where a gradient flows to: the op that computed a tensor, or the leaf that keeps it. */
export type GradEdge = GradNode | LeafNode;

/** Sees the whole gradient of a tensor on its way back, and may give another one to go on with. */
// biome-ignore lint/suspicious/noConfusingVoidType: a hook that only looks returns nothing.
export type GradHook = (grad: Tensor) => Tensor | undefined | void;

/** End of the graph: a leaf tensor that collects its gradient. */
export class LeafNode {
  readonly tensor: Tensor;
  readonly hooks: GradHook[] = [];

  constructor(tensor: Tensor) {
    this.tensor = tensor;
  }
}

/** What an op keeps for its gradient rule, as saved.ts says. */
export interface Saved<P extends OpName> {
  readonly inputs: Inputs<P, Tensor> | undefined;
  readonly output: Tensor | undefined;
  /** What the op computed for its gradient only, flat. */
  readonly reserve: Tensor | undefined;
}

/**
 * A recorded op.
 *
 * @example
 * const x = tensor([1, 2], { requiresGrad: true });
 * x.mul(2).gradFn?.name; // MulBackward
 */
export class GradNode<P extends OpName = OpName> {
  readonly op: P;
  readonly params: Params<P>;
  readonly inputShapes: Inputs<P, Shape>;
  /** One edge per input; undefined where the input needs no gradient. */
  readonly next: Inputs<P, GradEdge | undefined>;
  readonly hooks: GradHook[] = [];
  /** Where in the program the op was called; known only under `detectAnomaly`. */
  recordedAt: Error | undefined;
  #saved: Saved<P> | undefined;

  constructor(op: P, params: Params<P>, inputShapes: Inputs<P, Shape>, next: Inputs<P, GradEdge | undefined>) {
    this.op = op;
    this.params = params;
    this.inputShapes = inputShapes;
    this.next = next;
  }

  /** The name that tensors print, for example `MulBackward`. */
  get name(): string {
    return `${this.op[0]!.toUpperCase()}${this.op.slice(1)}Backward`;
  }

  /** What was saved; undefined once it was released. */
  get saved(): Saved<P> | undefined {
    return this.#saved;
  }

  /** Takes over the handles that the rule will read. */
  save(saved: Saved<P>): void {
    this.#saved = saved;
  }

  /** Frees what was saved: right after `backward()`. */
  release(): void {
    for (const tensor of this.#saved?.inputs ?? []) tensor.dispose();
    this.#saved?.output?.dispose();
    this.#saved?.reserve?.dispose();
    this.#saved = undefined;
  }

  /** The graph behind this op as a tree, a line each; what was shown before is only named. */
  toString(): string {
    return treeOf(this, new Set()).join("\n");
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

const deepest = 200;

function treeOf(edge: GradEdge, shown: Set<GradEdge>): string[] {
  if (edge instanceof LeafNode) return [`leaf ${formatShape(edge.tensor.shape)}`];
  if (shown.has(edge)) return [`${edge.name} (above)`];
  shown.add(edge);
  if (shown.size > deepest) return [`${edge.name} …`];
  const next = edge.next.filter((each) => each !== undefined);
  const branches = next.map((each) => treeOf(each, shown));
  return [
    edge.name,
    ...branches.flatMap((lines, i) => {
      const [head, rest] = i === next.length - 1 ? ["└─ ", "   "] : ["├─ ", "│  "];
      return lines.map((line, n) => (n === 0 ? head : rest) + line);
    }),
  ];
}
