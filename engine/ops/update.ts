// The one way through which fused optimiser steps go: new storages for what comes out, then the backend's kernel. Nothing is
// overwritten, so whoever holds the old elements keeps them. Called by optim/.

import type { BackendBuffer, UpdateItem } from "../backends/backend.ts";
import { contiguousLayout } from "../core/layout.ts";
import { Storage } from "../tensor/storage.ts";
import { Tensor } from "../tensor/tensor.ts";
import type { UpdateInputs, UpdateName, UpdateOptions, UpdateOutputs } from "./update-table.ts";

/** The next elements of every parameter and of what the rule remembers; all tensors of one item have one shape, float32. */
export function update<U extends UpdateName>(
  rule: U,
  items: readonly UpdateInputs<U, Tensor>[],
  options: UpdateOptions<U>,
): readonly UpdateOutputs<U, Tensor>[] {
  const backend = items[0]?.[0].storage.backend;
  if (backend === undefined) return [];
  const rows = items.map((tensors) => tensors.map((tensor) => tensor.contiguous()));
  const results = rows.map(([parameter, gradient, ...states]) => {
    const size = parameter!.numel;
    const inputs = [parameter!, gradient!, ...states];
    const storages = Array.from({ length: 1 + states.length }, () => new Storage(backend, "float32", size));
    const item: UpdateItem<UpdateName, BackendBuffer> = {
      size,
      inputs: inputs.map(({ storage, offset }) => ({ buffer: storage.buffer, offset })) as never,
      outputs: storages.map(({ buffer }) => buffer) as never,
    };
    const layout = contiguousLayout(parameter!.shape);
    return { item, tensors: storages.map((storage) => new Tensor(storage, layout)) };
  });
  backend.update(rule, results.map(({ item }) => item) as never, options);
  return results.map(({ tensors }) => tensors as unknown as UpdateOutputs<U, Tensor>);
}
