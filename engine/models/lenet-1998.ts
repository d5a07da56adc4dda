// LeNet-5 as it was published: a table of connections, averages with coefficients, distances to drawn digits.

import { Buffer, Conv2d, Flatten, init, Linear, Module, Parameter, Sequential } from "../nn/index.ts";
import { conv2d } from "../ops/functions/image/convolution.ts";
import { avgPool2d } from "../ops/functions/image/pooling.ts";
import { indexSelect } from "../ops/functions/indexing/indexing.ts";
import { cat } from "../ops/functions/movement/movement.ts";
import { ones, tensor, zeros } from "../tensor/creation.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** Which maps of S2 each map of C3 sees: table I of the paper. */
const tableOfC3 = [
  [0, 1, 2],
  [1, 2, 3],
  [2, 3, 4],
  [3, 4, 5],
  [0, 4, 5],
  [0, 1, 5],
  [0, 1, 2, 3],
  [1, 2, 3, 4],
  [2, 3, 4, 5],
  [0, 3, 4, 5],
  [0, 1, 4, 5],
  [0, 1, 2, 5],
  [0, 1, 3, 4],
  [1, 2, 4, 5],
  [0, 2, 3, 5],
  [0, 1, 2, 3, 4, 5],
];

/** The digits in 7 × 12 pixels, drawn for Lectern after figure 3 of the paper. */
const drawnDigits = [
  "..###.. ...#... .#####. .#####. .....#. ####### ..####. ####### ..###.. ..###..",
  ".#...#. ..##... #.....# #.....# ....##. #...... .#..... ......# .#...#. .#...#.",
  "#.....# .#.#... ......# ......# ...#.#. #...... #...... ......# #.....# #.....#",
  "#.....# ...#... ......# ......# ..#..#. #...... #...... .....#. #.....# #.....#",
  "#.....# ...#... .....#. .....#. ..#..#. ######. #.###.. .....#. .#...#. #.....#",
  "#.....# ...#... ....#.. ..###.. .#...#. ......# ##...#. ....#.. ..###.. #.....#",
  "#.....# ...#... ...#... .....#. #....#. ......# #.....# ....#.. .#...#. .#...##",
  "#.....# ...#... ..#.... ......# ####### ......# #.....# ...#... #.....# ..###.#",
  "#.....# ...#... .#..... ......# .....#. ......# #.....# ...#... #.....# ......#",
  "#.....# ...#... #...... ......# .....#. ......# #.....# ..#.... #.....# ......#",
  ".#...#. ...#... #...... #.....# .....#. #.....# .#...#. ..#.... .#...#. .....#.",
  "..###.. .#####. ####### .#####. .....#. .#####. ..###.. ..#.... ..###.. .####..",
];

/**
 * 1.7159·tanh(2x/3), which is ±1 at ±1. Any shape. Appendix A of the paper, see leNet1998.
 *
 * @example
 * new models.ScaledTanh().forward(tensor([-1, 0, 1])); // tensor([-1.0000,  0.0000,  1.0000])
 */
export class ScaledTanh extends Module {
  override forward(x: Tensor): Tensor {
    return x
      .mul(2 / 3)
      .tanh()
      .mul(1.7159);
  }
}

/**
 * The mean of 2 × 2 pixels times a coefficient plus a bias, both of them learned for each channel: N × C × H × W → N × C × H/2 × W/2.
 * Weight and bias [C]. See leNet1998.
 *
 * @example
 * new models.TrainableAvgPool2d(6).forward(rand([1, 6, 28, 28])).shape; // [1, 6, 14, 14]
 */
export class TrainableAvgPool2d extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter;

  constructor(channels: number) {
    super();
    this.weight = new Parameter(ones([channels]));
    this.bias = new Parameter(zeros([channels]));
  }

  override forward(x: Tensor): Tensor {
    const each = (values: Tensor) => values.reshape(-1, 1, 1);
    return avgPool2d(x, 2).mul(each(this.weight)).add(each(this.bias));
  }
}

/**
 * A convolution in which output map i sees the input maps `table[i]` only: N × inChannels × H × W → N × table.length × H′ × W′. There
 * are weights for these connections alone, [connections, k, k] in the order of the table; bias [table.length]. See leNet1998.
 *
 * @example
 * const layer = new models.TableConv2d(3, [[0, 1], [1, 2], [0, 1, 2]], 5);
 * layer.weight.shape; // [7, 5, 5]
 * layer.forward(rand([1, 3, 14, 14])).shape; // [1, 3, 10, 10]
 */
export class TableConv2d extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter;
  readonly table: readonly (readonly number[])[];
  readonly #inChannels: number;
  /** Of each kernel [out · in], its place among the weights; one beyond them: none. */
  readonly #places: readonly number[];

  constructor(inChannels: number, table: readonly (readonly number[])[], kernelSize: number) {
    super();
    const connections = table.flatMap((inputs, out) => inputs.map((from) => out * inChannels + from));
    this.table = table;
    this.#inChannels = inChannels;
    this.#places = Array.from({ length: table.length * inChannels }, (_, kernel) => {
      const place = connections.indexOf(kernel);
      return place < 0 ? connections.length : place;
    });
    this.weight = new Parameter(zeros([connections.length, kernelSize, kernelSize]));
    this.bias = new Parameter(zeros([table.length]));
    // As many connections lead to a map as its row of the table says.
    const bounds = table.flatMap((inputs) => inputs.map(() => 2.4 / (inputs.length * kernelSize ** 2)));
    init.uniform_(this.weight, -1, 1);
    this.weight.assign(this.weight.detach().mul(tensor(bounds).reshape(-1, 1, 1)));
  }

  override forward(x: Tensor): Tensor {
    const size = this.weight.shape[1]!;
    const kernels = indexSelect(
      cat([this.weight, zeros([1, size, size], { device: this.weight.device })], 0),
      0,
      this.#places,
    );
    const weight = kernels.reshape(this.table.length, this.#inChannels, size, size);
    return conv2d(x, weight, { bias: this.bias });
  }
}

/**
 * Minus the squared distance to each of the fixed `centres` [classes, features]: N × features → N × classes, 0 for a perfect match.
 * The paper's radial basis functions, whose sign here is that of logits, so that argmax is the answer and cross-entropy the paper's
 * loss (9) without its constant. Not learned. See leNet1998.
 *
 * @example
 * new models.RbfOutput(tensor([[1, -1], [1, 1]])).forward(tensor([[1, 0]])); // tensor([[-1., -1.]])
 */
export class RbfOutput extends Module {
  readonly centres: Buffer;

  constructor(centres: Tensor) {
    super();
    this.centres = new Buffer(centres);
  }

  override forward(x: Tensor): Tensor {
    return x.unsqueeze(1).sub(this.centres).square().sum(-1).neg();
  }
}

/**
 * LeNet-5 as published, N × 1 × 32 × 32 → N × 10: 60,000 parameters to learn and 340,908 connections. C3 sees the maps of S2 by a table;
 * averages have coefficients; the output is compared with drawn digits, which are fixed. For digits in which paper is -0.1 and ink
 * 1.175. See leNet5 for today's form.
 *
 * Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, Gradient-Based Learning Applied to Document Recognition, Proceedings of the
 * IEEE 86 (1998), https://doi.org/10.1109/5.726791
 *
 * @example
 * const model = models.leNet1998();
 * model.forward(rand([1, 1, 32, 32])).shape; // [1, 10]
 * model.summary([1, 32, 32]).totalParameters; // 60000
 */
export function leNet1998() {
  const model = new Sequential({
    c1: new Conv2d(1, 6, 5),
    squash1: new ScaledTanh(),
    s2: new TrainableAvgPool2d(6),
    squash2: new ScaledTanh(),
    c3: new TableConv2d(6, tableOfC3, 5),
    squash3: new ScaledTanh(),
    s4: new TrainableAvgPool2d(16),
    squash4: new ScaledTanh(),
    c5: new Conv2d(16, 120, 5),
    squash5: new ScaledTanh(),
    flatten: new Flatten(),
    f6: new Linear(120, 84),
    squash6: new ScaledTanh(),
    output: new RbfOutput(pixelsOf(drawnDigits)),
  });
  // Section III-B: uniform in ±2.4 by the number of connections that lead to a unit.
  model.apply((layer) => {
    if (!(layer instanceof Conv2d || layer instanceof Linear)) return;
    const bound = 2.4 / (layer.weight.numel / layer.weight.shape[0]!);
    init.uniform_(layer.weight, -bound, bound);
    init.uniform_(layer.bias!, -bound, bound);
  });
  return model;
}

/** Ink 1, paper -1: [10, 84]. */
function pixelsOf(lines: readonly string[]): Tensor {
  const digits = Array.from({ length: 10 }, (_, digit) => lines.map((line) => line.split(" ")[digit]!).join(""));
  return tensor(digits.map((pixels) => Array.from(pixels, (pixel) => (pixel === "#" ? 1 : -1))));
}
