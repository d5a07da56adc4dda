// What the kernels of the CPU backend work with. Made once by cpu-backend.ts.

import type { KernelLibrary } from "./kernel-library.ts";
import type { Scratch } from "./scratch.ts";
import type { Team } from "./threads/team.ts";

export interface Runtime {
  readonly library: KernelLibrary;
  readonly team: Team;
  readonly scratch: Scratch;
}
