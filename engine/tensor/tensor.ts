// Tensor: a shape over a storage, and its place in the graph of gradients. Reading, lifetime and identity are here; the
// ops that users call as methods are attached by methods.ts, because ops make tensors and may not be imported from here.

import type { GradEdge, GradHook, GradNode } from "../autograd/tape.ts";
import { LeafNode } from "../autograd/tape.ts";
import type { DeviceName } from "../core/device.ts";
import type { DType, TypedArray } from "../core/dtype.ts";
import { DisposedError, DtypeError, GradError, ShapeError } from "../core/errors.ts";
import type { Layout } from "../core/layout.ts";
import { formatShape, type Shape, sameShape, sizeOf } from "../core/shape.ts";
import { formatTensor, inspectTensor } from "./format.ts";
import type { TensorMethods } from "./methods.ts";
import { type NestedArray, nest } from "./nested.ts";
import { enterScope } from "./scope.ts";
import type { Storage } from "./storage.ts";

/**
 * An n-dimensional array of `float32`, `int32` or `bool` elements that remembers how it was computed.
 *
 * Made by `tensor`, `zeros`, `rand` …, never by `new`. Ops never change their operands; methods that end in an
 * underscore, an optimiser's step and a loaded state dict give a tensor new elements. `dispose` is optional: unreachable tensors are collected.
 *
 * @example
 * const w = tensor([1, 2, 3], { requiresGrad: true });
 * w.mul(w).sum().backward();
 * console.log(w.grad); // tensor([2., 4., 6.])
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: methods.ts attaches every one of them to the class.
export class Tensor {
  readonly shape: Shape;
  readonly dtype: DType;
  #strides: readonly number[];
  #offset: number;
  #storage: Storage | undefined;
  #edge: GradEdge | undefined;
  #grad: Tensor | undefined;
  #gradWasSeen = false;
  #isView: boolean;

  /** Takes over one reference of `storage`. */
  constructor(storage: Storage, { shape, strides, offset }: Layout, edge?: GradEdge, isView = false) {
    this.shape = shape;
    this.#strides = strides;
    this.#offset = offset;
    this.dtype = storage.dtype;
    this.#storage = storage;
    this.#edge = edge;
    this.#isView = isView;
  }

  /** Number of dimensions. */
  get ndim(): number {
    return this.shape.length;
  }

  /** Number of elements. */
  get numel(): number {
    return sizeOf(this.shape);
  }

  /** Elements of the storage to skip for one step along each dimension. */
  get strides(): readonly number[] {
    return this.#strides;
  }

  /** Where in the storage the first element is. */
  get offset(): number {
    return this.#offset;
  }

  /** True for another look at a tensor's elements (reshape, at with ranges, permute, detach …), which cannot be changed. */
  get isView(): boolean {
    return this.#isView;
  }

  /** Where the elements are: `cpu`, `webgpu`, or `meta`, which has none. */
  get device(): DeviceName {
    return this.storage.backend.name;
  }

  /** The elements' storage, for ops. Throws DisposedError after `dispose()`. */
  get storage(): Storage {
    if (this.#storage !== undefined) return this.#storage;
    throw new DisposedError(
      "tensor",
      `a tensor of shape ${formatShape(this.shape)} was used after dispose()`,
      "Dispose of a tensor after its last use, or not at all: unreachable tensors are collected.",
    );
  }

  /** The op that computed this tensor, with the ops before it; undefined for leaves and outside the graph. */
  get gradFn(): GradNode | undefined {
    return this.#edge instanceof LeafNode ? undefined : this.#edge;
  }

  /** Where gradients of this tensor go; ops read it to record themselves. */
  get edge(): GradEdge | undefined {
    return this.#edge;
  }

  /** True when no recorded op computed this tensor. */
  get isLeaf(): boolean {
    return this.gradFn === undefined;
  }

  /** Whether ops on this tensor are recorded for `backward()`. Only leaves can be switched. */
  get requiresGrad(): boolean {
    return this.#edge !== undefined;
  }

  set requiresGrad(value: boolean) {
    if (!this.isLeaf) {
      throw new GradError(
        "requiresGrad",
        "only leaf tensors can be switched",
        "Use detach() for a copy outside the graph.",
      );
    }
    if (value && this.dtype !== "float32") {
      throw new DtypeError(
        "requiresGrad",
        `only float32 has gradients, got ${this.dtype}`,
        [this.dtype],
        'Use .to("float32").',
      );
    }
    this.#edge = value ? (this.#edge ?? new LeafNode(this)) : undefined;
  }

  /** The sum of all gradients that `backward()` has brought to this leaf since the last `zeroGrad()`. */
  get grad(): Tensor | undefined {
    this.#gradWasSeen = true;
    return this.#grad;
  }

  set grad(grad: Tensor | undefined) {
    this.#gradWasSeen = true;
    this.#grad = grad;
  }

  /** `grad` for those who do not keep it. */
  peekGrad(): Tensor | undefined {
    return this.#grad;
  }

  /** Takes over `grad`, which nobody else holds, and frees the one before unless somebody may hold that. */
  replaceGrad(grad: Tensor | undefined): void {
    if (!this.#gradWasSeen) this.#grad?.dispose();
    this.#grad = grad;
    this.#gradWasSeen = false;
  }

  /**
   * Calls `hook` with the gradient of this tensor whenever one passes on the way back; a tensor that it returns goes on
   * instead. Dispose of the result to take the hook off.
   */
  registerHook(hook: GradHook): Disposable {
    const hooks = this.#recorded("registerHook").hooks;
    hooks.push(hook);
    return {
      [Symbol.dispose]: () => {
        const at = hooks.indexOf(hook);
        if (at >= 0) hooks.splice(at, 1);
      },
    };
  }

  /** Lets this tensor collect its gradient in `grad`, as leaves do by themselves. */
  retainGrad(): void {
    if (this.isLeaf && this.requiresGrad) return;
    this.#recorded("retainGrad").hooks.push((grad) => {
      this.#grad = this.#grad === undefined ? grad.alias() : this.#grad.add(grad);
    });
  }

  #recorded(caller: string): GradEdge {
    if (this.#edge !== undefined) return this.#edge;
    throw new GradError(caller, "the tensor needs no gradient", "Create a leaf with { requiresGrad: true }.");
  }

  /** The same elements outside the graph: gradients stop here. */
  detach(): Tensor {
    return enterScope(new Tensor(this.storage.retain(), this, undefined, true));
  }

  /**
   * The same elements as a tensor of its own, in the graph like every op. Nothing is copied: elements never change in
   * place, see {@link assign}.
   */
  clone(): Tensor {
    return this.alias();
  }

  /** Another handle on the same elements and the same place in the graph, with a lifetime of its own. */
  alias(): Tensor {
    return new Tensor(this.storage.retain(), this, this.#edge);
  }

  /**
   * Gives this leaf the elements of `value`, as an optimiser does with its parameters. Tensors that were computed from
   * or detached from the old elements keep those.
   */
  assign(value: Tensor): void {
    if (!this.isLeaf) throw new GradError("assign", "only leaf tensors can be given new elements");
    if (!sameShape(value.shape, this.shape)) {
      throw ShapeError.of("assign", "shapes differ", { tensor: this.shape, value: value.shape });
    }
    if (value.dtype !== this.dtype) {
      throw new DtypeError("assign", `dtypes differ, tensor ${this.dtype}, value ${value.dtype}`, [
        this.dtype,
        value.dtype,
      ]);
    }
    this.#take(value);
  }

  /** Takes the elements of `result` and, unless this is a leaf, its place in the graph. For methods that work in place. */
  become(result: Tensor): this {
    if (!(this.isLeaf && this.requiresGrad)) this.#edge = result.#edge;
    this.#take(result);
    return this;
  }

  #take(value: Tensor): void {
    const old = this.storage;
    const rows = value.contiguous();
    this.#storage = rows.storage.retain();
    this.#strides = rows.strides;
    this.#offset = rows.offset;
    old.release();
  }

  /** A copy of the elements as a typed array, row by row; booleans are 0 and 1. */
  async data(): Promise<TypedArray> {
    const { storage, offset, numel } = this.contiguous();
    return storage.backend.read(storage.buffer, offset, numel);
  }

  /** {@link data} at once, where the backend can wait: on the CPU. */
  dataSync(): TypedArray {
    const { storage, offset, numel } = this.contiguous();
    return storage.backend.readSync(storage.buffer, offset, numel);
  }

  /** The only element of a tensor as a number; booleans are 0 and 1. Throws ShapeError for more or fewer elements. */
  async item(): Promise<number> {
    return onlyElement(this, await this.data());
  }

  /** {@link item} at once, where the backend can wait: on the CPU. */
  itemSync(): number {
    return onlyElement(this, this.dataSync());
  }

  /** Nested arrays of the elements: numbers, or booleans for dtype `bool`. A scalar gives its value. */
  async toArray<T extends NestedArray = NestedArray>(): Promise<T> {
    return nest(await this.data(), this.shape, this.dtype) as T;
  }

  /** {@link toArray} at once, where the backend can wait: on the CPU. */
  toArraySync<T extends NestedArray = NestedArray>(): T {
    return nest(this.dataSync(), this.shape, this.dtype) as T;
  }

  /** Gives the elements back at once. Never needed; using the tensor afterwards throws DisposedError. */
  dispose(): void {
    this.#storage?.release();
    this.#storage = undefined;
  }

  /** True after {@link dispose}. */
  get isDisposed(): boolean {
    return this.#storage === undefined;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** The elements as PyTorch prints them; more than 1,000 are summarised. */
  toString(): string {
    return formatTensor(this);
  }

  /** What `console.log` shows in Node: the elements, then shape, dtype, device and how they lie in memory. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return inspectTensor(this);
  }
}

export interface Tensor extends TensorMethods {}

function onlyElement(tensor: Tensor, values: TypedArray): number {
  if (values.length === 1) return values[0]!;
  throw ShapeError.of(
    "item",
    "needs exactly one element",
    { tensor: tensor.shape },
    "Use toArray() or data() for several, or reduce first: .mean().item().",
  );
}
