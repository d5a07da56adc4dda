// jax-js's side, on its WebAssembly backend, one thread in Node: functions of a table of weights, the whole step with its
// optimiser compiled by `jit`. Arrays are consumed by the functions that take them, hence `.ref`. The package lies in
// .cache/bench-node, so its types are not here.

import { readFileSync } from "node:fs";
import type { Layer, OpSpec, TrainSpec } from "../spec.ts";
import { CannotError, job, type Step, serve } from "./serve.ts";

const packages = process.env.LECTERN_BENCH_PACKAGES!;
const jax = await import(import.meta.resolve("@jax-js/jax", packages));
const manifest = new URL("node_modules/@jax-js/jax/package.json", packages);
const { version } = JSON.parse(readFileSync(manifest, "utf8"));
const { numpy: np, lax, nn } = jax;

type Array = ReturnType<typeof np.array>;
type Weights = Record<string, Array>;

const normal = (shape: readonly number[], scale = 0.1): Array => {
  const size = shape.reduce((a, b) => a * b, 1);
  return np.array(Float32Array.from({ length: size }, () => (Math.random() - 0.5) * scale)).reshape([...shape]);
};
const zeros = (shape: readonly number[]): Array => np.zeros([...shape]);

/** The weights of a layer, by shape. */
function shapesOf(layer: Layer): Readonly<Record<string, readonly number[]>> {
  if (layer.layer === "linear") return { weight: [layer.from, layer.to], bias: [layer.to] };
  if (layer.layer !== "conv2d") return {};
  return { weight: [layer.to, layer.from, layer.kernel, layer.kernel], bias: [layer.to, 1, 1] };
}

function applied(layer: Layer, x: Array, { weight, bias }: Weights): Array {
  switch (layer.layer) {
    case "conv2d": {
      const padding = [layer.padding, layer.padding];
      return lax.convGeneralDilated(x, weight, [1, 1], [padding, padding]).add(bias);
    }
    case "avgPool2d":
      return windows(x, layer.kernel).mean([3, 5]);
    case "maxPool2d":
      return windows(x, layer.kernel).max([3, 5]);
    case "linear":
      return np.matmul(x, weight).add(bias);
    case "tanh":
      return np.tanh(x);
    case "relu":
      return nn.relu(x);
    case "sigmoid":
      return nn.sigmoid(x);
    case "flatten":
      return x.reshape([x.shape[0], -1]);
    default:
      throw new CannotError("has no recurrent or transformer layers");
  }
}

function windows(x: Array, kernel: number): Array {
  const [batch, channels, height, width] = x.shape;
  return x.reshape([batch, channels, height / kernel, kernel, width / kernel, kernel]);
}

const mapped = (weights: Weights, change: (array: Array, name: string) => Array): Weights =>
  Object.fromEntries(Object.entries(weights).map(([name, array]) => [name, change(array, name)]));
const kept = (weights: Weights): Weights => mapped(weights, (array) => array.ref);

interface State {
  readonly weights: Weights;
  readonly mean: Weights;
  readonly square: Weights;
  /** β₁ᵗ and β₂ᵗ. */
  readonly decay: Array;
}

function trainingStep({ input, layers, output, loss, optimizer, lr }: TrainSpec): Step {
  const shapes = Object.fromEntries(
    layers.flatMap((layer, i) => Object.entries(shapesOf(layer)).map(([name, shape]) => [`${i}.${name}`, shape])),
  );
  const made = (make: (shape: readonly number[]) => Array): Weights =>
    Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, make(shape)]));

  const lossOf = (weights: Weights, x: Array, y: Array): Array => {
    const logits = layers.reduce(
      (h, layer, i) => applied(layer, h, { weight: weights[`${i}.weight`], bias: weights[`${i}.bias`] }),
      x,
    );
    if (loss === "mse") return np.square(logits.sub(y)).mean();
    return nn
      .logSoftmax(logits)
      .mul(y)
      .sum()
      .mul(-1 / output[0]);
  };

  const sgd = (weights: Weights, x: Array, y: Array): Weights => {
    const gradients = jax.grad(lossOf)(kept(weights), x, y);
    return mapped(weights, (weight, name) => weight.sub(gradients[name].mul(lr)));
  };
  const adam = (state: State, x: Array, y: Array): State => {
    const gradients = jax.grad(lossOf)(kept(state.weights), x, y);
    const decay = state.decay.mul(np.array([0.9, 0.999]));
    const correction = np.array([1, 1]).sub(decay.ref);
    const [first, second] = [correction.ref.slice(0), correction.slice(1)];
    const mean = mapped(state.mean, (m, name) => m.mul(0.9).add(gradients[name].ref.mul(0.1)));
    const square = mapped(state.square, (v, name) => v.mul(0.999).add(np.square(gradients[name]).mul(0.001)));
    const weights = mapped(state.weights, (weight, name) => {
      const root = np.sqrt(square[name].ref.div(second.ref)).add(1e-8);
      return weight.sub(mean[name].ref.div(first.ref).div(root).mul(lr));
    });
    first.dispose();
    second.dispose();
    return { weights, mean, square, decay };
  };

  const x = normal(input, 2);
  const classes = np.array(Int32Array.from({ length: output[0] }, (_, i) => i % output[1]));
  const y = loss === "mse" ? normal(output) : nn.oneHot(classes, output[1]);
  let state: State | Weights =
    optimizer === "adam"
      ? { weights: made(normal), mean: made(zeros), square: made(zeros), decay: np.array([1, 1]) }
      : made(normal);
  const step = jax.jit(optimizer === "adam" ? adam : sgd);
  return async () => {
    state = step(state, x.ref, y.ref);
    await jax.blockUntilReady(state);
  };
}

function opStep({ op, shapes }: OpSpec): Step {
  if (op !== "matmul") throw new CannotError("is measured with matmul only");
  const [x, y] = shapes.map((shape) => normal(shape));
  return async () => {
    const product = np.matmul(x.ref, y.ref);
    await product.data();
  };
}

await jax.init("wasm");
jax.defaultDevice("wasm");
await serve(version, () => (job.spec.kind === "train" ? trainingStep(job.spec) : opStep(job.spec)));
