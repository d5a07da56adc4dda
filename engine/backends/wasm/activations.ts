// The activations with which products and convolutions end.

import type { Activation } from "../../ops/table.ts";
import { sigmoid, tanh } from "./math/index.ts";
import type { Epilogue } from "./matmul/register-tile.ts";

/** The epilogue of an op that may add a bias. */
export function epilogueOf(bias: Epilogue["bias"], activation: Activation): Epilogue {
  return activation === "none" ? { bias } : { bias, activation: activations[activation] };
}

const activations: Readonly<Record<Exclude<Activation, "none">, NonNullable<Epilogue["activation"]>>> = {
  tanh,
  sigmoid,
  relu: (x) => x.pmax(0),
};
