// The kernel process failed its client: it did not start, or it went away.

export class KernelError extends Error {
  override readonly name = "KernelError";
}
