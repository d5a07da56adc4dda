// TensorFlow.js's side, on its WebAssembly backend (its fastest without native code), one thread in Node: Keras layers and
// `trainOnBatch`, channels last, as its documentation teaches. The package lies in .cache/bench-node, so its types are not
// here.

import type { Layer, OpSpec, TrainSpec } from "../spec.ts";
import { CannotError, job, type Step, serve } from "./serve.ts";

const packages = process.env.LECTERN_BENCH_PACKAGES!;
const locate = (name: string): string => import.meta.resolve(name, packages);
const tf = await import(locate("@tensorflow/tfjs"));
const wasm = await import(locate("@tensorflow/tfjs-backend-wasm"));
wasm.setWasmPaths(new URL("./", locate("@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm")).pathname);
wasm.setThreadsCount(job.threads);

function toLayer(layer: Layer, inputShape: object) {
  switch (layer.layer) {
    case "conv2d": {
      const { to: filters, kernel: kernelSize, padding } = layer;
      return tf.layers.conv2d({ filters, kernelSize, padding: padding > 0 ? "same" : "valid", ...inputShape });
    }
    case "avgPool2d":
      return tf.layers.averagePooling2d({ poolSize: layer.kernel });
    case "maxPool2d":
      return tf.layers.maxPooling2d({ poolSize: layer.kernel });
    case "linear":
      return tf.layers.dense({ units: layer.to, ...inputShape });
    case "flatten":
      return tf.layers.flatten();
    case "flattenSteps":
      return tf.layers.activation({ activation: "linear" }); // the loss takes steps as they are
    case "embedding":
      return tf.layers.embedding({ inputDim: layer.count, outputDim: layer.size, ...inputShape });
    case "rnn":
      return tf.layers.simpleRNN({ units: layer.to, returnSequences: true });
    case "gru":
      return tf.layers.gru({ units: layer.to, returnSequences: true });
    case "lstm":
      return tf.layers.lstm({ units: layer.to, returnSequences: true });
    case "positions":
    case "transformer":
      throw new CannotError("has no transformer layers");
    default:
      return tf.layers.activation({ activation: layer.layer });
  }
}

function trainingStep({ input, tokens, layers, output, loss, optimizer, lr }: TrainSpec): Step {
  const [batch, ...sample] = input as readonly [number, ...number[]];
  const inputShape = sample.length === 3 ? [...sample.slice(1), sample[0]!] : sample;
  const model = tf.sequential({ layers: layers.map((layer, i) => toLayer(layer, i === 0 ? { inputShape } : {})) });
  model.compile({
    optimizer: optimizer === "adam" ? tf.train.adam(lr) : tf.train.sgd(lr),
    loss: loss === "mse" ? "meanSquaredError" : tf.losses.softmaxCrossEntropy,
  });
  const shape = [batch, ...inputShape];
  const x = tokens === undefined ? tf.randomNormal(shape) : tf.randomUniform(shape, 0, tokens, "int32");
  const [rows, columns] = output;
  const y =
    loss === "mse" ? tf.randomNormal(output) : tf.oneHot(tf.randomUniform([rows], 0, columns, "int32"), columns);
  const target = rows === batch ? y : y.reshape([batch, rows / batch, columns]);
  return () => model.trainOnBatch(x, target);
}

function opStep({ op, shapes }: OpSpec): Step {
  if (op !== "matmul") throw new CannotError("is measured with matmul only");
  const [x, y] = shapes.map((shape) => tf.randomNormal(shape));
  return () => {
    const product = tf.matMul(x, y);
    product.dataSync();
    product.dispose();
  };
}

await serve(tf.version.tfjs, async () => {
  await tf.setBackend("wasm");
  const step = job.spec.kind === "train" ? trainingStep(job.spec) : opStep(job.spec);
  try {
    await step();
  } catch (error) {
    // "Kernel 'Conv2DBackpropFilter' not registered for backend 'wasm'. Did you forget …", or no gradient function
    throw new CannotError(String((error as Error).message).split(/[.\n]/)[0]);
  }
  return step;
});
