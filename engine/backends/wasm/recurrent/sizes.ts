// What recurrent kernels are made for: their code knows the size of the state, everything else is an argument.

import type { TileShape } from "../matmul/register-tile.ts";

export interface RecurrentSizes {
  readonly hidden: number;
  /** The largest tile of a step's product. */
  readonly tile: TileShape;
}
