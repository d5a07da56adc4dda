// Compiles the engine's kernels with V8's optimising compiler at once: they are small and run hot from the first step on.
// The flags are on for these modules only, so that everything else starts as fast as ever.

import { setFlagsFromString } from "node:v8";
import type { CpuOptions } from "#engine";

type Compilation = NonNullable<CpuOptions["compilation"]>;

/** V8's flags while a kernel is compiled, and what they are otherwise. */
const flags = [
  ["--no-liftoff", "--liftoff"],
  ["--no-wasm-lazy-compilation", "--wasm-lazy-compilation"],
] as const;

/** Makes pairs of 128-bit operations 256 bits wide. Experimental in V8. */
const revectorize = ["--experimental-wasm-revectorize", "--no-experimental-wasm-revectorize"] as const;

export function compilation(isRevectorizing: boolean): Compilation {
  const chosen = isRevectorizing ? [...flags, revectorize] : flags;
  return {
    isRevectorizing,
    withFlags(compile) {
      for (const [on] of chosen) setFlagsFromString(on);
      try {
        return compile();
      } finally {
        for (const [, off] of chosen) setFlagsFromString(off);
      }
    },
  };
}
