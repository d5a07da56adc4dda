// What a convolution is when there is nothing to sum, for want of channels or because no tap meets an element: its bias, or 0.

import { extractLane, integers, loadSplat, type ModuleBuilder, splat } from "../assembler/index.ts";
import type { Epilogue } from "../matmul/register-tile.ts";
import { counters } from "./bounds.ts";

export interface Planes {
  readonly batch: number;
  readonly filters: number;
  /** Elements of an image of one filter. */
  readonly plane: number;
}

/** Adds `empty(bias, output)`. */
export function defineEmpty(module: ModuleBuilder, name: string, planes: Planes, { bias, activation }: Epilogue): void {
  module.export(name, integers("bias", "output"), (f, { bias: terms, output }) => {
    const [image, filter, element] = counters(f, 3);
    const value = f.local("f32x4");
    f.for(image, 0, planes.batch, 1, () => {
      f.for(filter, 0, planes.filters, 1, () => {
        value.set(bias === "none" ? splat("f32x4", 0) : loadSplat("f32x4", terms.add(filter.shl(2))));
        if (activation !== undefined) value.set(activation(value, f));
        f.for(element, 0, planes.plane, 1, () => {
          f.store(output, extractLane(value, 0));
          output.increase(4);
        });
      });
    });
  });
}
