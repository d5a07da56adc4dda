// How every client starts the kernel process.

/**
 * Node's flags for the kernel process. Messages and syntax trees are garbage at once, and V8 would let it pile up: with its default of
 * 16 MiB a young space, 3000 cells left 280 MB behind, with 4 MiB 170 MB, in the same time.
 */
export const KERNEL_FLAGS: readonly string[] = ["--max-semi-space-size=4"];
