// Tensors without elements: ops infer shapes and dtypes and compute nothing, as on PyTorch's meta device. For counting the
// parameters and shapes of networks that would not fit, and for `summary`. Takes operands of any backend, since it reads none.

import { context } from "../../core/context.ts";
import { BackendError } from "../../core/errors.ts";
import type { Inputs, Meta, Params } from "../../ops/table.ts";
import type { Backend, BackendBuffer, ComputedOp } from "../backend.ts";

/** Sees an op that would have been computed. */
export type OpWatch = <P extends ComputedOp>(op: P, inputs: Inputs<P, Meta>, output: Meta, params: Params<P>) => void;

const nothing: BackendBuffer = {};

function refuse(): never {
  throw new BackendError(
    "data",
    "a tensor on the meta device has a shape and no elements",
    "Build and run the model outside of onMeta to get values.",
  );
}

const everyOp = { has: () => true } as unknown as ReadonlySet<ComputedOp>;

const metaBackend: Backend = {
  name: "meta",
  holdsElements: false,
  strided: everyOp,
  allocate: () => nothing,
  release: () => {},
  write: () => {},
  read: async () => refuse(),
  readSync: refuse,
  memory: () => ({ tensors: 0, bytes: 0, pooledBytes: 0 }),
  settle: () => {},
  run: () => {},
  update: () => {},
};

/**
 * Runs `fn` with tensors that have shapes and dtypes but no elements: a network of any size takes no time and no memory.
 * PyTorch's `with torch.device("meta")`. Reading values throws BackendError. Not for asynchronous functions.
 *
 * @example
 * const layer = onMeta(() => new nn.Linear(25_088, 4096));
 * layer.weight.numel; // 102760448
 * onMeta(() => layer.forward(rand([64, 25_088]))).shape; // [64, 4096]
 */
export function onMeta<T>(fn: () => T): T {
  return asGuest(metaBackend, fn);
}

/** As {@link onMeta}; `watch` is called for every op that would have been computed: all but views. */
export function watchOnMeta<T>(watch: OpWatch, fn: () => T): T {
  return asGuest({ ...metaBackend, run: watch }, fn);
}

function asGuest<T>(backend: Backend, fn: () => T): T {
  const { guest } = context;
  context.guest = backend;
  try {
    return fn();
  } finally {
    context.guest = guest;
  }
}
