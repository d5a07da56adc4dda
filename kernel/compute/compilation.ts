// Compiles the engine's kernels with V8's optimising compiler at once: they are small and run hot from the first step on.
// The flags are on for these modules only, so that everything else starts as fast as ever.

import { setFlagsFromString } from "node:v8";
import type { CpuOptions } from "#engine/host";

type Compilation = NonNullable<CpuOptions["compilation"]>;

/** V8's flags while a kernel is compiled, and what they are otherwise. */
const flags = [
  ["--no-liftoff", "--liftoff"],
  ["--no-wasm-lazy-compilation", "--wasm-lazy-compilation"],
] as const;

/** Makes one operation of 256 bits of pairs of 128. Experimental in V8: the engine tests its kernels before it trusts it. */
const pairing = ["--experimental-wasm-revectorize", "--no-experimental-wasm-revectorize"] as const;

export function compilation(canRevectorize: boolean): Compilation {
  return {
    canRevectorize,
    withFlags(revectorize, compile) {
      const chosen = revectorize ? [...flags, pairing] : flags;
      for (const [on] of chosen) setFlagsFromString(on);
      try {
        return compile();
      } finally {
        for (const [, off] of chosen) setFlagsFromString(off);
      }
    },
  };
}
