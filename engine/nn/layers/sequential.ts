// Layers in a row.

import { ArgumentError } from "../../core/errors.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type AnyModule, Module } from "../module.ts";
import { fusedActivation } from "./fused-activation.ts";
import { keepsNothing } from "./keeps-nothing.ts";

/** A module of one tensor that gives one tensor, whatever else it may be given. */
type Layer = AnyModule & { forward(x: Tensor): Tensor };
type Named = Readonly<Record<string, Layer>>;
type Layers = Named | readonly Layer[];

/**
 * Feeds each layer's output to the next. Layers are listed, and named `0`, `1` … in the state dict, or named.
 *
 * @example
 * const model = new nn.Sequential({ hidden: new nn.Linear(2, 4), act: new nn.Tanh(), out: new nn.Linear(4, 1) });
 * model.get("hidden").weight.shape; // [4, 2]
 * new nn.Sequential(new nn.Linear(2, 4), new nn.Tanh()).at(0).outFeatures; // 4
 */
// biome-ignore lint/suspicious/noExplicitAny: only `any` lets a Sequential of whatever layers be a `Sequential`.
export class Sequential<const L extends Layers = any> extends Module {
  readonly #layers: ReadonlyMap<string, Layer>;

  constructor(layers: L extends Named ? L : never);
  constructor(...layers: L extends readonly Layer[] ? L : never);
  constructor(...layers: readonly (Named | Layer)[]) {
    super();
    const [first] = layers;
    const named = layers.length === 1 && !(first instanceof Module);
    this.#layers = new Map(Object.entries(named ? (first as Named) : (layers as readonly Layer[])));
  }

  override children(): readonly (readonly [string, Layer])[] {
    return [...this.#layers];
  }

  get length(): number {
    return this.#layers.size;
  }

  [Symbol.iterator](): IterableIterator<Layer> {
    return this.#layers.values();
  }

  /** The layer of that name. */
  get<K extends L extends readonly Layer[] ? string : keyof L & string>(name: K): K extends keyof L ? L[K] : Layer {
    const layer = this.#layers.get(name);
    if (layer !== undefined) return layer as K extends keyof L ? L[K] : Layer;
    throw new ArgumentError("Sequential", `there is no layer ${name}, only ${[...this.#layers.keys()].join(", ")}`);
  }

  /** The layer at that position; negative positions count from the end. */
  at<I extends number>(index: I): L extends readonly Layer[] ? (L[I] extends Layer ? L[I] : Layer) : Layer {
    const layer = [...this.#layers.values()].at(index);
    if (layer === undefined) throw new ArgumentError("Sequential", `there is no layer ${index} of ${this.length}`);
    return layer as L extends readonly Layer[] ? (L[I] extends Layer ? L[I] : Layer) : Layer;
  }

  /** These layers as a network of their own, with the same parameters: `features.slice(0, -1)` is all but the last. */
  slice(start?: number, end?: number): Sequential<Named> {
    return new Sequential<Named>(Object.fromEntries([...this.#layers].slice(start, end)));
  }

  override forward(x: Tensor): Tensor {
    let output = x;
    /** Nobody else holds `output`. */
    let isOurs = false;
    const layers = [...this.#layers.values()];
    for (let i = 0; i < layers.length; i++) {
      const layer = layers[i]!;
      const fused = fusedActivation(layer, layers[i + 1]);
      const next = fused === undefined ? layer.forward(output) : fused(output);
      if (fused !== undefined) i++;
      const isNew = next !== output;
      const isClean = keepsNothing(layer);
      if (isNew && isOurs && isClean) output.dispose();
      isOurs = isClean && (isNew || isOurs);
      output = next;
    }
    return output;
  }
}
