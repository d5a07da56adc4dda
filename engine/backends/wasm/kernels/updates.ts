// The steps of optimisers: all parameters are one job, large ones in several parts.

import type { UpdateName, UpdateOptions } from "../../../ops/update-table.ts";
import type { UpdateItem } from "../../backend.ts";
import type { HeapBuffer } from "../memory/heap-buffer.ts";
import { rules } from "../optimizer/rules.ts";
import { defineUpdate } from "../optimizer/update.ts";
import type { Runtime } from "../runtime.ts";
import { evenly } from "../work.ts";
import { cost } from "./worker.ts";

type Operand = { readonly buffer: HeapBuffer; readonly offset: number };

export type RunUpdate = <U extends UpdateName>(
  rule: U,
  items: readonly UpdateItem<U, HeapBuffer>[],
  options: UpdateOptions<U>,
) => void;

export function updater({ library, team }: Runtime): RunUpdate {
  const kernels = library.family("update");
  return (rule, items, options) => {
    const numbers = rules[rule].numbers(options as never);
    const kernel = kernels.get(rule, (module, name) => defineUpdate(module, name, rule, numbers.length));
    const total = items.reduce((sum, { size }) => sum + size, 0);
    const threads = team.partsFor(total * cost.memory);
    const grain = Math.ceil(total / threads);
    const parts = items.flatMap(({ size, inputs, outputs }) => {
      const from = (inputs as readonly Operand[]).map(({ buffer, offset }) => buffer.address + 4 * offset);
      const to = (outputs as readonly HeapBuffer[]).map(({ address }) => address);
      return evenly(size, Math.ceil(size / grain), 16).map(({ start, end }) => [
        ...[end - start, ...from.map((address) => address + 4 * start), ...to.map((address) => address + 4 * start)],
        ...numbers,
      ]);
    });
    if (threads === 1) team.runHere(kernel, parts);
    else team.run(kernel, parts);
  };
}
