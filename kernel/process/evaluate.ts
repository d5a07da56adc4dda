// How the display, which does not know the engine, asks a cell's function of tensors: with numbers, without gradients.

import { noGrad, type Tensor, tensor } from "#engine";
import type { Evaluate } from "../display/index.ts";

export const evaluate: Evaluate<Tensor> = (f, values, shape) => noGrad(() => f(tensor(values, { shape })));
