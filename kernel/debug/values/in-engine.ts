// What the debugger has the engine process do with a value. These functions travel there as text and are called on the value
// (`Runtime.callFunctionOn`), so each stands alone: no imports, nothing from around it. They know tensors and layers by what they have.

/** The few members of a tensor that are asked for. */
interface TensorLike {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly device: string;
  readonly requiresGrad: boolean;
  readonly isDisposed: boolean;
  readonly numel: number;
  readonly ndim: number;
  peekGrad(): TensorLike | undefined;
  detach(): TensorLike;
  select(dim: number, index: number): TensorLike;
  narrow(dim: number, start: number, length: number): TensorLike;
  toArraySync(): readonly (number | boolean)[];
  itemSync(): number;
}

/** What stands for a value in one line, and how many rows it has; undefined for what V8 describes well enough. */
export interface Description {
  readonly text: string;
  /** In a few words, for lists that show only types. */
  readonly type: string;
  readonly isTensor: boolean;
  /** A tensor's size along its first dimension. */
  readonly rows: number;
}

/** Tensors: dtype, shape and first elements. Layers: as they print themselves, in one line. */
export function describeValue(this: unknown): Description | undefined {
  const FIRST = 6;
  const value = this as Partial<TensorLike> & { toString(): string; stateDict?: unknown; forward?: unknown };
  if (typeof value.stateDict === "function" && typeof value.forward === "function") {
    const text = value.toString().split("\n")[0]!.replace(/\($/, "(…)");
    return { text, type: text.split("(")[0]!, isTensor: false, rows: 0 };
  }
  const isTensor =
    typeof value.peekGrad === "function" && typeof value.dtype === "string" && Array.isArray(value.shape);
  if (!isTensor) return undefined;
  const tensor = value as TensorLike;
  const head = `${tensor.dtype}[${tensor.shape.join(", ")}]`;
  const type = `Tensor ${head}`;
  if (tensor.isDisposed) return { text: `${head} (disposed)`, type, isTensor, rows: 0 };
  const rows = tensor.shape[0] ?? 0;
  const show = (number: number | boolean): string =>
    typeof number === "boolean" || Number.isInteger(number) ? String(number) : String(Number(number.toPrecision(5)));
  let elements: string;
  try {
    if (tensor.ndim === 0) {
      const item = tensor.itemSync();
      elements = ` = ${tensor.dtype === "bool" ? item !== 0 : show(item)}`;
    } else if (tensor.numel === 0) elements = " (empty)";
    else {
      let row = tensor.detach();
      while (row.ndim > 1) row = row.select(0, 0);
      const first = row.narrow(0, 0, Math.min(FIRST, row.shape[0]!)).toArraySync().map(show);
      elements = ` (${first.join(", ")}${tensor.numel > first.length ? ", …" : ""})`;
    }
  } catch (error) {
    elements = ` (${error instanceof Error ? error.message : error})`;
  }
  const grad = tensor.peekGrad() ? " with grad" : tensor.requiresGrad ? " requires grad" : "";
  return { text: `${head}${elements}${grad}`, type, isTensor, rows };
}

/** What one looks for first in a tensor. */
export function facts(this: TensorLike): object {
  const { shape, dtype, device, requiresGrad } = this;
  return { shape, dtype, device, requiresGrad, grad: this.isDisposed ? undefined : this.peekGrad() };
}

/** Rows of a tensor: tensors, or the elements where there is one dimension only. */
export function rows(this: TensorLike, start: number, count: number): unknown {
  const tensor = this.detach();
  const end = Math.min(start + count, tensor.shape[0] ?? 0);
  const part: Record<number, unknown> = {};
  if (tensor.ndim === 1) {
    const elements = tensor.narrow(0, start, Math.max(0, end - start)).toArraySync();
    for (let i = start; i < end; i++) part[i] = elements[i - start];
  } else for (let i = start; i < end; i++) part[i] = tensor.select(0, i);
  return part;
}

/** Elements of an array or a typed array: of a long one, V8 would send all. */
export function elements(this: ArrayLike<unknown>, start: number, count: number): unknown {
  const part: Record<number, unknown> = {};
  for (let i = start; i < Math.min(start + count, this.length); i++) if (i in this) part[i] = this[i];
  return part;
}

/** Gives a property another value, and returns what it has then. */
export function assign(this: Record<string, unknown>, name: string, value: unknown): unknown {
  this[name] = value;
  return this[name];
}

export function read(this: Record<string, unknown>, name: string): unknown {
  return this[name];
}

/**
 * What a cell shows for the value (kernel/process/engine.ts defines `$describe_`). While a cell is paused no promise settles: what has
 * still to be drawn is then told as text.
 */
export function toBundle(this: unknown, value: unknown, isPaused: boolean): unknown {
  const { $describe_ } = globalThis as unknown as { $describe_(value: unknown): object | Promise<object> };
  const bundle = $describe_(value);
  if (!isPaused || !(bundle instanceof Promise)) return bundle;
  bundle.catch(() => {});
  return { "text/plain": `${String(value)} (its picture is drawn when the cell goes on)` };
}
