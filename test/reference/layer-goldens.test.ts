// Every layer and loss against PyTorch: first weights bit for bit, printed text, outputs and gradients in training and
// in evaluation, buffers afterwards. Rows are made by make-layer-goldens.py, see layer_cases.py.

import { describe, expect, it } from "vitest";
import { manualSeed, nn, rand, type Tensor } from "#engine";
import { expectClose, expectGolden, type Golden, readGolden, toTensor } from "./golden.ts";

/** JSON in which tensors are marked. */
type Plain = number | string | boolean | null | { readonly tensor: Golden } | PlainObject | readonly Plain[];
interface PlainObject {
  readonly [key: string]: Plain;
}

interface Run {
  readonly outputs: readonly Golden[];
  readonly inputGradients?: readonly (Golden | null)[];
  readonly gradients?: Readonly<Record<string, Golden>>;
  readonly buffers?: Readonly<Record<string, Golden>>;
}

interface Row {
  readonly layer: string;
  readonly args: readonly Plain[];
  readonly text?: string;
  /** Hexadecimal float32 bits, or values that agree to 1e-6. */
  readonly first?: Readonly<Record<string, string | Golden>>;
  /** The random numbers after construction. */
  readonly next?: readonly number[];
  readonly state?: Readonly<Record<string, Golden>>;
  readonly inputs: readonly Plain[];
  readonly call?: PlainObject;
  readonly train?: Run;
  readonly eval?: Run;
}

const encoder = () => new nn.TransformerEncoderLayer(4, 2, { dimFeedforward: 5, dropout: 0, batchFirst: true });

/** Layers whose arguments are layers. */
const made: Readonly<Record<string, () => nn.AnyModule>> = {
  encoder: () => new nn.TransformerEncoder(encoder(), 2),
  encoderWithNorm: () => {
    const inner = encoder();
    return new nn.TransformerEncoder(inner, 2, { norm: new nn.LayerNorm(4) });
  },
};

const families = [
  "linear",
  "activations",
  "convolutions",
  "pools",
  "norms",
  "recurrent",
  "attention",
  "encoders",
  "losses",
] as const;

describe.each(families)("%s", (family) => {
  const rows = readGolden<readonly Row[]>(`layer-${family}`);

  it.each(rows.map((row, i) => [`${i}: ${row.layer}${shortly(row)}`, row] as const))("%s", (_, row) => {
    manualSeed(7);
    const layer = make(row);
    if (row.next !== undefined) expectClose(rand([2]).dataSync(), row.next, 1e-7);
    if (row.text !== undefined) expect(layer.toString()).toBe(row.text);
    if (row.first !== undefined) expectFirst(layer, row.first);
    for (const mode of ["train", "eval"] as const) {
      const expected = row[mode];
      if (expected === undefined) continue;
      // Both modes run on the state that the mode before left, as in the script.
      if (mode === "train" || row.train === undefined) load(layer, row);
      layer.train(mode === "train").zeroGrad();
      expectRun(layer, row, expected);
    }
  });
});

it("there are at least 150 of them", () => {
  const counts = families.map((family) => readGolden<readonly Row[]>(`layer-${family}`).length);
  expect(counts.reduce((total, count) => total + count)).toBeGreaterThanOrEqual(150);
});

function shortly({ args, call }: Row): string {
  const text = JSON.stringify([...args, ...(call === undefined ? [] : [Object.keys(call)])]);
  return `(${text.slice(1, -1)})`.slice(0, 80);
}

function make({ layer, args }: Row): nn.AnyModule {
  const special = made[layer];
  if (special !== undefined) return special();
  const Layer = nn[layer as "Linear"] as unknown as new (...args: unknown[]) => nn.AnyModule;
  return new Layer(...args.map((arg) => revive(arg, false)));
}

function load(layer: nn.AnyModule, { state }: Row): void {
  if (state === undefined) return;
  layer.loadStateDict(Object.fromEntries(Object.entries(state).map(([name, value]) => [name, toTensor(value)])));
}

function expectFirst(layer: nn.AnyModule, first: Readonly<Record<string, string | Golden>>): void {
  const state = layer.stateDict();
  expect(Object.keys(state)).toEqual(Object.keys(first));
  for (const [name, expected] of Object.entries(first)) {
    const tensor = state[name]!;
    if (typeof expected === "object") expectGolden(tensor, expected, 1e-6);
    // PyTorch counts batches in 64 bits.
    else if (tensor.dtype === "int32") expect(tensor.itemSync()).toBe(0);
    else expect(Buffer.from(tensor.dataSync().buffer).toString("hex"), name).toBe(expected);
  }
}

function expectRun(layer: nn.AnyModule, row: Row, expected: Run): void {
  const inputs = row.inputs.map((input) => revive(input, true));
  const call = row.call === undefined ? [] : [revive(row.call, false)];
  const outputs = tensorsIn(layer.forward(...inputs, ...call));
  expect(outputs.length).toBe(expected.outputs.length);
  for (const [i, output] of outputs.entries()) expectGolden(output, expected.outputs[i]!, 5e-6);
  if (expected.inputGradients !== undefined) {
    const losses = outputs.filter((output) => output.requiresGrad).map((output) => output.mul(weightOf(output)).sum());
    losses.reduce((total, loss) => total.add(loss)).backward();
    for (const [i, input] of tensorsIn(inputs).entries()) {
      const gradient = expected.inputGradients[i]!;
      if (gradient !== null) expectGolden(input.grad!, gradient, 2e-5);
    }
    const parameters = new Map<string, Tensor>(layer.namedParameters());
    for (const [name, gradient] of Object.entries(expected.gradients ?? {})) {
      expectGolden(parameters.get(name)!.grad!, gradient, 2e-5);
    }
  }
  const buffers = new Map<string, Tensor>(layer.namedBuffers());
  for (const [name, buffer] of Object.entries(expected.buffers ?? {})) expectGolden(buffers.get(name)!, buffer, 2e-6);
}

/** The script's weights of the outputs' sum. */
function weightOf({ shape, numel }: Tensor): Tensor {
  return toTensor({ shape, dtype: "float32", values: Array.from({ length: numel }, (_, i) => Math.cos(1 + i)) });
}

function revive(value: Plain, requiresGrad: boolean): unknown {
  if (Array.isArray(value)) return value.map((item: Plain) => revive(item, requiresGrad));
  if (typeof value !== "object" || value === null) return value;
  if ("tensor" in value) {
    const golden = (value as { readonly tensor: Golden }).tensor;
    return toTensor(golden, { requiresGrad: requiresGrad && golden.dtype === "float32" });
  }
  return Object.fromEntries(
    Object.entries(value as PlainObject).map(([key, item]) => [key, revive(item, requiresGrad)]),
  );
}

function tensorsIn(value: unknown): Tensor[] {
  if (Array.isArray(value)) return value.flatMap(tensorsIn);
  return typeof value === "object" && value !== null ? [value as Tensor] : [];
}
