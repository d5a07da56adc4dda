// Values as Python writes them, for `toString` of layers: PyTorch users compare them with their own.

/** `True`, `False` */
export function pythonBool(value: boolean): string {
  return value ? "True" : "False";
}

/** A number that is a float in PyTorch: `1.0`, `0.1`, `1e-05`. */
export function pythonFloat(value: number): string {
  if (value !== 0 && Math.abs(value) < 1e-4) return value.toExponential().replace(/e-(\d)$/, "e-0$1");
  return Number.isInteger(value) ? `${value}.0` : `${value}`;
}

/** `(2, 3)`; of one element `(2,)`. */
export function pythonTuple(values: readonly number[]): string {
  return values.length === 1 ? `(${values[0]},)` : `(${values.join(", ")})`;
}

/** `kernel_size=(5, 5)` */
export function pythonField(name: string, values: readonly number[]): string {
  return `${name}=${pythonTuple(values)}`;
}

/** A number or a tuple, as it was given. */
export function pythonSizes(value: number | readonly number[]): string {
  return typeof value === "number" ? `${value}` : pythonTuple(value);
}
