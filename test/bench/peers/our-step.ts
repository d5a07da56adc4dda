// A step of a workload with our engine: the library that scripts import, which is the engine of cells. Needs `npm run build`.

import { nn, optim, randint, randn, type Tensor, tensor, zeros } from "lectern";
import type { Layer, OpSpec, TrainSpec } from "../spec.ts";
import type { Step } from "./serve.ts";

type Recurrent = nn.RNN | nn.GRU | nn.LSTM;

/** What a recurrent layer gives at every step, without its last state. */
class Outputs extends nn.Module {
  readonly recurrent: Recurrent;

  constructor(recurrent: Recurrent) {
    super();
    this.recurrent = recurrent;
  }

  override forward(x: Tensor): Tensor {
    return this.recurrent.forward(x)[0];
  }
}

class Positions extends nn.Module {
  readonly weight: nn.Parameter;

  constructor(length: number, size: number) {
    super();
    this.weight = new nn.Parameter(randn([length, size]));
  }

  override forward(x: Tensor): Tensor {
    return x.add(this.weight);
  }
}

class FlattenSteps extends nn.Module {
  override forward(x: Tensor): Tensor {
    return x.flatten(0, 1);
  }
}

function toModule(layer: Layer) {
  switch (layer.layer) {
    case "conv2d":
      return new nn.Conv2d(layer.from, layer.to, layer.kernel, { padding: layer.padding });
    case "avgPool2d":
      return new nn.AvgPool2d(layer.kernel);
    case "maxPool2d":
      return new nn.MaxPool2d(layer.kernel);
    case "linear":
      return new nn.Linear(layer.from, layer.to);
    case "tanh":
      return new nn.Tanh();
    case "relu":
      return new nn.ReLU();
    case "sigmoid":
      return new nn.Sigmoid();
    case "flatten":
      return new nn.Flatten();
    case "flattenSteps":
      return new FlattenSteps();
    case "embedding":
      return new nn.Embedding(layer.count, layer.size);
    case "positions":
      return new Positions(layer.length, layer.size);
    case "rnn":
      return new Outputs(new nn.RNN(layer.from, layer.to, { batchFirst: true }));
    case "gru":
      return new Outputs(new nn.GRU(layer.from, layer.to, { batchFirst: true }));
    case "lstm":
      return new Outputs(new nn.LSTM(layer.from, layer.to, { batchFirst: true }));
    case "transformer": {
      const options = { dimFeedforward: layer.hidden, dropout: 0, batchFirst: true };
      return new nn.TransformerEncoder(new nn.TransformerEncoderLayer(layer.size, layer.heads, options), layer.count);
    }
  }
}

export function trainingStep({ layers, input, tokens, loss, output, ...options }: TrainSpec): Step {
  const model = new nn.Sequential(...layers.map(toModule));
  const x = tokens === undefined ? randn(input) : randint(0, tokens, input);
  const y = loss === "mse" ? randn(output) : randint(0, output[1], [output[0]]);
  const lossOf = loss === "mse" ? nn.functional.mseLoss : nn.functional.crossEntropy;
  const optimizer = new { adam: optim.Adam, sgd: optim.SGD }[options.optimizer](model.parameters(), { lr: options.lr });
  return () => {
    optimizer.zeroGrad();
    lossOf(model.forward(x), y).backward();
    optimizer.step();
  };
}

const ops: Readonly<Record<OpSpec["op"], (x: Tensor, y: Tensor) => Tensor>> = {
  add: (x, y) => x.add(y),
  mul: (x, y) => x.mul(y),
  matmul: (x, y) => x.matmul(y),
  conv2d: (x, y) => nn.functional.conv2d(x, y),
  softmax: (x) => x.softmax(-1),
  sum: (x) => x.sum(),
  relu: (x) => x.relu(),
  zeros: (x) => zeros(x.shape),
  reshape: (x) => x.reshape([-1]),
};

/** Results are disposed of, as reference counts do in the peers at once: what is measured is the op, not the collector. */
export function opStep({ op, shapes, gradient }: OpSpec): Step {
  const requiresGrad = gradient !== undefined;
  const [x, y = tensor(0)] = shapes.map((shape) => randn(shape, { requiresGrad }));
  const run = ops[op];
  return gradient === "backward" ? () => run(x!, y).sum().backward() : () => run(x!, y).dispose();
}
